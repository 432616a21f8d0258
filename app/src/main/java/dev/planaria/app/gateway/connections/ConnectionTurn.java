package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.connections.ConnectionEvent.AttemptFailed;
import dev.planaria.app.gateway.connections.ConnectionEvent.Broken;
import dev.planaria.app.gateway.connections.ConnectionEvent.CallWaiting;
import dev.planaria.app.gateway.connections.ConnectionEvent.Connected;
import dev.planaria.app.gateway.connections.ConnectionEvent.Drained;
import dev.planaria.app.gateway.connections.ConnectionEvent.Heard;
import dev.planaria.app.gateway.connections.ConnectionEvent.ReconnectAsked;
import dev.planaria.app.gateway.connections.ConnectionEvent.Replayed;
import dev.planaria.app.gateway.connections.ConnectionEvent.Tick;
import dev.planaria.app.gateway.connections.ConnectionMachine.Moment;
import dev.planaria.app.gateway.connections.ConnectionMachine.Step;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.ConnectionStatus;
import dev.planaria.engine.state.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/// One step of a [ConnectionMachine] while it is made. Not thread-safe; lives for one event.
final class ConnectionTurn {

  private final ConnectionSettings settings;
  private final Connection before;
  private final long now;
  private final DoubleSupplier random;
  private final List<ConnectionAction> actions = new ArrayList<>();

  private Connection connection;
  private Moment moment;
  private ConnectionStatus status;
  private String reason;
  private long sinceMillis;
  private int attempts;
  private @Nullable Long nextAttemptMillis;
  private @Nullable Long offlineSinceMillis;
  private @Nullable Long lostSinceMillis;
  private int failures;
  private long heartbeatMillis;

  ConnectionTurn(ConnectionMachine machine, long nowMillis, DoubleSupplier random) {
    this.settings = machine.settings();
    this.before = machine.connection();
    this.now = nowMillis;
    this.random = random;
    this.connection = before;
    this.moment = machine.moment();
    Connection.Standing standing = before.standing();
    this.status = before.status();
    this.reason = standing.reason();
    this.sinceMillis = standing.sinceMillis();
    this.attempts = standing.attempts();
    this.nextAttemptMillis = standing.nextAttemptMillis();
    this.offlineSinceMillis = standing.offlineSinceMillis();
    this.lostSinceMillis = standing.lostSinceMillis();
    this.failures = before.consecutiveFailures();
    this.heartbeatMillis = before.lastHeartbeatMillis();
  }

  Step on(ConnectionEvent event) {
    switch (event) {
      case Tick(boolean busy) -> tick(busy);
      case Heard() -> moment = moment.heardAt(now);
      case Connected connected -> connected(connected);
      case AttemptFailed(String why, long retryAfterMillis) -> {
        require(moment.connecting(), event);
        leaveAlone(retryAfterMillis);
        failed(why);
      }
      case Broken(String why, long retryAfterMillis) -> {
        leaveAlone(retryAfterMillis);
        broken(why);
      }
      case Replayed replayed -> replayed(replayed);
      case Drained() -> drained(event);
      case CallWaiting() -> early(settings.earlyTryMillis());
      case ReconnectAsked() -> reconnect();
    }
    declareLostIfDue();
    wake();
    return new Step(new ConnectionMachine(result(), moment, settings), actions);
  }

  /// The connection as it is now; the same value when nothing of it has changed.
  private Connection result() {
    var standing =
        new Connection.Standing(
            reason, sinceMillis, attempts, nextAttemptMillis, offlineSinceMillis, lostSinceMillis);
    Connection same =
        connection.standing(status, standing, failures, heartbeatMillis, before.updatedAtMillis());
    return same.equals(before)
        ? before
        : connection.standing(status, standing, failures, heartbeatMillis, now);
  }

  private void tick(boolean busy) {
    switch (status) {
      case CONNECTED -> probe(busy);
      case HEARTBEAT_TIMEOUT -> beginAnew(reason);
      case IMMEDIATE_RECONNECT, EXPONENTIAL_BACKOFF, PERIODIC_RETRY -> {
        if (moment.connecting() && now >= moment.lastAttemptMillis() + settings.connectMillis()) {
          String why = "an attempt took longer than " + settings.connectMillis() + " ms";
          actions.add(new ConnectionAction.Disconnect(why));
          failed(why);
        } else {
          attemptIfDue();
        }
      }
      case OFFLINE -> attemptIfDue();
      case SYNC -> {}
    }
  }

  /// Idle is not death: it is asked. A process that has a call to work on is left in peace, and a
  /// server that does not answer while it has one is not dead: many do one thing at a time.
  private void probe(boolean busy) {
    Long pinged = moment.pingedMillis();
    if (busy && connection.transport() == Transport.STDIO) {
      moment = moment.pingedAt(null);
    } else if (pinged == null) {
      if (now >= moment.heardMillis() + settings.idleMillis()) {
        moment = moment.pingedAt(now);
        actions.add(new ConnectionAction.Ping(now + settings.pingMillis()));
      }
    } else if (now >= pinged + settings.pingMillis() && busy) {
      moment = moment.pingedAt(null); // it may be all taken up with the call; it is asked again
    } else if (now >= pinged + settings.pingMillis()) {
      String why = "it did not answer a ping within " + settings.pingMillis() + " ms";
      actions.add(new ConnectionAction.Disconnect(why));
      heartbeatMillis = moment.heardMillis();
      move(ConnectionStatus.HEARTBEAT_TIMEOUT, why);
    }
  }

  /// What was connected is so no more: the attempts begin with the first.
  private void beginAnew(String why) {
    heartbeatMillis = Math.max(heartbeatMillis, moment.heardMillis());
    move(ConnectionStatus.IMMEDIATE_RECONNECT, why);
    attempts = 0;
    nextAttemptMillis = Math.max(now, moment.notBeforeMillis());
    attemptIfDue();
  }

  /// What the server asks for (RFC 9110, "Retry-After"), within bounds.
  private void leaveAlone(long millis) {
    if (millis > 0) {
      moment = moment.notBefore(now + Math.min(millis, settings.mostRetryAfterMillis()));
    }
  }

  private void attemptIfDue() {
    if (moment.connecting()
        || nextAttemptMillis == null
        || now < Math.max(nextAttemptMillis, earliestAttempt(settings.attemptGapMillis()))) {
      return;
    }
    if (status == ConnectionStatus.OFFLINE) {
      move(ConnectionStatus.PERIODIC_RETRY, reason);
    }
    attempts++;
    nextAttemptMillis = null;
    moment = moment.attemptAt(now);
    actions.add(new ConnectionAction.Connect(attempts));
  }

  private long earliestAttempt(long gapMillis) {
    return moment.lastAttemptMillis() == ConnectionMachine.NO_ATTEMPT
        ? now
        : Math.max(moment.lastAttemptMillis() + gapMillis, moment.notBeforeMillis());
  }

  private void connected(Connected event) {
    require(moment.connecting(), event);
    moment = moment.attemptEnded().heardAt(now);
    boolean again = heartbeatMillis != Connection.NEVER;
    boolean lost = event.fresh() && again;
    Connection.Memory memory =
        lost ? connection.memory().lost() : connection.memory().inSession(event.session());
    connection =
        connection
            .introduced(event.transport(), event.era(), event.capabilities(), now)
            .remembering(memory, now);
    if (event.unsure() != null) {
      moment =
          moment.withoutWhole(
              "its state will not be built up again when it ends, since " + event.unsure());
    }
    moment = lost ? moment.rebuilding(event.session()) : moment;
    heartbeatMillis = now;
    move(ConnectionStatus.SYNC, "it is connected, and takes first what had waited");
    actions.add(lost ? new ConnectionAction.Replay() : new ConnectionAction.DrainQueue());
  }

  private void replayed(Replayed event) {
    require(status == ConnectionStatus.SYNC, event);
    Connection.Memory memory =
        connection.memory().inSession(moment.session()).bound(event.bindings());
    connection = connection.remembering(event.rebuilt() ? memory.announced() : memory, now);
    moment = moment.heardAt(now);
    if (event.incomplete() != null) {
      moment =
          moment.withoutWhole("its state was not built up again as a whole: " + event.incomplete());
    }
    actions.add(new ConnectionAction.DrainQueue());
  }

  private void drained(ConnectionEvent event) {
    require(status == ConnectionStatus.SYNC, event);
    moment = moment.heardAt(now);
    move(
        ConnectionStatus.CONNECTED,
        moment.unbuilt() == null ? "it is connected" : "it is connected, and " + moment.unbuilt());
    attempts = 0;
    failures = 0;
    nextAttemptMillis = null;
    offlineSinceMillis = null;
    lostSinceMillis = null;
    heartbeatMillis = now;
    actions.add(new ConnectionAction.Serve());
  }

  /// A break may be told twice, by its reader and by its writer; the second time changes nothing.
  private void broken(String why) {
    switch (status) {
      case CONNECTED, HEARTBEAT_TIMEOUT -> beginAnew(why);
      case SYNC -> failed(why);
      case IMMEDIATE_RECONNECT, EXPONENTIAL_BACKOFF, OFFLINE, PERIODIC_RETRY -> {}
    }
  }

  /// An attempt, or the sync after it, came to nothing: where that leads depends on how many there
  /// were.
  private void failed(String why) {
    moment = moment.attemptEnded();
    failures++;
    int immediate = settings.immediateAttempts();
    if (offlineSinceMillis != null || attempts >= immediate + settings.backoffAttempts()) {
      tryAgain(ConnectionStatus.OFFLINE, why, settings.retryMillis());
      if (offlineSinceMillis == null) {
        offlineSinceMillis = now;
        actions.add(new ConnectionAction.AnswerWaiting(why));
      }
    } else if (attempts >= immediate) {
      long waitMillis = settings.backoffMillis() << (attempts - immediate);
      tryAgain(ConnectionStatus.EXPONENTIAL_BACKOFF, why, waitMillis);
    } else {
      tryAgain(
          ConnectionStatus.IMMEDIATE_RECONNECT, why, settings.immediateWaitMillis() * attempts);
    }
  }

  private void tryAgain(ConnectionStatus in, String why, long waitMillis) {
    double jitter = waitMillis * settings.jitterPercent() / 100.0 * random.getAsDouble();
    if (status == in) {
      reason = why;
    } else {
      move(in, why);
    }
    nextAttemptMillis = Math.max(now + waitMillis, moment.notBeforeMillis()) + (long) jitter;
  }

  /// Brings the next attempt forward while it is offline.
  private void early(long gapMillis) {
    if (status == ConnectionStatus.OFFLINE && nextAttemptMillis != null) {
      nextAttemptMillis = Math.min(nextAttemptMillis, Math.max(now, earliestAttempt(gapMillis)));
      attemptIfDue();
    }
  }

  private void reconnect() {
    moment = moment.notBefore(0);
    switch (status) {
      case CONNECTED, HEARTBEAT_TIMEOUT, SYNC -> {
        String why = "it is connected anew by hand";
        actions.add(new ConnectionAction.Disconnect(why));
        beginAnew(why);
      }
      case OFFLINE -> early(settings.attemptGapMillis());
      case IMMEDIATE_RECONNECT, EXPONENTIAL_BACKOFF -> {
        if (nextAttemptMillis != null) {
          nextAttemptMillis = now;
          attemptIfDue();
        }
      }
      case PERIODIC_RETRY -> {}
    }
  }

  private void declareLostIfDue() {
    Long since = offlineSinceMillis;
    if (since != null && canBeLost() && now >= since + settings.lostMillis()) {
      lostSinceMillis = now;
      String why = "it has been offline for " + (now - since) + " ms; at last: " + reason;
      actions.add(new ConnectionAction.DeclareLost(why));
      actions.add(new ConnectionAction.AnswerWaiting(why));
    }
  }

  /// What is connected anew by hand has its chance first, however long it was offline before.
  private boolean canBeLost() {
    boolean trying =
        status == ConnectionStatus.OFFLINE || status == ConnectionStatus.PERIODIC_RETRY;
    return trying && lostSinceMillis == null;
  }

  /// When it has to be looked at next.
  private void wake() {
    long at = Long.MAX_VALUE;
    switch (status) {
      case CONNECTED -> {
        Long pinged = moment.pingedMillis();
        long idle = moment.heardMillis() + settings.idleMillis();
        at = pinged != null ? pinged + settings.pingMillis() : idle;
        if (at <= now) {
          at = now + settings.idleMillis(); // it is busy, and left in peace
        }
      }
      case HEARTBEAT_TIMEOUT -> at = now;
      case IMMEDIATE_RECONNECT, EXPONENTIAL_BACKOFF, OFFLINE, PERIODIC_RETRY -> {
        if (moment.connecting()) {
          at = moment.lastAttemptMillis() + settings.connectMillis();
        } else if (nextAttemptMillis != null) {
          at = Math.max(nextAttemptMillis, earliestAttempt(settings.attemptGapMillis()));
        }
        if (offlineSinceMillis != null && canBeLost()) {
          at = Math.min(at, offlineSinceMillis + settings.lostMillis());
        }
      }
      case SYNC -> {}
    }
    if (at != Long.MAX_VALUE) {
      actions.add(new ConnectionAction.Wait(at));
    }
  }

  private void move(ConnectionStatus to, String why) {
    if (!ConnectionMachine.next(status).contains(to)) {
      throw new IllegalStateException(sentence() + " and cannot become " + WireName.of(to));
    }
    status = to;
    reason = why;
    sinceMillis = now;
  }

  private void require(boolean possible, ConnectionEvent event) {
    if (!possible) {
      throw new IllegalStateException(
          sentence() + ", and `" + event.getClass().getSimpleName() + "` cannot happen now");
    }
  }

  private String sentence() {
    return "the connection " + before.id() + " is " + WireName.of(status);
  }
}

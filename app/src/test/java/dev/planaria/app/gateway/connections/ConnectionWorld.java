package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.connections.RememberingServer.Call;
import dev.planaria.chaos.simulation.EventLog;
import dev.planaria.chaos.simulation.Life;
import dev.planaria.chaos.simulation.Turns;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.ConnectionStatus;
import dev.planaria.engine.state.Era;
import dev.planaria.engine.state.Transport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A connection's state machine with a worker that may die, a link that breaks, hangs and delays,
/// and a server that loses its state when it ends; all of it from one seed, in virtual time.
final class ConnectionWorld {

  private static final long START = 1_760_000_000_000L;
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;

  /// What befalls it.
  enum Fault {
    SERVER_ENDS,
    LINK_BREAKS,
    SERVER_HANGS,
    WORKER_DIES,
    ATTEMPT_HANGS,
    LATE_RESULT,
    ASKED_BY_HAND,
    TOLD_TWICE
  }

  /// What the world around the machine promises; tests take one away.
  ///
  /// @param rebuilds a state is built up again when the machine asks for it
  /// @param drainsInOrder what waits leaves in order
  /// @param waitsForServe a call waits until the machine says that calls may be sent
  /// @param dropsLateResults what an old attempt brings is dropped
  /// @param keepsWaiting nothing that waits is dropped when a connection breaks
  record Promises(
      boolean rebuilds,
      boolean drainsInOrder,
      boolean waitsForServe,
      boolean dropsLateResults,
      boolean keepsWaiting) {
    static final Promises ALL = new Promises(true, true, true, true, true);
  }

  final List<String> violations = new ArrayList<>();
  final Map<Fault, Integer> hits = new EnumMap<>(Fault.class);
  final Map<ConnectionStatus, Integer> taken = new EnumMap<>(ConnectionStatus.class);
  private final Promises promises;
  private final SplittableRandom luck;
  private final Turns turns;
  private final EventLog log;
  private final Life outside = new Life("outside");
  private final Transport transport;

  private final RememberingServer server = new RememberingServer(this::violate);

  // What outlives the worker.
  private Connection stored;
  private final ArrayDeque<Call> waiting = new ArrayDeque<>();
  private int accepted;
  private int unknown;
  private long aliveMillis;

  // The worker.
  private Life worker = new Life("nobody");
  private ConnectionMachine machine;
  private boolean serving;
  private int connectedProcess;
  private int attempt;
  private int sending;
  private long lastAttemptMillis = -MINUTE;
  private long leftMillis;
  private @Nullable Long dueMillis;
  private boolean calm;
  private long calmSince = -1;

  ConnectionWorld(long seed, Promises promises) {
    var root = new SplittableRandom(seed);
    this.promises = promises;
    this.luck = root.split();
    this.turns = new Turns(root.split(), broken -> violate("it broke: " + broken));
    this.log = new EventLog(turns::nowMillis);
    this.transport = luck.nextBoolean() ? Transport.STDIO : Transport.STREAMABLE_HTTP;
    this.stored = Connection.of("files", transport, Era.LEGACY, START);
    this.machine = ConnectionMachine.resume(stored, START, START, ConnectionSettings.DEFAULT);
  }

  private void violate(String sentence) {
    violations.add(sentence);
    log.add("VIOLATION " + sentence);
  }

  private void hit(Fault fault) {
    hits.merge(fault, 1, Integer::sum);
    log.add("fault: " + fault);
  }

  private long now() {
    return START + turns.nowMillis();
  }

  private long around(long millis) {
    return 1 + (long) (-Math.log(1 - luck.nextDouble()) * millis);
  }

  /// Lives for that long, then for ten minutes without faults. Returns the log's fingerprint.
  String live(long minutes) {
    begin();
    var _ = turns.start(outside, () -> befall(minutes * MINUTE));
    var _ = turns.start(outside, () -> call(minutes * MINUTE));
    boolean wentOn = turns.run(() -> (calm && isAtRest()) || !violations.isEmpty(), this::check);
    if (!wentOn) {
      violate("everybody waits for what can never be");
    }
    log.add(
        "the end: " + accepted + " accepted, " + server.runs() + " run, " + unknown + " unknown");
    worker.end();
    outside.end();
    turns.bury();
    return log.fingerprint();
  }

  long virtualMillis() {
    return turns.nowMillis();
  }

  String log() {
    return log.text();
  }

  private boolean isAtRest() {
    return serving && waiting.isEmpty() && sending == 0 && server.runs() + unknown >= accepted;
  }

  private void begin() {
    worker = new Life("worker");
    machine = ConnectionMachine.resume(stored, aliveMillis, now(), ConnectionSettings.DEFAULT);
    serving = false;
    connectedProcess = 0;
    sending = 0;
    attempt++;
    lastAttemptMillis = turns.nowMillis() - MINUTE;
    leftMillis = turns.nowMillis();
    dueMillis = turns.nowMillis();
    var _ = turns.start(worker, this::tick);
  }

  private void tick() {
    while (true) {
      Long due = dueMillis;
      var _ =
          turns.await(
              () -> dueMillis != null && dueMillis <= turns.nowMillis(),
              due == null ? 5 * MINUTE : Math.max(1, due - turns.nowMillis()));
      aliveMillis = now();
      if (dueMillis != null && dueMillis <= turns.nowMillis()) {
        dueMillis = null;
        on(new ConnectionEvent.Tick(sending > 0));
      }
    }
  }

  private void on(ConnectionEvent event) {
    ConnectionStatus before = machine.status();
    ConnectionMachine.Step step = machine.on(event, now(), luck::nextDouble);
    machine = step.machine();
    stored = machine.connection();
    aliveMillis = now();
    if (machine.status() != before) {
      taken.merge(machine.status(), 1, Integer::sum);
      if (!isTrying(before)) {
        leftMillis = turns.nowMillis();
      }
      log.add(event.getClass().getSimpleName() + ": " + machine.status());
      serving &= machine.status() == ConnectionStatus.CONNECTED;
    }
    for (ConnectionAction action : step.actions()) {
      if (action instanceof ConnectionAction.Wait(long untilMillis)) {
        dueMillis = untilMillis - START;
      }
    }
    step.actions().forEach(this::act);
  }

  private void act(ConnectionAction action) {
    switch (action) {
      case ConnectionAction.Wait _, ConnectionAction.AnswerWaiting _ -> {}
      case ConnectionAction.Connect _ -> connect();
      case ConnectionAction.Ping _ -> ping();
      case ConnectionAction.Disconnect _ -> cut();
      case ConnectionAction.Replay _ -> replay();
      case ConnectionAction.DrainQueue _ -> drain();
      case ConnectionAction.Serve _ -> serving = true;
      case ConnectionAction.DeclareLost _ -> log.add("declared lost");
    }
  }

  /// What is on the link is lost; a process that was launched ends with it.
  private void cut() {
    server.newLink();
    if (transport == Transport.STDIO) {
      server.end();
    }
  }

  private void connect() {
    int mine = ++attempt;
    if (turns.nowMillis() - lastAttemptMillis < ConnectionSettings.DEFAULT.attemptGapMillis()) {
      violate("two attempts began within a second");
    }
    lastAttemptMillis = turns.nowMillis();
    long millis = 1 + luck.nextLong(3 * SECOND);
    if (!calm && luck.nextInt(12) == 0) {
      hit(Fault.ATTEMPT_HANGS);
      millis = 70 * SECOND + luck.nextLong(20 * SECOND);
    }
    long takes = millis;
    var _ = turns.start(worker, () -> attempt(mine, takes));
  }

  private void attempt(int mine, long takesMillis) {
    turns.pause(takesMillis);
    if (mine != attempt || !machine.moment().connecting()) {
      hit(Fault.LATE_RESULT);
      if (promises.dropsLateResults()) {
        return;
      }
    }
    if (!server.up || server.hangs) {
      on(new ConnectionEvent.AttemptFailed("nobody is there"));
      return;
    }
    String known = machine.connection().memory().session();
    boolean http = transport == Transport.STREAMABLE_HTTP;
    boolean fresh = http ? !server.session().equals(known) : connectedProcess != server.process();
    if (http && fresh) {
      server.newSession();
    }
    connectedProcess = server.process();
    server.newLink();
    on(
        new ConnectionEvent.Connected(
            fresh, transport, Era.LEGACY, JsonObject.EMPTY, http ? server.session() : null));
  }

  private void ping() {
    int over = server.link();
    var _ =
        turns.start(
            worker,
            () -> {
              turns.pause(1 + luck.nextLong(SECOND));
              if (over == server.link() && server.up && !server.hangs) {
                on(new ConnectionEvent.Heard());
              }
            });
  }

  private void replay() {
    int over = server.link();
    var _ =
        turns.start(
            worker,
            () -> {
              for (int number : promises.rebuilds() ? server.built() : List.<Integer>of()) {
                turns.pause(1 + luck.nextLong(500));
                if (over != server.link()) {
                  return;
                }
                server.rebuild(number);
              }
              turns.pause(1);
              if (over == server.link() && machine.status() == ConnectionStatus.SYNC) {
                on(new ConnectionEvent.Replayed(true, JsonObject.EMPTY, null));
              }
            });
  }

  private void drain() {
    int over = server.link();
    var _ =
        turns.start(
            worker,
            () -> {
              turns.pause(1);
              while (over == server.link() && !waiting.isEmpty()) {
                send(promises.drainsInOrder() ? waiting.removeFirst() : waiting.removeLast(), over);
              }
              if (over == server.link() && machine.status() == ConnectionStatus.SYNC) {
                on(new ConnectionEvent.Drained());
              }
            });
  }

  /// Sends a call and waits for its answer. A call that may have arrived is never sent again.
  private void send(Call call, int over) {
    sending++;
    try {
      turns.pause(1 + luck.nextLong(100));
      if (over != server.link() || !server.up) {
        unknown++;
        return;
      }
      log.add("the server runs " + call);
      server.run(call);
      turns.pause(1 + luck.nextLong(server.hangs ? MINUTE : 2 * SECOND));
      if (over == server.link()) {
        on(new ConnectionEvent.Heard());
      }
    } finally {
      sending--;
    }
  }

  private void call(long untilMillis) {
    while (turns.nowMillis() < untilMillis) {
      turns.pause(Math.min(around(MINUTE), 1 + untilMillis - turns.nowMillis()));
      var call = new Call(++accepted, luck.nextInt(6) == 0 && server.built().size() < 20);
      boolean free = serving || !promises.waitsForServe();
      if (free && sending == 0 && waiting.isEmpty() && !worker.hasEnded()) {
        int over = server.link();
        var _ = turns.start(worker, () -> send(call, over));
      } else {
        waiting.addLast(call);
        if (!worker.hasEnded()) {
          wake();
        }
      }
    }
  }

  private void wake() {
    if (serving) {
      drainWhileServing();
    } else {
      on(new ConnectionEvent.CallWaiting());
    }
  }

  private void drainWhileServing() {
    int over = server.link();
    var _ =
        turns.start(
            worker,
            () -> {
              var _ = turns.await(() -> sending == 0 || over != server.link(), Long.MAX_VALUE);
              while (over == server.link() && serving && sending == 0 && !waiting.isEmpty()) {
                send(waiting.removeFirst(), over);
              }
            });
  }

  private void befall(long untilMillis) {
    while (true) {
      long pause = luck.nextInt(4) == 0 ? luck.nextLong(3 * SECOND) : around(4 * MINUTE);
      if (turns.nowMillis() + pause > untilMillis) {
        turns.pause(Math.max(0, untilMillis - turns.nowMillis()));
        calm = true;
        return;
      }
      turns.pause(pause);
      strike();
    }
  }

  private void strike() {
    switch (luck.nextInt(6)) {
      case 0 -> {
        hit(Fault.SERVER_ENDS);
        server.up = false;
        server.end();
        server.newLink();
        tell("its process ended");
        turns.pause(luck.nextInt(3) == 0 ? around(6 * MINUTE) : around(5 * SECOND));
        server.up = true;
      }
      case 1 -> {
        hit(Fault.LINK_BREAKS);
        cut();
        tell("the stream ended");
      }
      case 2 -> {
        hit(Fault.SERVER_HANGS);
        server.hangs = true;
        turns.pause(around(MINUTE));
        server.hangs = false;
      }
      case 3, 4 -> dieAndComeBack();
      default -> {
        hit(Fault.ASKED_BY_HAND);
        on(new ConnectionEvent.ReconnectAsked());
      }
    }
  }

  private void tell(String reason) {
    on(new ConnectionEvent.Broken(reason));
    if (luck.nextInt(3) == 0) {
      hit(Fault.TOLD_TWICE);
      on(new ConnectionEvent.Broken(reason));
    }
    if (!promises.keepsWaiting()) {
      waiting.clear();
    }
  }

  private void dieAndComeBack() {
    hit(Fault.WORKER_DIES);
    worker.end();
    server.newLink();
    if (transport == Transport.STDIO) {
      server.end();
    }
    serving = false;
    turns.pause(luck.nextInt(4) == 0 ? around(3 * MINUTE) : around(2 * SECOND));
    // A call that was on its way is settled as of unknown outcome.
    unknown = Math.max(unknown, accepted - waiting.size() - server.runs());
    begin();
  }

  private static boolean isTrying(ConnectionStatus status) {
    return switch (status) {
      case CONNECTED, SYNC -> false;
      case HEARTBEAT_TIMEOUT, IMMEDIATE_RECONNECT, EXPONENTIAL_BACKOFF, OFFLINE, PERIODIC_RETRY ->
          true;
    };
  }

  /// Looked at after every event.
  private void check() {
    boolean tries = isTrying(machine.status());
    if (tries && !worker.hasEnded() && dueMillis == null && !machine.moment().connecting()) {
      violate("it is " + machine.status() + ", and nothing will ever be tried");
    }
    if (tries
        && !worker.hasEnded()
        && turns.nowMillis() - Math.max(lastAttemptMillis, leftMillis) > 4 * MINUTE) {
      violate("it is " + machine.status() + ", and nothing was tried for four minutes");
    }
    if (server.runs() + waiting.size() > accepted) {
      violate("a call was run twice");
    }
    if (calm && turns.nowMillis() > restMillis()) {
      violate(
          "it does not come to rest: "
              + machine.connection().standing()
              + ", "
              + waiting.size()
              + " wait; "
              + accepted
              + " accepted, "
              + server.runs()
              + " run, "
              + unknown
              + " unknown");
    }
  }

  private long restMillis() {
    if (calmSince < 0) {
      calmSince = turns.nowMillis();
    }
    return calmSince + 10 * MINUTE;
  }
}

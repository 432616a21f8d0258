package dev.planaria.app.alerts.notifiers;

import dev.planaria.app.alerts.AlertBoard;
import dev.planaria.app.alerts.Standing;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.JsonSyntaxException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tells the receivers of the operator's file. Each turn looks whether the file has changed, and
/// begins what is due for each receiver that is not being told something already; one that hangs
/// holds up no other. [#runOnce] by one thread at a time.
public final class Notifiers {
  /// A receiver that failed is tried again after so long, and after twice as long each time.
  private static final long FIRST_PAUSE_MILLIS = 1_000;

  private static final long LONGEST_PAUSE_MILLIS = 30_000;

  /// An Alertmanager is told so often what fires: several times before it would take it for over.
  private static final long REPEAT_MILLIS = 30_000;

  private final @Nullable Path path;
  private final Map<String, String> variables;
  private final AlertBoard board;
  private final Poster poster;
  private final Surroundings surroundings;
  private final Log log;
  private final Map<String, Line> lines = new HashMap<>();
  private boolean read;
  private @Nullable FileTime seen;

  /// What notifiers take from the outside world.
  ///
  /// @param nowMillis Unix time
  /// @param threads runs what waits for a receiver
  public record Surroundings(LongSupplier nowMillis, Executor threads) {}

  /// @param path the operator's file, or null when there is none
  /// @param variables the environment, for secrets
  /// @param board the alerts
  /// @param poster sends
  /// @param log hears of receivers that cannot be told
  public Notifiers(
      @Nullable Path path,
      Map<String, String> variables,
      AlertBoard board,
      Poster poster,
      Surroundings surroundings,
      Log log) {
    this.path = path;
    this.variables = Map.copyOf(variables);
    this.board = board;
    this.poster = poster;
    this.surroundings = surroundings;
    this.log = log;
  }

  /// One receiver, and how it goes with it.
  private final class Line implements Runnable {
    private final Receiver receiver;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile long dueMillis;
    private volatile long pauseMillis;

    Line(Receiver receiver) {
      this.receiver = receiver;
    }

    void begin(long nowMillis) {
      if (nowMillis >= dueMillis && !busy.getAndSet(true)) {
        surroundings.threads().execute(this);
      }
    }

    @Override
    public void run() {
      try {
        switch (receiver) {
          case Receiver.Webhook webhook -> deliver(webhook);
          case Receiver.Alertmanager manager -> repeat(manager);
        }
        if (pauseMillis > 0) {
          log.info("the notifier " + receiver.name() + " is reached again");
        }
        pauseMillis = 0;
      } catch (IOException e) {
        if (pauseMillis == 0) {
          log.warn(
              "the notifier " + receiver.name() + " cannot be reached; that is tried again: " + e,
              null);
        }
        pauseMillis = Math.min(Math.max(FIRST_PAUSE_MILLIS, 2 * pauseMillis), LONGEST_PAUSE_MILLIS);
        dueMillis = surroundings.nowMillis().getAsLong() + pauseMillis;
      } finally {
        busy.set(false);
      }
    }

    private void deliver(Receiver.Webhook webhook) throws IOException {
      Optional<Standing.Delivery> next = board.next(webhook.name());
      while (next.isPresent()) {
        byte[] body = Messages.webhook(next.get().change());
        long seconds = surroundings.nowMillis().getAsLong() / 1_000;
        var headers = new HashMap<String, String>();
        headers.put("Planaria-Event-Id", next.get().change().id());
        headers.put("Planaria-Timestamp", Long.toString(seconds));
        Secret secret = webhook.secret();
        if (secret != null) {
          headers.put("Planaria-Signature", "v1=" + secret.sign(seconds, body));
        }
        send(webhook.url(), headers, body);
        board.done(next.get());
        next = board.next(webhook.name());
      }
    }

    private void repeat(Receiver.Alertmanager manager) throws IOException {
      long now = surroundings.nowMillis().getAsLong();
      dueMillis = now + REPEAT_MILLIS; // before anything is read: what changes then is told next
      byte[] body = Messages.alertmanager(board.list(), now);
      if (body != null) {
        String base = manager.url().toString().replaceAll("/+$", "");
        send(URI.create(base + "/api/v2/alerts"), Map.of(), body);
      }
    }

    private void send(URI url, Map<String, String> headers, byte[] body) throws IOException {
      int status = poster.post(url, headers, body);
      if (status < 200 || status > 299) {
        throw new IOException("it answers " + status);
      }
    }
  }

  /// One turn.
  public void runOnce() {
    look();
    long now = surroundings.nowMillis().getAsLong();
    lines.values().forEach(line -> line.begin(now));
  }

  /// Something has changed: who is told what fires is told at once.
  public void hurry() {
    lines.values().stream()
        .filter(line -> line.receiver instanceof Receiver.Alertmanager && line.pauseMillis == 0)
        .forEach(line -> line.dueMillis = 0);
  }

  /// Reads the file when it has changed. One that has become unusable changes nothing, and is
  /// complained about once.
  private void look() {
    try {
      FileTime changed = path == null ? null : Files.getLastModifiedTime(path);
      if (read && (changed == null || changed.equals(seen))) {
        return;
      }
      seen = changed;
      take(path == null ? List.of() : new ReceiverFile(path, variables).read());
      read = true;
    } catch (IOException | JsonSyntaxException | FieldException e) {
      if (!read || path == null || Files.exists(path)) {
        log.warn("the notifiers in " + path + " cannot be used: " + e.getMessage(), null);
      }
      read = true;
    }
  }

  private void take(List<Receiver> receivers) {
    Map<String, Line> before = Map.copyOf(lines);
    lines.clear();
    for (Receiver receiver : receivers) {
      Line line = before.get(receiver.name());
      boolean same = line != null && line.receiver.equals(receiver);
      lines.put(receiver.name(), same && line != null ? line : new Line(receiver));
    }
    Set<String> webhooks =
        receivers.stream()
            .filter(Receiver.Webhook.class::isInstance)
            .map(Receiver::name)
            .collect(Collectors.toUnmodifiableSet());
    board.receivers(webhooks);
  }
}

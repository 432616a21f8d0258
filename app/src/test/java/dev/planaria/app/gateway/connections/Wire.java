package dev.planaria.app.gateway.connections;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.ConnectionStatus;
import dev.planaria.engine.state.Era;
import dev.planaria.engine.state.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/// A machine on a virtual clock, with a server that can be up or down: what the machine asks for is
/// done at once, and everything is noted down.
final class Wire {

  static final long START = 1_760_000_000_000L;

  /// When each attempt began, in ms from the start.
  final List<Long> attempts = new ArrayList<>();

  /// Every status, with the time in seconds at which it was taken.
  final List<String> path = new ArrayList<>();

  /// The same without the time.
  final List<ConnectionStatus> taken = new ArrayList<>();

  /// Every action but waits and attempts, by simple name, since it was cleared last.
  final List<String> done = new ArrayList<>();

  /// The server's process; another number is another process.
  int process = 1;

  boolean up = true;
  boolean answersPings = true;
  boolean busy;

  /// True: whoever drives it ends sync itself.
  boolean holdSync;

  DoubleSupplier random = () -> 0;
  @Nullable String session;
  ConnectionMachine machine;
  private int connectedTo = 1;
  private long now = START;
  private @Nullable Long due = START;

  Wire(Transport transport) {
    this(transport, ConnectionSettings.DEFAULT);
  }

  Wire(Transport transport, ConnectionSettings settings) {
    machine =
        ConnectionMachine.resume(
            Connection.of("files", transport, Era.LEGACY, START), START, START, settings);
    note();
  }

  long now() {
    return now - START;
  }

  /// Takes it as another worker does, which finds what was written down.
  void resume(long downSinceMillis) {
    machine =
        ConnectionMachine.resume(
            machine.connection(), START + downSinceMillis, now, machine.settings());
    due = now;
    note();
  }

  /// Lets so much time pass, and the machine act whenever it wanted to.
  Wire run(long millis) {
    long until = now + millis;
    while (due != null && due <= until) {
      now = Math.max(now, due);
      due = null;
      on(new ConnectionEvent.Tick(busy));
    }
    now = until;
    return this;
  }

  /// Time passes without anybody there.
  void leave(long millis) {
    now += millis;
  }

  void on(ConnectionEvent event) {
    ConnectionStatus before = machine.status();
    ConnectionMachine.Step step = machine.on(event, now, random);
    machine = step.machine();
    if (machine.status() != before) {
      note();
    }
    // What an action leads to may want to be woken at another time.
    step.actions().stream()
        .filter(ConnectionAction.Wait.class::isInstance)
        .map(ConnectionAction.Wait.class::cast)
        .forEach(wait -> due = wait.untilMillis());
    step.actions().forEach(this::act);
  }

  private void note() {
    taken.add(machine.status());
    path.add((now - START) / 1000 + " " + machine.status());
  }

  private void act(ConnectionAction action) {
    switch (action) {
      case ConnectionAction.Wait _ -> {}
      case ConnectionAction.Connect _ -> {
        attempts.add(now());
        if (up) {
          boolean fresh = connectedTo != process || attempts.size() == 1;
          connectedTo = process;
          on(
              new ConnectionEvent.Connected(
                  fresh, machine.connection().transport(), Era.LEGACY, JsonObject.EMPTY, session));
        } else {
          on(new ConnectionEvent.AttemptFailed("nobody is there"));
        }
      }
      case ConnectionAction.Ping _ -> {
        done.add("Ping");
        if (answersPings) {
          on(new ConnectionEvent.Heard());
        }
      }
      case ConnectionAction.Replay _ -> {
        done.add("Replay");
        if (!holdSync) {
          on(new ConnectionEvent.Replayed(false, JsonObject.EMPTY, null));
        }
      }
      case ConnectionAction.DrainQueue _ -> {
        done.add("DrainQueue");
        if (!holdSync) {
          on(new ConnectionEvent.Drained());
        }
      }
      case ConnectionAction.Disconnect _,
          ConnectionAction.Serve _,
          ConnectionAction.AnswerWaiting _,
          ConnectionAction.DeclareLost _ ->
          done.add(action.getClass().getSimpleName());
    }
  }
}

package dev.planaria.app.gateway.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.ConnectionStatus;
import dev.planaria.engine.state.Era;
import dev.planaria.engine.state.Transport;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The connection state machine on a virtual clock: hours pass in no time.
final class ConnectionMachineTest {

  private static final long SECOND = 1_000;
  private static final long MINUTE = 60_000;

  private final Wire wire = new Wire(Transport.STDIO);

  @Test
  void a_server_that_is_there_is_connected_at_once_and_asked_when_it_is_idle() {
    wire.run(0);
    assertThat(wire.path).containsExactly("0 IMMEDIATE_RECONNECT", "0 SYNC", "0 CONNECTED");
    assertThat(wire.done).containsExactly("DrainQueue", "Serve");
    wire.run(30 * SECOND);
    wire.run(30 * SECOND);
    assertThat(wire.done).containsExactly("DrainQueue", "Serve", "Ping", "Ping");
    assertThat(wire.machine.status()).isEqualTo(ConnectionStatus.CONNECTED);
    assertThat(wire.machine.connection().memory().losses())
        .as("nothing was there to lose")
        .isZero();
  }

  @Test
  void attempts_follow_the_code_of_the_specification_and_never_stop() {
    wire.run(10 * SECOND);
    wire.up = false;
    wire.done.clear();
    wire.on(new ConnectionEvent.Broken("its process ended with 137"));
    wire.run(6 * MINUTE + 10 * SECOND);
    assertThat(wire.attempts.stream().map(at -> at / SECOND))
        .containsExactly(0L, 10L, 11L, 13L, 14L, 16L, 20L, 28L, 44L, 104L, 164L, 224L, 284L, 344L);
    assertThat(wire.done).containsExactly("AnswerWaiting", "DeclareLost", "AnswerWaiting");
    Connection lost = wire.machine.connection();
    assertThat(lost.standing().lostSinceMillis()).isEqualTo(Wire.START + 344 * SECOND);
    assertThat(lost.standing().reason()).isEqualTo("nobody is there");
    assertThat(lost.consecutiveFailures()).isEqualTo(13);
    wire.up = true;
    wire.process++;
    wire.run(30 * SECOND);
    System.out.println("a server comes back in minute 6: " + String.join(", ", wire.path));
    assertThat(wire.path).endsWith("404 PERIODIC_RETRY", "404 SYNC", "404 CONNECTED");
    assertThat(wire.machine.connection().standing())
        .isEqualTo(
            new Connection.Standing(
                "it is connected", Wire.START + 404 * SECOND, 0, null, null, null));
    assertThat(wire.machine.connection().memory().losses()).isEqualTo(1);
  }

  @Test
  void the_long_waits_hold_for_days() {
    wire.up = false;
    wire.run(3L * 24 * 60 * MINUTE);
    assertThat(wire.attempts).hasSizeBetween(3 * 24 * 60, 3 * 24 * 60 + 10);
    assertThat(wire.done).containsOnlyOnce("DeclareLost");
    wire.up = true;
    wire.run(MINUTE);
    assertThat(wire.machine.status()).isEqualTo(ConnectionStatus.CONNECTED);
  }

  @Test
  void the_table_agrees_with_the_specification_where_it_agrees_with_itself() {
    // Each arrow of the diagram, and the way that the table gives it.
    var diagram =
        List.of(
            way("Heartbeat fails", ConnectionStatus.CONNECTED, ConnectionStatus.HEARTBEAT_TIMEOUT),
            way(
                "Attempt reconnection",
                ConnectionStatus.HEARTBEAT_TIMEOUT,
                ConnectionStatus.IMMEDIATE_RECONNECT),
            way(
                "Success",
                ConnectionStatus.IMMEDIATE_RECONNECT,
                ConnectionStatus.SYNC,
                ConnectionStatus.CONNECTED),
            way(
                "Failed (attempt < 3)",
                ConnectionStatus.IMMEDIATE_RECONNECT,
                ConnectionStatus.EXPONENTIAL_BACKOFF),
            way(
                "Failed (attempt >= 3)",
                ConnectionStatus.IMMEDIATE_RECONNECT,
                ConnectionStatus.EXPONENTIAL_BACKOFF,
                ConnectionStatus.OFFLINE),
            way(
                "Success",
                ConnectionStatus.EXPONENTIAL_BACKOFF,
                ConnectionStatus.SYNC,
                ConnectionStatus.CONNECTED),
            way(
                "Max attempts reached",
                ConnectionStatus.EXPONENTIAL_BACKOFF,
                ConnectionStatus.OFFLINE),
            way("Queue operations", ConnectionStatus.OFFLINE, ConnectionStatus.PERIODIC_RETRY),
            way(
                "Reconnection successful",
                ConnectionStatus.PERIODIC_RETRY,
                ConnectionStatus.SYNC,
                ConnectionStatus.CONNECTED),
            way("Still disconnected", ConnectionStatus.PERIODIC_RETRY, ConnectionStatus.OFFLINE),
            way(
                "From offline mode",
                ConnectionStatus.OFFLINE,
                ConnectionStatus.PERIODIC_RETRY,
                ConnectionStatus.SYNC),
            way("Sync complete", ConnectionStatus.SYNC, ConnectionStatus.CONNECTED));
    for (var arrow : diagram) {
      List<ConnectionStatus> way = arrow.getValue();
      for (int i = 1; i < way.size(); i++) {
        assertThat(ConnectionMachine.next(way.get(i - 1)))
            .as(arrow.toString())
            .contains(way.get(i));
      }
      System.out.printf("%-24s %s%n", arrow.getKey(), way);
    }
    // Nothing else but what a break, a hand or other settings need.
    assertThat(ConnectionMachine.next(ConnectionStatus.CONNECTED))
        .isEqualTo(
            Set.of(ConnectionStatus.HEARTBEAT_TIMEOUT, ConnectionStatus.IMMEDIATE_RECONNECT));
    assertThat(ConnectionMachine.next(ConnectionStatus.OFFLINE))
        .isEqualTo(Set.of(ConnectionStatus.PERIODIC_RETRY));
    for (ConnectionStatus status : ConnectionStatus.values()) {
      assertThat(ConnectionMachine.next(status)).doesNotContain(status);
      if (status != ConnectionStatus.SYNC) {
        assertThat(ConnectionMachine.next(status)).doesNotContain(ConnectionStatus.CONNECTED);
      }
    }
  }

  private static Map.Entry<String, List<ConnectionStatus>> way(
      String arrow, ConnectionStatus... states) {
    return Map.entry(arrow, List.of(states));
  }

  @Test
  void a_ping_without_an_answer_ends_the_connection_and_an_error_is_an_answer() {
    wire.run(30 * SECOND);
    wire.answersPings = false;
    wire.run(15 * SECOND);
    wire.on(new ConnectionEvent.Heard());
    wire.run(44 * SECOND);
    assertThat(wire.machine.status()).isEqualTo(ConnectionStatus.CONNECTED);
    wire.done.clear();
    wire.run(SECOND);
    assertThat(wire.done).startsWith("Disconnect");
    assertThat(wire.path)
        .endsWith("90 HEARTBEAT_TIMEOUT", "90 IMMEDIATE_RECONNECT", "90 SYNC", "90 CONNECTED");
  }

  @Test
  void a_busy_process_is_never_asked_and_never_taken_for_dead() {
    wire.run(30 * SECOND);
    wire.answersPings = false;
    wire.run(30 * SECOND); // asked at 60
    wire.busy = true;
    wire.done.clear();
    wire.run(60 * MINUTE);
    assertThat(wire.machine.status()).isEqualTo(ConnectionStatus.CONNECTED);
    assertThat(wire.done).isEmpty();
    wire.busy = false;
    wire.answersPings = true;
    wire.run(MINUTE);
    assertThat(wire.done).contains("Ping");
    var http = new Wire(Transport.STREAMABLE_HTTP);
    http.busy = true;
    http.run(31 * SECOND);
    assertThat(http.done).contains("Ping");
    http.answersPings = false;
    http.run(60 * MINUTE);
    assertThat(http.machine.status()).isEqualTo(ConnectionStatus.CONNECTED);
    http.busy = false;
    http.run(MINUTE);
    assertThat(http.taken).contains(ConnectionStatus.HEARTBEAT_TIMEOUT);
  }

  @Test
  void a_server_that_asks_for_it_is_left_alone_but_not_for_longer_than_is_allowed() {
    wire.run(0);
    wire.up = false;
    wire.attempts.clear();
    long start = wire.now();
    wire.on(new ConnectionEvent.Broken("429", 20 * SECOND));
    wire.run(19 * SECOND);
    wire.on(new ConnectionEvent.CallWaiting());
    assertThat(wire.attempts).isEmpty();
    wire.run(SECOND);
    assertThat(wire.attempts).containsExactly(start + 20 * SECOND);
    wire.run(10 * SECOND);
    assertThat(wire.attempts.size()).isGreaterThan(1);
    wire.up = true;
    wire.run(MINUTE);
    assertThat(wire.machine.status()).isEqualTo(ConnectionStatus.CONNECTED);
    wire.attempts.clear();
    long again = wire.now();
    wire.on(new ConnectionEvent.Broken("503", 24 * 60 * MINUTE));
    wire.run(6 * MINUTE);
    assertThat(wire.attempts).containsExactly(again + 5 * MINUTE);
    wire.on(new ConnectionEvent.Broken("503", 24 * 60 * MINUTE));
    wire.on(new ConnectionEvent.ReconnectAsked());
    wire.run(2 * SECOND);
    assertThat(wire.machine.status()).isEqualTo(ConnectionStatus.CONNECTED);
  }

  @Test
  void a_fresh_server_gets_its_state_back_before_anything_else_is_sent() {
    wire.run(0);
    wire.holdSync = true;
    wire.process++;
    wire.session = "s-2";
    wire.done.clear();
    wire.on(new ConnectionEvent.Broken("its process ended"));
    wire.run(SECOND);
    assertThat(wire.done).containsExactly("Replay");
    assertThat(wire.machine.status()).isEqualTo(ConnectionStatus.SYNC);
    assertThat(wire.machine.connection().memory().session())
        .as("half a state is not written down")
        .isNull();
    JsonObject bindings = JsonObject.builder().put("swarm-1", "swarm-2").build();
    wire.on(new ConnectionEvent.Replayed(true, bindings, null));
    assertThat(wire.done).containsExactly("Replay", "DrainQueue");
    wire.on(new ConnectionEvent.Drained());
    assertThat(wire.done).containsExactly("Replay", "DrainQueue", "Serve");
    Connection.Memory memory = wire.machine.connection().memory();
    assertThat(memory.bindings()).isEqualTo(bindings);
    assertThat(memory.session()).isEqualTo("s-2");
    assertThat(memory.losses()).isEqualTo(1);
    assertThat(memory.lossesAnnounced()).as("nothing is missing that could be told").isEqualTo(1);
  }

  @Test
  void a_link_that_drops_loses_no_state_and_nothing_is_replayed() {
    wire.run(0);
    wire.done.clear();
    wire.on(new ConnectionEvent.Broken("the stream ended"));
    wire.on(new ConnectionEvent.Broken("the pipe is closed"));
    wire.run(SECOND);
    assertThat(wire.done).containsExactly("DrainQueue", "Serve");
    assertThat(wire.machine.connection().memory().losses()).isZero();
    assertThat(wire.attempts).hasSize(2);
  }

  @Test
  void what_breaks_in_sync_again_and_again_ends_offline_too() {
    wire.run(SECOND);
    wire.holdSync = true;
    wire.on(new ConnectionEvent.Broken("its process ended"));
    for (int i = 0; i < 8; i++) {
      assertThat(wire.machine.status()).as("attempt %d", i + 1).isEqualTo(ConnectionStatus.SYNC);
      wire.process++;
      wire.on(new ConnectionEvent.Broken("a call of its replay killed it"));
      wire.run(i < 7 ? 16 * SECOND : 0);
    }
    assertThat(wire.machine.status()).isEqualTo(ConnectionStatus.OFFLINE);
    assertThat(wire.machine.connection().standing().reason())
        .isEqualTo("a call of its replay killed it");
    wire.run(MINUTE);
    wire.on(new ConnectionEvent.Broken("once more"));
    assertThat(wire.path).endsWith("173 PERIODIC_RETRY", "173 SYNC", "173 OFFLINE");
  }

  @Test
  void a_call_while_it_is_offline_brings_the_next_attempt_forward_within_bounds() {
    wire.up = false;
    wire.run(40 * SECOND);
    assertThat(wire.machine.status()).isEqualTo(ConnectionStatus.OFFLINE);
    wire.attempts.clear();
    for (int i = 0; i < 20 * 60; i++) {
      wire.on(new ConnectionEvent.CallWaiting());
      wire.run(50);
    }
    assertThat(wire.attempts).containsExactly(44_000L, 54_000L, 64_000L, 74_000L, 84_000L, 94_000L);
    wire.up = true;
    wire.on(new ConnectionEvent.CallWaiting());
    wire.run(10 * SECOND);
    assertThat(wire.machine.status()).isEqualTo(ConnectionStatus.CONNECTED);
  }

  @Test
  void a_person_may_ask_for_a_connection_anew_in_any_status_but_not_without_end() {
    wire.run(0);
    wire.on(new ConnectionEvent.ReconnectAsked());
    wire.run(SECOND);
    assertThat(wire.done).contains("Disconnect");
    assertThat(wire.machine.status()).isEqualTo(ConnectionStatus.CONNECTED);
    wire.up = false;
    wire.on(new ConnectionEvent.Broken("gone"));
    wire.run(40 * SECOND);
    wire.attempts.clear();
    for (int i = 0; i < 100; i++) {
      wire.on(new ConnectionEvent.ReconnectAsked());
      wire.run(100);
    }
    assertThat(wire.attempts).hasSizeBetween(9, 11);
  }

  @Test
  void an_attempt_that_hangs_has_failed() {
    var machine =
        ConnectionMachine.resume(
            Connection.of("files", Transport.STDIO, Era.LEGACY, 0),
            0,
            0,
            ConnectionSettings.DEFAULT);
    var step = machine.on(new ConnectionEvent.Tick(false), 0, () -> 0);
    assertThat(step.actions())
        .containsExactly(new ConnectionAction.Connect(1), new ConnectionAction.Wait(75_000));
    step = step.machine().on(new ConnectionEvent.Tick(false), 74_999, () -> 0);
    assertThat(step.actions()).containsExactly(new ConnectionAction.Wait(75_000));
    step = step.machine().on(new ConnectionEvent.Tick(false), 75_000, () -> 0);
    assertThat(step.actions())
        .containsExactly(
            new ConnectionAction.Disconnect("an attempt took longer than 75000 ms"),
            new ConnectionAction.Wait(76_000));
  }

  @Test
  void waits_are_longer_by_chance_and_never_shorter() {
    var spread = new Random(1);
    wire.random = spread::nextDouble;
    wire.up = false;
    wire.run(10 * MINUTE);
    long[] waits = {1, 2, 1, 2, 4, 8, 16, 60, 60, 60};
    int longer = 0;
    for (int i = 0; i < waits.length; i++) {
      long wait = wire.attempts.get(i + 1) - wire.attempts.get(i);
      assertThat(wait).isBetween(waits[i] * SECOND, waits[i] * 1_100);
      longer += wait > waits[i] * SECOND ? 1 : 0;
    }
    assertThat(longer).isGreaterThan(7);
  }

  @Test
  void another_worker_goes_on_and_its_absence_counts_against_nobody() {
    wire.up = false;
    wire.run(34 * SECOND + 4 * MINUTE);
    long offline = wire.now() - 34 * SECOND;
    wire.leave(60 * MINUTE);
    wire.resume(34 * SECOND + offline);
    assertThat(wire.machine.status()).isEqualTo(ConnectionStatus.OFFLINE);
    wire.attempts.clear();
    wire.done.clear();
    wire.run(59 * SECOND);
    assertThat(wire.attempts).as("it is tried at once").hasSize(1);
    assertThat(wire.done).isEmpty();
    wire.run(SECOND);
    assertThat(wire.done).contains("DeclareLost");
    wire.resume(wire.now());
    wire.done.clear();
    wire.run(10 * MINUTE);
    assertThat(wire.done).as("it is declared lost once").isEmpty();
  }

  @Test
  void another_worker_connects_anew_whatever_was_connected_and_blames_nobody() {
    for (ConnectionStatus status : ConnectionStatus.values()) {
      Connection fresh = Connection.of("files", Transport.STREAMABLE_HTTP, Era.MODERN, 5);
      Connection stored =
          fresh.standing(
              status, new Connection.Standing("so it was", 5, 2, 7L, null, null), 2, 5, 5);
      var machine = ConnectionMachine.resume(stored, 9, 1_000, ConnectionSettings.DEFAULT);
      var step = machine.on(new ConnectionEvent.Tick(false), 1_000, () -> 0);
      boolean waited =
          Set.of(
                  ConnectionStatus.IMMEDIATE_RECONNECT,
                  ConnectionStatus.EXPONENTIAL_BACKOFF,
                  ConnectionStatus.OFFLINE,
                  ConnectionStatus.PERIODIC_RETRY)
              .contains(status);
      assertThat(step.actions())
          .as(status.toString())
          .contains(new ConnectionAction.Connect(waited ? 3 : 1));
    }
  }

  @Test
  void what_cannot_happen_is_thrown_back() {
    wire.run(0);
    for (var event :
        List.of(
            new ConnectionEvent.AttemptFailed("x"),
            new ConnectionEvent.Drained(),
            new ConnectionEvent.Replayed(true, JsonObject.EMPTY, null),
            new ConnectionEvent.Connected(
                true, Transport.STDIO, Era.LEGACY, JsonObject.EMPTY, null))) {
      assertThatThrownBy(() -> wire.machine.on(event, 0, () -> 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the connection files is connected, and `");
    }
  }

  @Test
  void nothing_is_written_down_while_nothing_happens() {
    wire.run(0);
    Connection connected = wire.machine.connection();
    wire.run(10 * MINUTE);
    wire.on(new ConnectionEvent.Heard());
    assertThat(wire.machine.connection()).isSameAs(connected);
  }

  @Test
  void what_is_connected_anew_by_hand_after_a_long_time_is_not_looked_at_without_a_pause() {
    wire.run(0);
    wire.up = false;
    wire.on(new ConnectionEvent.Broken("it died"));
    wire.run(2 * MINUTE);
    wire.up = true;
    wire.holdSync = true;
    wire.run(2 * MINUTE);
    assertThat(wire.machine.status()).isEqualTo(ConnectionStatus.SYNC);
    long now = Wire.START + wire.now() + ConnectionSettings.DEFAULT.lostMillis();
    ConnectionMachine.Step step =
        wire.machine.on(new ConnectionEvent.ReconnectAsked(), now, () -> 0);
    assertThat(step.machine().status()).isEqualTo(ConnectionStatus.IMMEDIATE_RECONNECT);
    assertThat(step.actions())
        .filteredOn(ConnectionAction.Wait.class::isInstance)
        .singleElement()
        .satisfies(
            wait -> assertThat(((ConnectionAction.Wait) wait).untilMillis()).isGreaterThan(now));
  }
}

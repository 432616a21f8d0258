package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.integrity.StateIntegrityValidator;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRecord.Strategy;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallClass;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.CallStatus;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.Era;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.state.Transport;
import dev.planaria.engine.storage.simulated.Damage;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The ledger of calls over the death of processes, over damage, and on its way to other stores.
class CallLedgerTest {

  private final TestEnvironment world = new TestEnvironment();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final Damage damage = new Damage(disk);
  private final List<SessionEngine> open = new ArrayList<>();
  private SessionEngine engine = engine();
  private final SessionId id =
      engine
          .openSession("alpha", null, SwarmConfiguration.DEFAULT, new Caller("t", "open"))
          .state()
          .id();

  private SessionEngine engine() {
    if (!open.isEmpty()) {
      open.getLast().abandon();
    }
    open.add(
        SessionEngine.open(
            new SimulatedStore(disk),
            SessionEngineTest.SETTINGS,
            world.environment(),
            null,
            EngineGuarantees.ALL));
    return open.getLast();
  }

  @AfterEach
  void stopThreads() {
    open.getLast().abandon();
  }

  private Committed submit(Command command, String operationId) {
    return engine.submit(id, command, new Caller("t", operationId));
  }

  private Committed connect(String name) {
    return submit(
        new Command.PutConnection(
            Connection.of(name, Transport.STDIO, Era.LEGACY, world.nowMillis())),
        "connect-" + name);
  }

  private static Command.AcceptCall accept(String operationId, boolean queued) {
    return new Command.AcceptCall(
        new CallId("t", operationId),
        "files",
        "tools/call",
        "write",
        CallClass.EFFECT,
        "{ \"name\":\"write\" }",
        null,
        false,
        queued ? CallStatus.QUEUED : CallStatus.ACCEPTED);
  }

  private Committed move(String operationId, CallStatus to) {
    boolean done = to == CallStatus.COMPLETED;
    return submit(
        new Command.MoveCall(
            new CallId("t", operationId), to, done ? "{\"content\" : []}" : null, "so it is"),
        operationId + "-" + to);
  }

  private Call call(String operationId) {
    return Objects.requireNonNull(
        engine.view(id).state().call(new CallId("t", operationId)), operationId);
  }

  @Test
  void calls_and_connections_outlive_processes_and_a_repeat_finds_its_call() {
    connect("files");
    submit(accept("waits", false), "waits");
    submit(accept("runs", false), "runs");
    move("runs", CallStatus.SENT);
    submit(accept("done", false), "done");
    move("done", CallStatus.SENT);
    move("done", CallStatus.COMPLETED);
    var before = engine.view(id).state();
    disk.losePower();
    engine = engine();
    assertThat(engine.view(id).state().calls()).isEqualTo(before.calls());
    assertThat(engine.view(id).state().connections()).isEqualTo(before.connections());
    assertThat(call("done").outcome()).isEqualTo("{\"content\" : []}");
    var validation = StateIntegrityValidator.validate(before, engine.view(id).state());
    assertThat(validation.overallSuccess()).isTrue();
    assertThat(validation.checks())
        .filteredOn(check -> check.component().equals("calls"))
        .singleElement()
        .satisfies(check -> assertThat(check.kept()).isEqualTo(3));
    Committed again = submit(accept("done", true), "done");
    assertThat(again.repeated()).as("however its upstream stands when it is repeated").isTrue();
    assertThatThrownBy(() -> submit(accept("other", false), "done"))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.code()).isEqualTo(Refusal.Code.OPERATION_ID_REUSED));
  }

  @Test
  void a_call_whose_connection_is_lost_is_lost_with_it_and_reported() {
    Committed connection = connect("files");
    submit(accept("call", false), "call");
    damage.flipOperation(id, connection.receipt().seq());
    engine = engine();
    assertThat(engine.view(id).state().calls()).isEmpty();
    RecoveryRecord record = engine.recoveries(id, 1).getFirst();
    assertThat(record.strategy()).isEqualTo(Strategy.PARTIAL_RECOVERY);
    assertThat(record.losses()).containsOnly(Map.entry("calls", 1L), Map.entry("unreadable", 1L));
  }

  @Test
  void when_the_note_that_a_call_was_sent_is_lost_it_is_not_sent_again() {
    connect("files");
    submit(accept("call", false), "call");
    Committed sent = move("call", CallStatus.SENT);
    damage.flipOperation(id, sent.receipt().seq());
    engine = engine();
    assertThat(call("call").status()).isEqualTo(CallStatus.UNKNOWN);
    assertThat(call("call").reason()).contains("operations of its session were lost");
    var healed = engine.view(id).state();
    engine = engine();
    assertThat(engine.view(id).state()).isEqualTo(healed);
    damage.dropCheckpoints(id);
    engine = engine();
    assertThat(engine.view(id).state()).isEqualTo(healed);
  }

  @Test
  void a_restore_ends_what_waits_and_stays_that_way_over_a_restart() {
    connect("files");
    long seq = engine.view(id).head().seq();
    submit(accept("waits", true), "waits");
    submit(accept("runs", false), "runs");
    move("runs", CallStatus.SENT);
    engine.restore(id, new PastPoint.AtSeq(seq), new Caller("t", "restore"));
    assertThat(call("waits").status()).isEqualTo(CallStatus.CANCELLED);
    assertThat(call("runs").status()).isEqualTo(CallStatus.UNKNOWN);
    var restored = engine.view(id).state();
    engine = engine();
    assertThat(engine.view(id).state().calls()).isEqualTo(restored.calls());
    assertThat(engine.operation(id, new Caller("t", "waits")))
        .as("the ledger knows of the call what the operation ids no longer tell")
        .isEqualTo(new OperationLookup.RolledBack());
  }

  @Test
  void a_fork_begins_without_calls() {
    connect("files");
    submit(accept("waits", true), "waits");
    long head = engine.view(id).head().seq();
    Opened fork = engine.fork(id, "copy", new PastPoint.AtSeq(head), new Caller("t", "fork"));
    assertThat(fork.state().calls()).isEmpty();
    assertThat(fork.state().connections()).isEmpty();
  }

  @Test
  void checkpoints_carry_calls_in_full_and_as_changes() {
    connect("files");
    for (int i = 0; i < 30; i++) {
      submit(accept("call-" + i, false), "call-" + i);
      if (i % 10 == 9) {
        engine.checkpoint(id, null);
      }
      move("call-" + i, i % 2 == 0 ? CallStatus.SENT : CallStatus.CANCELLED);
    }
    engine.checkpoint(id, null);
    var before = engine.view(id).state();
    engine = engine();
    assertThat(engine.view(id).state()).isEqualTo(before);
    assertThat(before.counts().calls().count(CallStatus.SENT)).isEqualTo(15);
    assertThat(((Operation.CallAccepted) submit(accept("late", false), "late").operation()).call())
        .extracting(Call::order)
        .isEqualTo(engine.view(id).head().seq());
  }
}

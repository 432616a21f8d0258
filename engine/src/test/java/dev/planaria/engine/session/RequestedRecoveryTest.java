package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRecord.Failure;
import dev.planaria.engine.recovery.RecoveryRecord.Strategy;
import dev.planaria.engine.state.Faults;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.simulated.Damage;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Recoveries that somebody asks for, and what is kept of every recovery.
class RequestedRecoveryTest {

  private final TestEnvironment world = new TestEnvironment();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final Damage damage = new Damage(disk);
  private final List<SessionEngine> open = new ArrayList<>();

  private SessionEngine engine() {
    var engine =
        SessionEngine.open(
            new SimulatedStore(disk),
            SessionEngineTest.SETTINGS,
            world.environment(),
            null,
            EngineGuarantees.ALL);
    open.add(engine);
    return engine;
  }

  @AfterEach
  void stopThreads() {
    open.forEach(SessionEngine::abandon);
  }

  private static Caller caller(String operationId) {
    return new Caller("t", operationId);
  }

  private static void remember(SessionEngine engine, SessionId id, String key) {
    engine.submit(id, Swarm.remember(key, "v"), caller(key));
  }

  private static SessionId session(SessionEngine engine) {
    SessionId id =
        engine.openSession("alpha", null, SwarmConfiguration.DEFAULT, caller("open")).state().id();
    remember(engine, id, "a");
    engine.checkpoint(id, null);
    remember(engine, id, "b");
    engine.checkpoint(id, "second");
    remember(engine, id, "c");
    return id;
  }

  private static Validation validation(RecoveryRecord record) {
    return Objects.requireNonNull(record.validation());
  }

  @Test
  void a_sound_session_is_compared_with_what_is_stored_and_left_alone() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    SessionView before = engine.view(id);
    Recovered first = engine.recoverNow(id, null, caller("now"));
    assertThat(first.record().failure()).isEqualTo(Failure.NONE);
    assertThat(first.record().findings()).isEmpty();
    assertThat(validation(first.record()).overallSuccess()).isTrue();
    assertThat(engine.view(id)).isEqualTo(before);
    assertThat(engine.checkpoints(id)).hasSize(2);
    assertThat(engine.recoverNow(id, null, caller("now")))
        .isEqualTo(new Recovered(first.record(), true));
  }

  @Test
  void a_session_that_serves_gets_a_new_checkpoint_when_what_is_stored_is_damaged() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    long last = engine.view(id).head().seq();
    assertThat(damage.flipCheckpoints(id, 9)).isEqualTo(2);
    assertThat(damage.flipOperation(id, last)).isTrue();
    SessionView before = engine.view(id);
    assertThatThrownBy(() -> engine.recoverNow(id, Strategy.PARTIAL_RECOVERY, caller("no")))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.code()).isEqualTo(Refusal.Code.WRONG_STATE));
    RecoveryRecord record = engine.recoverNow(id, null, caller("now")).record();
    assertThat(record.success()).isTrue();
    assertThat(record.strategy()).isEqualTo(Strategy.CHECKPOINT_ROLLBACK);
    assertThat(record.findings()).isNotEmpty();
    assertThat(record.operationsLost()).isZero();
    assertThat(record.checkpointId()).isEqualTo(engine.checkpoints(id).getFirst().id());
    assertThat(validation(record).overallSuccess()).isTrue();
    // Without it, the operation that is damaged would be lost now.
    SessionEngine next = engine();
    assertThat(next.view(id)).isEqualTo(before);
    assertThat(next.recoverNow(id, null, caller("again")).record().failure())
        .isEqualTo(Failure.NONE);
  }

  @Test
  void a_cold_session_is_recovered_and_the_answer_is_kept() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    SessionView before = engine.view(id);
    engine.abandon();
    damage.flipCheckpoints(id, 1);
    SessionEngine next = engine();
    assertThatThrownBy(() -> next.recoverNow(id, Strategy.IMMEDIATE_RESTART, caller("no")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("CHECKPOINT_ROLLBACK");
    Recovered recovered = next.recoverNow(id, Strategy.CHECKPOINT_ROLLBACK, caller("now"));
    assertThat(recovered.record().strategy()).isEqualTo(Strategy.CHECKPOINT_ROLLBACK);
    assertThat(validation(recovered.record()).overallSuccess()).isTrue();
    assertThat(next.view(id)).isEqualTo(before);
    next.tick();
    assertThat(next.recoverNow(id, Strategy.CHECKPOINT_ROLLBACK, caller("now")))
        .isEqualTo(new Recovered(recovered.record(), true));
  }

  @Test
  void what_only_a_person_may_decide_is_left_to_a_person() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    engine.submit(
        id,
        new dev.planaria.engine.state.Command.CreateTask("work", null, null, null, null, null),
        caller("task"));
    engine.checkpoint(id, "third");
    engine.abandon();
    damage.alterCheckpoint(id, Faults::beyondRepair);
    SessionEngine next = engine();
    for (String attempt : List.of("one", "two")) {
      assertThatThrownBy(() -> next.recoverNow(id, null, caller(attempt)))
          .isInstanceOf(SessionUnavailable.class)
          .hasMessageContaining("planaria recover alpha");
    }
    assertThatThrownBy(() -> next.recoverNow(id, Strategy.MANUAL_INTERVENTION, caller("three")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("only an operator may decide");
  }

  @Test
  void every_recovery_keeps_the_comparison_with_what_was_before_where_that_is_known() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    engine.abandon();
    SessionEngine whole = engine();
    whole.recoverAll();
    RecoveryRecord restarted = whole.recoveries(id, 1).getFirst();
    assertThat(validation(restarted).integrityScore()).isEqualTo(1.0);
    assertThat(validation(restarted).checks())
        .anySatisfy(check -> assertThat(check.expected()).isEqualTo(3));
    long last = whole.view(id).head().seq();
    whole.abandon();
    damage.flipOperation(id, last);
    SessionEngine damaged = engine();
    damaged.view(id);
    // What the lost operation had done, nobody knows.
    assertThat(damaged.recoveries(id, 1).getFirst().operationsLost()).isEqualTo(1);
    assertThat(damaged.recoveries(id, 1).getFirst().validation()).isNull();
    damaged.tick();
    SessionEngine reader = engine();
    assertThat(reader.recoveries(id, 10))
        .anySatisfy(record -> assertThat(record.validation()).isEqualTo(restarted.validation()));
  }
}

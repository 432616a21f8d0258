package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.recovery.CrashEvent;
import dev.planaria.engine.recovery.RecoveryGuarantees;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Faults;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Rule;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.simulated.Damage;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What Java code that embeds an engine is told.
class EngineEventTest {

  private static final Caller CALLER = new Caller("t", null);

  private final TestEnvironment world = new TestEnvironment();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<SessionEngine> open = new ArrayList<>();
  private final List<EngineEvent> heard = Collections.synchronizedList(new ArrayList<>());
  private final List<EngineEvent> others = Collections.synchronizedList(new ArrayList<>());

  private SessionEngine engine(
      @Nullable CrashEvent crash, Consumer<EngineEvent> listener, EngineGuarantees guarantees) {
    if (!open.isEmpty()) {
      open.getLast().abandon();
    }
    var engine =
        SessionEngine.open(
            new SimulatedStore(disk),
            SessionEngineTest.SETTINGS,
            world.environment().heardBy(listener),
            crash,
            guarantees);
    open.add(engine);
    return engine;
  }

  private SessionEngine engine(@Nullable CrashEvent crash) {
    return engine(crash, this::hear, EngineGuarantees.ALL);
  }

  /// What becomes of sessions; the rest is told too.
  private void hear(EngineEvent event) {
    switch (event) {
      case EngineEvent.SessionRecovered _,
          EngineEvent.SessionQuarantined _,
          EngineEvent.RecoveryFinished _ ->
          heard.add(event);
      case EngineEvent.RecoveryBegun _,
          EngineEvent.DamageFound _,
          EngineEvent.CheckpointTaken _,
          EngineEvent.CheckpointFailed _ ->
          others.add(event);
    }
  }

  @AfterEach
  void stopThreads() {
    open.getLast().abandon();
  }

  private static SessionId fill(SessionEngine engine, String name) {
    SessionId id = engine.openSession(name, null, SwarmConfiguration.DEFAULT, CALLER).state().id();
    for (int i = 0; i < 5; i++) {
      var key = new MemoryKey("n", "k" + i);
      engine.submit(id, new Command.StoreMemory(key, new JsonString("v"), null, null), CALLER);
    }
    return id;
  }

  private static CrashEvent crash() {
    return new CrashEvent(
        CrashEvent.Type.PROCESS_CRASH, 2_000, 1_000, "serving", CrashEvent.Severity.LOW);
  }

  @Test
  void a_crash_is_told_session_by_session_and_then_as_a_whole() {
    SessionEngine engine = engine(null);
    SessionId alpha = fill(engine, "alpha");
    SessionId beta = fill(engine, "beta");
    assertThat(heard).isEmpty();
    SessionEngine next = engine(crash());
    var _ = next.view(beta);
    assertThat(heard)
        .singleElement()
        .isInstanceOfSatisfying(
            EngineEvent.SessionRecovered.class,
            told -> {
              assertThat(told.record().sessionId()).isEqualTo(beta);
              assertThat(told.record().operationsReplayed()).isEqualTo(6);
              assertThat(told.record().operationsLost()).isZero();
            });
    next.recoverAll();
    assertThat(heard).hasSize(3);
    assertThat(heard.get(1))
        .isInstanceOfSatisfying(
            EngineEvent.SessionRecovered.class,
            told -> assertThat(told.record().sessionId()).isEqualTo(alpha));
    assertThat(heard.get(2))
        .isInstanceOfSatisfying(
            EngineEvent.RecoveryFinished.class,
            told -> {
              assertThat(told.run().sessionsRecovered()).isEqualTo(2);
              assertThat(told.run().finished()).isTrue();
            });
    next.recoverAll();
    assertThat(heard).as("nothing is told twice").hasSize(3);
  }

  @Test
  void a_crash_that_hit_nobody_is_told_too() {
    engine(null).close();
    engine(crash()).recoverAll();
    assertThat(heard)
        .singleElement()
        .isInstanceOfSatisfying(
            EngineEvent.RecoveryFinished.class,
            told -> assertThat(told.run().sessionsRecovered()).isZero());
  }

  @Test
  void a_loss_is_told_with_its_count_before_the_session_answers() {
    SessionEngine engine = engine(null);
    SessionId id = fill(engine, "alpha");
    assertThat(new Damage(disk).flipOperation(id, 3)).isTrue();
    var heardAtFirstAnswer = new ArrayList<EngineEvent>();
    SessionEngine next = engine(null);
    var _ = next.view(id);
    heardAtFirstAnswer.addAll(heard);
    assertThat(heardAtFirstAnswer)
        .filteredOn(EngineEvent.SessionRecovered.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            EngineEvent.SessionRecovered.class,
            told -> {
              assertThat(told.record().operationsLost()).isEqualTo(1);
              assertThat(told.record().losses()).containsEntry("unreadable", 1L);
            });
  }

  @Test
  void a_session_that_must_not_serve_is_told_with_its_reason() {
    SessionEngine engine = engine(null);
    SessionId id = fill(engine, "alpha");
    engine.submit(id, new Command.SpawnAgent("coder", null, null, null), CALLER);
    engine.checkpoint(id, null);
    new Damage(disk)
        .alterCheckpoint(
            id,
            sound ->
                Faults.in(sound).stream()
                    .filter(fault -> fault.rule() == Rule.CURRENT_TASK_EXISTS)
                    .findFirst()
                    .orElseThrow()
                    .state());
    var cannotMend =
        new EngineGuarantees(
            true, true, new RecoveryGuarantees(false, false), ArchiveGuarantees.ALL);
    SessionEngine next = engine(null, this::hear, cannotMend);
    assertThatThrownBy(() -> next.submit(id, new Command.Sweep(), CALLER))
        .isInstanceOf(SessionUnavailable.class);
    assertThat(heard)
        .first()
        .isInstanceOfSatisfying(
            EngineEvent.SessionQuarantined.class,
            told -> {
              assertThat(told.record().success()).isFalse();
              assertThat(told.record().reason()).contains("still wrong");
            });
  }

  @Test
  void a_quarantined_session_that_is_found_sound_is_told_once_and_written_down() {
    SessionEngine engine = engine(null);
    SessionId id = fill(engine, "alpha");
    engine.submit(id, new Command.SpawnAgent("coder", null, null, null), CALLER);
    engine.checkpoint(id, null);
    SessionState before = engine.view(id).state();
    var damage = new Damage(disk);
    damage.alterCheckpoint(
        id,
        sound ->
            Faults.in(sound).stream()
                .filter(fault -> fault.rule() == Rule.CURRENT_TASK_EXISTS)
                .findFirst()
                .orElseThrow()
                .state());
    var cannotMend =
        new EngineGuarantees(
            true, true, new RecoveryGuarantees(false, false), ArchiveGuarantees.ALL);
    SessionEngine quarantining = engine(null, this::hear, cannotMend);
    assertThatThrownBy(() -> quarantining.submit(id, new Command.Sweep(), CALLER))
        .isInstanceOf(SessionUnavailable.class);
    damage.alterCheckpoint(id, _ -> before);
    heard.clear();
    SessionEngine sound = engine(null);
    assertThat(sound.view(id).state().agents()).isEqualTo(before.agents());
    assertThat(heard)
        .filteredOn(EngineEvent.SessionRecovered.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            EngineEvent.SessionRecovered.class,
            told -> assertThat(told.record().failure()).isEqualTo(RecoveryRecord.Failure.NONE));
    assertThat(sound.recoveries(id, 5))
        .extracting(RecoveryRecord::success)
        .containsExactly(true, false);
    heard.clear();
    var _ = engine(null).view(id);
    assertThat(heard).noneMatch(EngineEvent.SessionRecovered.class::isInstance);
  }

  @Test
  void a_listener_that_fails_changes_nothing() {
    SessionEngine engine = engine(null);
    SessionId id = fill(engine, "alpha");
    SessionView before = engine.view(id);
    SessionEngine next =
        engine(
            crash(),
            event -> {
              heard.add(event);
              throw new IllegalStateException("broken on purpose");
            },
            EngineGuarantees.ALL);
    assertThat(next.view(id).state().memory()).isEqualTo(before.state().memory());
    assertThat(heard).isNotEmpty();
  }

  @Test
  void the_beginning_of_a_recovery_and_what_becomes_of_checkpoints_are_told_too() {
    SessionEngine engine = engine(null);
    SessionId alpha = fill(engine, "alpha");
    String taken = engine.checkpoint(alpha, null).id();
    assertThat(others)
        .singleElement()
        .isInstanceOfSatisfying(
            EngineEvent.CheckpointTaken.class,
            told -> assertThat(told.info().id()).isEqualTo(taken));
    assertThat(engine.figures().checkpoints().full()).isEqualTo(1);
    assertThat(engine.figures().commits().count()).isEqualTo(6);
    fill(engine, "beta");
    others.clear();
    SessionEngine next = engine(crash());
    assertThat(next.recoverAll()).isTrue();
    assertThat(others).containsExactly(new EngineEvent.RecoveryBegun(crash(), 1));
    assertThat(next.figures().recoveries(RecoveryRecord.Failure.PROCESS_CRASH, true)).isEqualTo(1);
  }
}

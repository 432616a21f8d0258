package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Sessions of which nothing is left but an entry that cannot be read: the store no longer knows
/// them, and says so.
class LostSessionTest {

  private static final String LOST = Finding.Code.SESSION_LOST.name();

  /// Behind it stands the frame's own sum; before it, the end of the last entry.
  private static final int SUM_BYTES = 4;

  private final TestEnvironment world = new TestEnvironment();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<SessionEngine> open = new ArrayList<>();

  private SessionEngine engine() {
    open.forEach(SessionEngine::abandon);
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
    open.getLast().abandon();
  }

  private static SessionId session(SessionEngine engine, String name) {
    return engine
        .openSession(name, null, SwarmConfiguration.DEFAULT, new Caller("t", null))
        .state()
        .id();
  }

  private static void remember(SessionEngine engine, SessionId id, String key) {
    var _ =
        engine.submit(
            id,
            new Command.StoreMemory(new MemoryKey("n", key), new JsonString("v"), null, null),
            new Caller("t", null));
  }

  private long newestFrame() {
    return disk.frameIds().getLast();
  }

  private void spoil(long frame) {
    disk.flip(frame, disk.frameBytes(frame) - SUM_BYTES - 2);
  }

  private static List<Finding> lost(SessionEngine engine) {
    return engine.verify().findings().stream()
        .filter(finding -> finding.code().equals(LOST))
        .toList();
  }

  @Test
  void a_session_whose_only_operation_is_damaged_is_named() {
    SessionEngine first = engine();
    SessionId there = session(first, "there");
    SessionId gone = session(first, "gone");
    long frame = newestFrame();
    remember(first, there, "behind");
    spoil(frame);
    SessionEngine next = engine();
    assertThat(next.find("gone")).isEmpty();
    assertThat(lost(next))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.ids()).containsExactly("operation 1 of session " + gone);
          assertThat(finding.sentence()).contains("nothing else is left", "frame " + frame);
        });
    next.recoverAll();
    assertThat(next.recoveryRuns(1).getFirst().lostSessions())
        .singleElement()
        .satisfies(sentence -> assertThat(sentence).contains(gone.toString()));
    assertThat(next.view(there).state().memory()).hasSize(1);
  }

  @Test
  void one_that_was_the_newest_in_the_journal_is_named_as_well() {
    SessionEngine first = engine();
    remember(first, session(first, "there"), "a");
    SessionId gone = session(first, "gone");
    spoil(newestFrame());
    assertThat(lost(engine()))
        .singleElement()
        .satisfies(finding -> assertThat(finding.sentence()).contains(gone.toString()));
  }

  @Test
  void a_frame_that_is_not_there_has_lost_operations_of_somebody_unknown() {
    SessionEngine first = engine();
    SessionId there = session(first, "there");
    session(first, "gone");
    long frame = newestFrame();
    remember(first, there, "behind");
    disk.drop(frame);
    assertThat(lost(engine()))
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.sentence())
                .startsWith("an unknown number of operations of an unknown session were lost"));
  }

  @Test
  void what_a_session_misses_is_nobody_elses() {
    SessionEngine first = engine();
    SessionId there = session(first, "there");
    remember(first, there, "lost");
    spoil(newestFrame());
    remember(first, there, "behind");
    remember(first, session(first, "other"), "more");
    assertThat(lost(engine())).isEmpty();
  }

  @Test
  void what_a_session_may_have_lost_is_told_of_that_session() {
    SessionEngine first = engine();
    SessionId there = session(first, "there");
    remember(first, there, "lost");
    disk.drop(newestFrame());
    remember(first, session(first, "other"), "more");
    SessionEngine next = engine();
    assertThat(lost(next)).isEmpty();
    assertThat(next.verify().findings())
        .extracting(Finding::code)
        .contains(Finding.Code.POSSIBLE_LOSS.name());
    next.recoverAll();
    remember(next, there, "after");
    assertThat(lost(engine())).as("it has given up what it may have lost").isEmpty();
  }
}

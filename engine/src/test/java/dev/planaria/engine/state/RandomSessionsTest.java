package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Random commands on many sessions; after each operation everything that must always hold is
/// checked. Repeat a run with `-Dplanaria.seed=N`; `-Dplanaria.sessions=N` makes it longer.
final class RandomSessionsTest {

  private static final int SESSIONS = Integer.getInteger("planaria.sessions", 250);
  private static final int COMMANDS = 80;
  private static final int OPERATION_TYPES = 23;

  private final Map<String, Integer> hits = new TreeMap<>();
  private final Map<String, Integer> refusals = new TreeMap<>();
  private final Map<String, Command> digests = new HashMap<>();

  @Test
  void whatever_is_asked_a_session_stays_consistent_and_can_be_written_and_read() {
    long seed = Long.getLong("planaria.seed", System.nanoTime());
    var random = new Random(seed);
    System.out.println("random sessions: seed " + seed);
    for (int session = 0; session < SESSIONS; session++) {
      try {
        live(random);
      } catch (RuntimeException | AssertionError e) {
        fail("seed " + seed + ", session " + session, e);
      }
    }
    System.out.println("operations: " + hits);
    System.out.println("refusals: " + refusals);
    assertThat(hits).hasSize(OPERATION_TYPES);
    assertThat(refusals.keySet())
        .containsAll(
            EnumSet.range(Refusal.Code.INVALID_ARGUMENT, Refusal.Code.LIMIT_EXCEEDED).stream()
                .map(Enum::name)
                .toList());
  }

  private void live(Random random) {
    var session = new TestSession();
    var commands = new RandomCommands(random);
    Set<String> ids = new HashSet<>();
    hit(
        hits,
        OperationCodec.type(
            Decide.open(
                TestSession.SESSION, "test", null, SwarmConfiguration.DEFAULT, Limits.DEFAULT)));
    for (int i = 0; i < COMMANDS; i++) {
      session.tick(random.nextInt(8_000));
      var command = commands.next(session.state(), session.now());
      differsFromAllOthers(command);
      var before = session.state();
      Operation operation;
      try {
        operation =
            Decide.decide(
                before,
                command,
                new Decision(
                    session.now(),
                    session.seq() + 1,
                    () -> "token-" + (session.seq() + 1),
                    session.limits()));
      } catch (Refusal refusal) {
        hit(refusals, refusal.code().name());
        continue;
      }
      hit(hits, OperationCodec.type(operation));
      var again =
          OperationCodec.decode(OperationCodec.type(operation), OperationCodec.encode(operation));
      assertThat(again).isEqualTo(operation);
      var fromMemory = Transition.apply(before, operation, session.now());
      session.apply(again);
      assertThat(session.state()).isEqualTo(fromMemory);
      assertThat(StateCodec.decode(StateCodec.encode(session.state()))).isEqualTo(session.state());
      assertThat(Consistency.check(session.state())).isEmpty();
      idsAreNew(operation, ids);
    }
  }

  private void differsFromAllOthers(Command command) {
    var digest = HexFormat.of().formatHex(CommandDigest.canonical(command));
    var same = digests.putIfAbsent(digest, command);
    assertThat(same == null || same.equals(command)).as("%s and %s", same, command).isTrue();
  }

  private static void idsAreNew(Operation operation, Set<String> ids) {
    switch (operation) {
      case Operation.AgentSpawned(var agent) -> assertThat(ids.add(agent.id())).isTrue();
      case Operation.TaskCreated(var task) -> assertThat(ids.add(task.id())).isTrue();
      case Operation.TaskOrchestrated(var task, _) -> assertThat(ids.add(task.id())).isTrue();
      default -> {}
    }
  }

  private static void hit(Map<String, Integer> counts, String name) {
    counts.merge(name, 1, Integer::sum);
  }
}

package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Every rule is broken on purpose in random sound states: each break is found, and detaching and
/// clamping make the state sound again. Repeat a run with `-Dplanaria.seed=N`.
final class RepairTest {

  private static final int STATES = 1_000;

  /// Rules about how a state is kept in memory; what is read from disk cannot break them.
  private static final Set<Rule> NEVER_ON_DISK = Set.of(Rule.MISPLACED, Rule.INDEXES_OF_ITS_PARTS);

  private final Map<Rule, Integer> broken = new EnumMap<>(Rule.class);
  private final Map<Rule, Integer> plantedOf = new EnumMap<>(Rule.class);
  private final Map<Rule, Integer> foundOf = new EnumMap<>(Rule.class);
  private final Map<Rule, Integer> blamed = new EnumMap<>(Rule.class);

  @Test
  void every_planted_fault_is_found_and_repaired_and_no_sound_state_is_blamed() {
    long seed = Long.getLong("planaria.seed", System.nanoTime());
    var random = new Random(seed);
    int falsePositives = 0;
    int planted = 0;
    int found = 0;
    for (int i = 0; i < STATES; i++) {
      SessionState sound = randomState(random);
      for (Consistency.Finding wrong : Consistency.check(sound)) {
        falsePositives++;
        blamed.merge(wrong.rule(), 1, Integer::sum);
      }
      for (Faults.Fault fault : Faults.in(sound)) {
        planted++;
        List<Consistency.Finding> findings = Consistency.check(fault.state());
        boolean hit = findings.stream().anyMatch(finding -> finding.rule() == fault.rule());
        found += hit ? 1 : 0;
        plantedOf.merge(fault.rule(), 1, Integer::sum);
        foundOf.merge(fault.rule(), hit ? 1 : 0, Integer::sum);
        findings.forEach(finding -> broken.merge(finding.rule(), 1, Integer::sum));
        assertThat(hit).as("seed %d, state %d: %s", seed, i, fault.rule()).isTrue();
        assertThat(Consistency.check(repaired(fault.state())))
            .as("seed %d, state %d: %s", seed, i, fault.rule())
            .isEmpty();
      }
    }
    System.out.println(
        "detection: seed %d, %d sound states, %d false positives, %d of %d planted found, by rule %s"
            .formatted(seed, STATES, falsePositives, found, planted, broken));
    plantedOf.forEach((rule, count) -> {
      int right = foundOf.getOrDefault(rule, 0);
      System.out.printf(
          "detection of %s (%s): %d planted, recall %.1f %%, precision %.1f %%%n",
          rule,
          rule.level(),
          count,
          100.0 * right / count,
          100.0 * right / Math.max(1, right + blamed.getOrDefault(rule, 0)));
    });
    assertThat(falsePositives).isZero();
    assertThat(found).isEqualTo(planted);
    var expected = new ArrayList<>(List.of(Rule.values()));
    expected.removeAll(NEVER_ON_DISK);
    assertThat(broken.keySet()).containsAll(expected);
  }

  @Test
  void a_sound_state_needs_no_repair() {
    var random = new Random(7);
    for (int i = 0; i < 50; i++) {
      SessionState sound = randomState(random);
      assertThat(Detachment.of(sound, "r", 5)).isEmpty();
      assertThat(Clamping.of(sound, "r", 5)).isEmpty();
    }
  }

  private static SessionState repaired(SessionState state) {
    long now = TestSession.START + 1_000_000;
    SessionState repaired = state;
    for (int round = 0; round < 2; round++) {
      var clamped = Clamping.of(repaired, "r", now);
      if (clamped.isPresent()) {
        repaired = Transition.apply(repaired, clamped.get(), now);
      }
      var detached = Detachment.of(repaired, "r", now);
      if (detached.isPresent()) {
        repaired = Transition.apply(repaired, detached.get(), now);
      }
    }
    return repaired;
  }

  static SessionState randomState(Random random) {
    var session = new TestSession();
    var commands = new RandomCommands(random);
    for (int i = 0; i < 60; i++) {
      session.tick(random.nextInt(3_000));
      trySubmit(session, commands);
    }
    return session.state();
  }

  private static void trySubmit(TestSession session, RandomCommands commands) {
    try {
      session.submit(commands.next(session.state(), session.now()));
    } catch (Refusal refused) {
      assertThat(refused).hasMessageNotContaining("\n");
    }
  }
}

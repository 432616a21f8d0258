package dev.planaria.chaos.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.recovery.RecoveryGuarantees;
import dev.planaria.engine.session.ArchiveGuarantees;
import dev.planaria.engine.session.EngineGuarantees;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A simulation that finds nothing proves something only when it finds what is planted. Each bug
/// takes one promise away; the table says after how many worlds it is found, and as what.
class PlantedBugsTest {

  private static final int SEEDS = 150;

  /// A bug.
  ///
  /// @param name what is done wrong
  /// @param told as what it is found
  /// @param promises what is left
  private record Bug(String name, Violation.Kind told, SimulationGuarantees promises) {}

  /// Where a bug was found.
  private record Found(int worlds, Violation violation) {}

  @BeforeAll
  static void silence() {
    QuietLog.begin();
  }

  private static SimulationGuarantees engine(
      boolean answerFromDisk, boolean rememberIds, RecoveryGuarantees recovery) {
    return around(
        new EngineGuarantees(answerFromDisk, rememberIds, recovery, ArchiveGuarantees.ALL), -1);
  }

  /// Every promise but the one of that number is kept around the engine.
  private static SimulationGuarantees around(EngineGuarantees engine, int broken) {
    return new SimulationGuarantees(
        engine,
        broken != 0,
        broken != 1,
        broken != 2,
        broken != 3,
        broken != 4,
        broken != 5,
        broken != 6,
        broken != 7,
        broken != 8);
  }

  private static SimulationGuarantees without(int promise) {
    return around(EngineGuarantees.ALL, promise);
  }

  private static List<Bug> bugs() {
    RecoveryGuarantees recovery = RecoveryGuarantees.ALL;
    return List.of(
        new Bug("shows what is not on disk", Violation.Kind.LOST, engine(false, true, recovery)),
        new Bug("forgets operation ids", Violation.Kind.DUPLICATED, engine(true, false, recovery)),
        new Bug("a caller repeats under another id", Violation.Kind.DUPLICATED, without(0)),
        new Bug("sends a call before it is written down", Violation.Kind.DUPLICATED, without(1)),
        new Bug("sends a call of unknown outcome again", Violation.Kind.DUPLICATED, without(2)),
        new Bug("sends the newest call first", Violation.Kind.REORDERED, without(3)),
        new Bug("gives every lease the same token", Violation.Kind.UNFENCED, without(4)),
        new Bug("serves what it found unsynced", Violation.Kind.LOST, without(5)),
        new Bug("commits without an fsync", Violation.Kind.LOST, without(6)),
        new Bug("takes writes of a worker that was replaced", Violation.Kind.UNSOUND, without(7)),
        new Bug("acknowledges before it writes", Violation.Kind.UNSOUND, without(8)));
  }

  @Test
  void every_planted_bug_is_found() {
    var missed = new ArrayList<String>();
    for (Bug bug : bugs()) {
      Found found = find(bug);
      if (found == null) {
        missed.add(bug.name());
      } else {
        System.out.printf(
            Locale.ROOT,
            "planted: %-45s found in world %2d: %s %s%n",
            bug.name(),
            found.worlds(),
            found.violation().kind(),
            found.violation().sentence());
        assertThat(found.violation().kind()).as(bug.name()).isEqualTo(bug.told());
      }
    }
    assertThat(missed).as("bugs that no world of " + SEEDS + " shows").isEmpty();
  }

  private static @Nullable Found find(Bug bug) {
    SimulationSettings settings = SimulationSettings.DEFAULT.promising(bug.promises());
    for (int seed = 1; seed <= SEEDS; seed++) {
      SimulationResult result = Simulation.run(seed, settings);
      if (!result.violations().isEmpty()) {
        return new Found(seed, result.violations().getFirst());
      }
    }
    return null;
  }
}

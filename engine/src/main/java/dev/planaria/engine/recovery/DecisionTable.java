package dev.planaria.engine.recovery;

import dev.planaria.engine.recovery.RecoveryRecord.Strategy;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What is done about what was found (specification, section 3.2): one table, in which every
/// [Situation] has exactly one row. Pure.
public final class DecisionTable {

  private DecisionTable() {}

  /// Where the damage lies.
  public enum Where {
    /// Not in what a recovery reads: nothing is damaged, or nothing but values.
    NOWHERE,
    /// The newest checkpoint cannot be used.
    NEWEST_CHECKPOINT,
    /// More than the newest checkpoint cannot be used.
    OLDER_CHAIN,
    /// Operations behind the checkpoint cannot be read.
    TAIL_ENTRY,
    /// There is nothing to begin with: no checkpoint, and the first operation is lost.
    NOTHING_READABLE
  }

  /// What decides.
  ///
  /// @param worst the worst finding
  /// @param where where the damage lies
  /// @param checkpoint whether a checkpoint can be used
  /// @param verificationFailed whether the state is still wrong after everything was tried
  public record Situation(
      Level worst, Where where, boolean checkpoint, boolean verificationFailed) {}

  /// How urgent a recovery is.
  public enum Priority {
    LOW,
    MEDIUM,
    HIGH
  }

  /// A row of the table. It matches a situation when each of its columns holds the situation's
  /// value.
  public record Row(
      Strategy strategy,
      Priority priority,
      Set<Level> worst,
      Set<Where> where,
      Set<Boolean> verificationFailed) {

    /// Copies the columns.
    public Row {
      worst = Set.copyOf(worst);
      where = Set.copyOf(where);
      verificationFailed = Set.copyOf(verificationFailed);
    }

    /// True when it is about that situation. Whether there is a checkpoint decides where a recovery
    /// begins (there, or at the first operation), never what is done.
    public boolean matches(Situation situation) {
      return worst.contains(situation.worst())
          && where.contains(situation.where())
          && verificationFailed.contains(situation.verificationFailed());
    }
  }

  private static final Set<Level> ANY = EnumSet.allOf(Level.class);
  private static final Set<Where> WHOLE_TAIL =
      EnumSet.of(Where.NOWHERE, Where.NEWEST_CHECKPOINT, Where.OLDER_CHAIN);
  private static final Set<Boolean> STILL_WRONG = Set.of(true);
  private static final Set<Boolean> UNTRIED = Set.of(false);

  /// The rows. Their order does not matter.
  public static final List<Row> ROWS =
      List.of(
          // Everything was tried: a person decides.
          new Row(
              Strategy.MANUAL_INTERVENTION,
              Priority.HIGH,
              ANY,
              EnumSet.allOf(Where.class),
              STILL_WRONG),
          new Row(
              Strategy.FRESH_STATE,
              Priority.HIGH,
              ANY,
              EnumSet.of(Where.NOTHING_READABLE),
              UNTRIED),
          // The replay cannot be whole: what does not depend on the loss is kept.
          new Row(
              Strategy.PARTIAL_RECOVERY, Priority.HIGH, ANY, EnumSet.of(Where.TAIL_ENTRY), UNTRIED),
          // An older checkpoint, or the first operation, and a longer replay.
          new Row(
              Strategy.CHECKPOINT_ROLLBACK,
              Priority.HIGH,
              EnumSet.of(Level.HIGH),
              WHOLE_TAIL,
              UNTRIED),
          new Row(
              Strategy.PARTIAL_RECOVERY,
              Priority.MEDIUM,
              EnumSet.of(Level.MEDIUM),
              WHOLE_TAIL,
              UNTRIED),
          new Row(
              Strategy.GRACEFUL_DEGRADATION,
              Priority.LOW,
              EnumSet.of(Level.LOW),
              WHOLE_TAIL,
              UNTRIED),
          new Row(
              Strategy.IMMEDIATE_RESTART,
              Priority.LOW,
              EnumSet.of(Level.NONE),
              WHOLE_TAIL,
              UNTRIED));

  /// The one row of a situation.
  public static Row decide(Situation situation) {
    return ROWS.stream()
        .filter(row -> row.matches(situation))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no row for " + situation));
  }
}

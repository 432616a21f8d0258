package dev.planaria.engine.checkpoint;

/// When a session is due for a checkpoint.
///
/// @param operations at the latest after so many operations: replaying them must stay far below a
///   second
/// @param bytes or after so many bytes of journal: opening reads them all
/// @param intervals or so long after the first operation that no checkpoint contains
/// @param rates how the activity is measured that chooses among the intervals
/// @param chains how checkpoints stand on each other, and which are kept
public record CheckpointPolicy(
    long operations,
    long bytes,
    Intervals intervals,
    ActivityMeter.Rates rates,
    CheckpointChains chains) {

  /// Every 10,000 operations or 8 MiB, and by activity.
  public static final CheckpointPolicy DEFAULT =
      new CheckpointPolicy(
          10_000,
          8L << 20,
          Intervals.DEFAULT,
          ActivityMeter.Rates.DEFAULT,
          CheckpointChains.DEFAULT);

  /// How long an operation may wait for a checkpoint. The more goes on, the more there is to replay
  /// after a crash, and the less a checkpoint costs beside the work itself.
  ///
  /// @param highMillis while much is going on
  /// @param mediumMillis while something is, or nobody knows
  /// @param lowMillis while little is
  public record Intervals(long highMillis, long mediumMillis, long lowMillis) {

    /// 30 s, 2 min, 5 min.
    public static final Intervals DEFAULT = new Intervals(30_000, 120_000, 300_000);

    long of(Activity activity) {
      return switch (activity) {
        case HIGH -> highMillis;
        case MEDIUM -> mediumMillis;
        case LOW -> lowMillis;
      };
    }
  }

  /// What a session has done since its last checkpoint.
  ///
  /// @param operations how many
  /// @param bytes their size in the journal
  /// @param sinceMillis Unix time of the first of them
  public record Tail(long operations, long bytes, long sinceMillis) {}

  /// True when a checkpoint is due. Never when nothing has happened.
  public boolean isDue(Tail tail, Activity activity, long nowMillis) {
    return tail.operations() > 0
        && (tail.operations() >= operations
            || tail.bytes() >= bytes
            || nowMillis - tail.sinceMillis() >= intervals.of(activity));
  }
}

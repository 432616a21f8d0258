package dev.planaria.engine.checkpoint;

/// When a session is due for a checkpoint.
///
/// @param operations at the latest after so many operations: replaying them must stay far below a
///   second
/// @param bytes or after so many bytes of journal: opening reads them all
/// @param millis or so long after the first operation that no checkpoint contains
public record CheckpointPolicy(long operations, long bytes, long millis) {

  /// Every 10,000 operations, 8 MiB or 2 minutes.
  public static final CheckpointPolicy DEFAULT = new CheckpointPolicy(10_000, 8L << 20, 120_000);

  /// What a session has done since its last checkpoint.
  ///
  /// @param operations how many
  /// @param bytes their size in the journal
  /// @param sinceMillis Unix time of the first of them
  public record Tail(long operations, long bytes, long sinceMillis) {}

  /// True when a checkpoint is due. Never when nothing has happened.
  public boolean isDue(Tail tail, long nowMillis) {
    return tail.operations() > 0
        && (tail.operations() >= operations
            || tail.bytes() >= bytes
            || nowMillis - tail.sinceMillis() >= millis);
  }
}

package dev.planaria.engine.recovery;

/// How hard a session is to recover, and so how many of its kind are recovered at a time
/// (specification, performance section 1.1). Pure.
public enum Complexity {
  LOW(8),
  MEDIUM(4),
  HIGH(1);

  /// A tail of this many operations is replayed in about a millisecond.
  private static final long SHORT_TAIL = 1_000;

  /// From here on a replay takes a processor long enough that four at a time would hold up others.
  private static final long LONG_TAIL = 50_000;

  private final int atATime;

  Complexity(int atATime) {
    this.atATime = atATime;
  }

  /// How many are recovered at a time.
  public int atATime() {
    return atATime;
  }

  /// What decides.
  ///
  /// @param tailOperations how many operations must be replayed
  /// @param chainLength how many checkpoints must be read to restore the newest state
  /// @param damaged whether anything was found to be wrong
  /// @param connections how many connections must be made again
  public record Measure(long tailOperations, int chainLength, boolean damaged, int connections) {

    /// Larger means longer; orders sessions of one class.
    public long size() {
      return tailOperations + 100L * chainLength + 1_000L * connections;
    }
  }

  /// The class of such a session.
  public static Complexity of(Measure measure) {
    if (measure.damaged() || measure.tailOperations() >= LONG_TAIL) {
      // Searching a whole journal, or a long replay: one by one, for safety.
      return HIGH;
    }
    boolean simple =
        measure.tailOperations() < SHORT_TAIL
            && measure.chainLength() <= 1
            && measure.connections() == 0;
    return simple ? LOW : MEDIUM;
  }
}

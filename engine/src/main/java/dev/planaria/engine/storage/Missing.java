package dev.planaria.engine.storage;

/// Frames that were on disk once, as the witness says, and that the store does not hold. Whose
/// operations they held cannot be told.
///
/// @param fromFrame the first one
/// @param toFrame the last one
public record Missing(long fromFrame, long toFrame) {

  /// Refuses a range that is none.
  public Missing {
    if (fromFrame < 1 || toFrame < fromFrame) {
      throw new IllegalArgumentException("frames " + fromFrame + " to " + toFrame);
    }
  }

  /// How many they are.
  public long frames() {
    return toFrame - fromFrame + 1;
  }
}

package dev.planaria.engine.journal;

/// A frame that was there, and was dropped from the archive when it had been kept for long enough.
/// That is neither damage nor "never existed".
public final class DroppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param frameId the frame
  public DroppedException(long frameId) {
    super("frame " + frameId + " was dropped from the archive after its time");
  }
}

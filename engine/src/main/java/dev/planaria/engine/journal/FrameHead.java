package dev.planaria.engine.journal;

/// The end of the journal: what the next frame has to follow.
///
/// @param id the last frame's id, 0 before the first
/// @param hash the last frame's hash, [Hash#ZERO] before the first
public record FrameHead(long id, Hash hash) {

  /// Before the first frame.
  public static final FrameHead START = new FrameHead(0, Hash.ZERO);
}

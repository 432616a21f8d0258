package dev.planaria.engine.storage;

import dev.planaria.engine.journal.FrameHead;

/// What a store says of itself when it is opened.
///
/// @param epoch the fencing token that this opening was given
/// @param closedCleanly true when the process before this one closed the store in order
/// @param lowWater frames up to here are contained in checkpoints and need not be read
/// @param evidence what a look at it from outside has shown
public record StoreMarks(
    long epoch, boolean closedCleanly, FrameHead lowWater, StoreEvidence evidence) {

  /// Of a store that nobody looked at from outside.
  public StoreMarks(long epoch, boolean closedCleanly, FrameHead lowWater) {
    this(epoch, closedCleanly, lowWater, StoreEvidence.NONE);
  }
}

package dev.planaria.engine.storage.sqlite;

/// What to do with a store that is behind its witness.
public enum OnLoss {
  /// Leave it as it is and say so ([StoreBehindWitness]): an older or damaged file may have taken
  /// the place of a good one that can still be put back.
  REFUSE,
  /// Go on without what is missing. The log is set aside first when a part of it cannot be read,
  /// and a frame is appended that declares the gap, so that no frame id is used a second time.
  ACCEPT
}

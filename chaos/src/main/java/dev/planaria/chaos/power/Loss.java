package dev.planaria.chaos.power;

/// What a loss of power does to writes that were not synced: a disk may have done any of them, in
/// any order.
public enum Loss {
  /// None of them reached the disk.
  ALL,
  /// Each of them did or did not.
  SOME,
  /// Each sector of 512 bytes of each of them did or did not.
  TORN
}

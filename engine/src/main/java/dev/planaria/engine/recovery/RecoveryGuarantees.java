package dev.planaria.engine.recovery;

/// What a recovery promises, one by one, so that a test can take one away and show that it would
/// notice. The product uses [#ALL] and nothing else.
///
/// @param detachReferences references that lead nowhere are taken away
/// @param clampValues values out of bounds are put back within them
/// @param countLosses what is lost is reported, by count and by component
/// @param contained a session that is being recovered, or cannot be, holds up no other
public record RecoveryGuarantees(
    boolean detachReferences, boolean clampValues, boolean countLosses, boolean contained) {

  /// Everything is promised.
  public static final RecoveryGuarantees ALL = new RecoveryGuarantees(true, true, true, true);

  /// Everything is promised beyond the two repairs.
  public RecoveryGuarantees(boolean detachReferences, boolean clampValues) {
    this(detachReferences, clampValues, true, true);
  }
}

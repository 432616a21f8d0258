package dev.planaria.app.shim;

/// What the shim promises, by name, so that a test can take one promise away and watch the proof of
/// it turn red. The product only ever uses [#ALL].
///
/// @param resendUnanswered a line whose daemon died is sent again to the next one
/// @param nameOperations each call carries an operation id, so that a daemon recognises it when it
///   is sent again
public record ShimGuarantees(boolean resendUnanswered, boolean nameOperations) {

  /// All of them.
  public static final ShimGuarantees ALL = new ShimGuarantees(true, true);
}

package dev.planaria.app.front;

/// What the front promises, by name, so that a test can take one promise away and watch the proof
/// of it turn red. The product only ever uses [#ALL].
///
/// @param resendUnanswered a request whose worker died is sent again to the next one
/// @param resumeStreams a client's event stream goes on over the death of the worker behind it
/// @param skipRepeatedPrimer the event that a resumed stream begins with, and that the client has
///   already had, is not passed on twice
/// @param bufferAnswers an answer is complete before its first byte goes out, so that a death in
///   its middle never shows
public record FrontGuarantees(
    boolean resendUnanswered,
    boolean resumeStreams,
    boolean skipRepeatedPrimer,
    boolean bufferAnswers) {

  /// All of them.
  public static final FrontGuarantees ALL = new FrontGuarantees(true, true, true, true);
}

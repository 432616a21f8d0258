package dev.planaria.chaos.server;

/// A call of a [DiaryServer]'s tool, and what its caller was told in the end.
///
/// @param caller who asked, from 0; each asks one thing after the other
/// @param operationId its operation id, which no other call has; the name of its effect, too
/// @param kind what was asked
/// @param amount what was to be added; 0 for an effect
/// @param ending what the caller was told
public record Told(int caller, String operationId, Kind kind, long amount, Ending ending) {

  /// What is asked.
  public enum Kind {
    /// Something that stays when the server dies.
    EFFECT,
    /// Something that is in its memory alone, and is to be built up again.
    ADD
  }

  /// What a caller is told.
  public enum Ending {
    /// It was done: the server's own answer.
    DONE,
    /// It was not done, and will not be.
    NOT_RUN,
    /// Nobody can say.
    UNKNOWN,
    /// Nothing, by its deadline.
    NO_ANSWER
  }
}

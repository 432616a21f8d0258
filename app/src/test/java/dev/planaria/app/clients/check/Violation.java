package dev.planaria.app.clients.check;

/// One thing that must not be.
///
/// @param kind what was violated
/// @param sentence how, with the ids
public record Violation(Kind kind, String sentence) {

  /// What can be violated.
  public enum Kind {
    /// Something acknowledged is not there.
    LOST,
    /// Something is there twice.
    DUPLICATED,
    /// Something stands before what was acknowledged before it began.
    REORDERED,
    /// The store itself is not sound.
    UNSOUND,
    /// A client waited for an answer that did not come to its own promise.
    PROMISE_BROKEN,
    /// A client had to change its link, or its link was not known.
    LINK_LOST,
    /// A client saw a connection refused, reset or broken off.
    CONNECTION_BROKEN
  }
}

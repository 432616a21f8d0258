package dev.planaria.engine.state;

import org.jspecify.annotations.Nullable;

/// One request of a client that travels to an upstream and may have an effect there. Arguments and
/// outcome stand here as the client knows them, with the ids that it was first given.
///
/// Arguments are kept as long as the call may still be sent: while it waits, runs or is of unknown
/// outcome, and when it is kept for replay.
///
/// @param id names it to its client
/// @param connectionId the upstream's connection
/// @param method of the protocol: `tools/call`
/// @param target the tool's name, the resource's URI or the prompt's name; null for a method
///   without one
/// @param callClass what it does there
/// @param params JSON text as it came; null when it holds what must not be written down, or is no
///   longer needed. A call without arguments has `{}`
/// @param argumentsDigest tells other arguments under the same id apart when the arguments are
///   gone; null when they must not be written down, in no form
/// @param status where it stands
/// @param order its place among the calls of the session; calls of a connection are sent in it
/// @param attempts how often it was sent, or may have been
/// @param acceptedAtMillis Unix time
/// @param updatedAtMillis Unix time of the last change
/// @param expiresAtMillis Unix time: while it waits, when it no longer may be sent; once it has
///   ended, when it is forgotten. Null while it is `SENT`, which only its end or its upstream's
///   ends, and while it is kept for replay
/// @param outcome JSON text of the result (`COMPLETED`) or the error (`FAILED`); null until there
///   is one, and when it was too large to be kept, which the reason then says
/// @param reason why it stands where it does, in a sentence; null when that needs no words
/// @param replayable it builds up state at its upstream: once completed it is kept, until it is let
///   go, to be sent again to one that lost its state
public record Call(
    CallId id,
    String connectionId,
    String method,
    @Nullable String target,
    CallClass callClass,
    @Nullable String params,
    @Nullable String argumentsDigest,
    CallStatus status,
    long order,
    int attempts,
    long acceptedAtMillis,
    long updatedAtMillis,
    @Nullable Long expiresAtMillis,
    @Nullable String outcome,
    @Nullable String reason,
    boolean replayable) {

  /// True when it is part of what rebuilds its upstream's state.
  public boolean isKeptForReplay() {
    return replayable && status == CallStatus.COMPLETED;
  }

  /// True when its connection must exist: it has to be sent there, or may have to be.
  boolean needsConnection() {
    return status.isOpen() || isKeptForReplay();
  }
}

package dev.planaria.app.gateway.upstreams;

/// What is known about a request that got no answer.
public enum Sent {
  /// No byte of it left: it certainly was not carried out.
  NEVER_SENT,
  /// The server itself said that it did not take it (an unknown session, missing permission, too
  /// many requests): it was not carried out, by the server's word.
  REFUSED,
  /// It may have been carried out, wholly or in part.
  MAYBE_SENT
}

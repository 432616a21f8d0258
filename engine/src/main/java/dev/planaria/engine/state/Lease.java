package dev.planaria.engine.state;

/// An agent's right to work on a task until a time.
///
/// @param token what the holder must show to update, complete or fail the task; a fencing token,
///   new at each claim
/// @param durationMillis how long one renewal lasts
/// @param expiresAtMillis Unix time from which on the task is given back
public record Lease(String token, long durationMillis, long expiresAtMillis) {

  /// True when the holder has lost its right.
  public boolean isExpiredAt(long nowMillis) {
    return expiresAtMillis <= nowMillis;
  }

  /// The lease with its full length from now on; never shorter than it was.
  public Lease renewedAt(long nowMillis) {
    return new Lease(token, durationMillis, Math.max(expiresAtMillis, nowMillis + durationMillis));
  }
}

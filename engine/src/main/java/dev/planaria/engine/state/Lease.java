package dev.planaria.engine.state;

/// An agent's right to work on a task until a time.
///
/// @param token what the holder must show to update, complete or fail the task; a fencing token,
///   new at each claim
/// @param durationMillis how long one renewal lasts
/// @param expiresAtMillis Unix time after which the task is given back
public record Lease(String token, long durationMillis, long expiresAtMillis) {}

package dev.planaria.engine.state;

/// Everything that a decision may depend on besides the state and the command, so that deciding
/// stays pure.
///
/// @param nowMillis Unix time of the decision
/// @param seq the seq that the operation will have; new ids are made of it
/// @param token a fresh, unguessable text for a lease
/// @param limits what a session may hold
public record Decision(long nowMillis, long seq, String token, Limits limits) {}

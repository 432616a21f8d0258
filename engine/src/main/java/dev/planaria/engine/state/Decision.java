package dev.planaria.engine.state;

import java.util.function.Supplier;

/// Everything that a decision may depend on besides the state and the command, so that deciding
/// stays pure.
///
/// @param nowMillis Unix time of the decision
/// @param seq the seq that the operation will have; new ids are made of it ([History#newId])
/// @param newToken gives a fresh, unguessable text for a lease; asked only when one is handed out
/// @param limits what a session may hold
public record Decision(long nowMillis, long seq, Supplier<String> newToken, Limits limits) {}

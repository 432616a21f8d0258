package dev.planaria.app.gateway.upstreams;

/// How often a server did something that the protocol does not allow, but that does no harm.
///
/// @param noise lines or events that were no JSON-RPC message, unfinished last lines included
/// @param errorsWithoutId errors that named no request
/// @param unknownAnswers answers to requests that nobody waits for: repeated, late, or made up
public record Oddities(long noise, long errorsWithoutId, long unknownAnswers) {}

package dev.planaria.app.gateway.connections;

import dev.planaria.engine.state.SessionId;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/// The sessions that callers may name.
///
/// @param find the session of an id or name, if there is one that callers may see
/// @param open the same, begun when there is none of that name; the second text says who begins it.
///   Throws a refusal or a field exception when it cannot be
public record SessionNames(
    Function<String, Optional<SessionId>> find, BiFunction<String, String, SessionId> open) {}

package dev.planaria.engine.session;

import org.jspecify.annotations.Nullable;

/// Who asks, and under which operation id.
///
/// @param principal the name of the token or embedding program; operation ids of different
///   principals never meet
/// @param operationId names this one operation, at most 128 characters of visible ASCII: repeating
///   it with the same command returns the first result, with another command it is refused. Null:
///   one is generated, and the command cannot be repeated safely
public record Caller(String principal, @Nullable String operationId) {}

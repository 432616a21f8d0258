package dev.planaria.app.tools;

import dev.planaria.engine.json.Fields;
import dev.planaria.engine.session.Caller;
import org.jspecify.annotations.Nullable;

/// A call, as a tool's body sees it.
///
/// @param arguments the arguments; all have names that the tool knows
/// @param urlSession the session that the URL named, or null
/// @param caller who asks, and under which operation id
public record ToolCall(Fields arguments, @Nullable String urlSession, Caller caller) {}

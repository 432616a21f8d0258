package dev.planaria.app.tools;

import dev.planaria.engine.json.JsonObject;
import org.jspecify.annotations.Nullable;

/// A call of a tool as it comes from outside.
///
/// @param tool the tool's name
/// @param arguments what the caller sent
/// @param urlSession the session that the URL named, or null
/// @param principal who asks
/// @param operationId the id that the caller put beside the arguments, or null
/// @param fallbackOperationId the id to use when the caller gave none at all, so that the same
///   request, sent again by whoever carries it, runs once; null when nobody sends it again
public record ToolRequest(
    String tool,
    JsonObject arguments,
    @Nullable String urlSession,
    String principal,
    @Nullable String operationId,
    @Nullable String fallbackOperationId) {}

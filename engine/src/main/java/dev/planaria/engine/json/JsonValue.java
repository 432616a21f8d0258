package dev.planaria.engine.json;

/// One JSON value (RFC 8259), immutable.
///
/// The engine stores what callers hand in (metadata, results, memory values) as such values, and
/// every operation and checkpoint is written as one. Build from text with [Json#parse], back to
/// text with [Json#write]. Thread-safe.
public sealed interface JsonValue
    permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBoolean, JsonNull {}

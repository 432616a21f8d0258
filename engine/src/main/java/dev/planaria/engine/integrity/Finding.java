package dev.planaria.engine.integrity;

import org.jspecify.annotations.Nullable;

/// One thing that is wrong.
///
/// @param severity how bad
/// @param component where: `database`, `frame`, `entry`, `checkpoint`, `state`
/// @param sessionId the session concerned, or null when it concerns the store
/// @param sentence what, for people
public record Finding(
    Severity severity, String component, @Nullable String sessionId, String sentence) {}

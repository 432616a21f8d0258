package dev.planaria.engine.session;

/// What checks of stored data have found since the engine was opened.
///
/// @param checksumFailures findings that are bytes which do not match the sum, hash or chain they
///   were written with
/// @param truePositives findings of the scrub, of the opening after a crash and of recoveries that
///   were asked for, which a second reading confirmed
/// @param falsePositives what the scrub took for damage and a second reading did not confirm
/// @param missed findings that no check had made before a caller's request met them
public record DetectionCounts(
    long checksumFailures, long truePositives, long falsePositives, long missed) {}

package dev.planaria.chaos.experiment;

import java.util.function.LongSupplier;

/// Where a run has its times from.
///
/// @param nowMillis Unix time in milliseconds
/// @param nanoTime a monotonic clock in nanoseconds
public record Clocks(LongSupplier nowMillis, LongSupplier nanoTime) {}

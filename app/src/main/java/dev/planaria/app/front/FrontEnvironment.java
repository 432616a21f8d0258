package dev.planaria.app.front;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What the front takes from the outside world, handed in so that tests decide it.
///
/// @param nowMillis Unix time in milliseconds
/// @param nanoTime a monotonic clock in nanoseconds
/// @param newStamp fresh UUIDv7 texts, one for each client request
/// @param log where the front writes what it did
public record FrontEnvironment(
    LongSupplier nowMillis, LongSupplier nanoTime, Supplier<String> newStamp, FrontLog log) {}

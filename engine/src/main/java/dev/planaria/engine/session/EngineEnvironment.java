package dev.planaria.engine.session;

import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What the engine takes from the outside world, handed in so that tests and simulations decide it.
///
/// @param nowMillis Unix time in milliseconds
/// @param nanoTime a monotonic clock in nanoseconds
/// @param newId fresh UUIDv7 values, for sessions, operations and recoveries
/// @param newToken fresh texts of at least 128 random bits, for leases
public record EngineEnvironment(
    LongSupplier nowMillis,
    LongSupplier nanoTime,
    Supplier<UUID> newId,
    Supplier<String> newToken) {}

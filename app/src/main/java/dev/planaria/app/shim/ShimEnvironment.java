package dev.planaria.app.shim;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What the shim takes from the outside world, handed in so that tests decide it.
///
/// @param nanoTime a monotonic clock in nanoseconds
/// @param name of this process, which no other one has
/// @param newOperationId fresh UUIDv7 texts, one for each call
/// @param daemons where daemons are found and started
/// @param note takes what the shim has to say to people, one sentence at a time; never stdout
public record ShimEnvironment(
    LongSupplier nanoTime,
    String name,
    Supplier<String> newOperationId,
    Daemons daemons,
    Consumer<String> note) {}

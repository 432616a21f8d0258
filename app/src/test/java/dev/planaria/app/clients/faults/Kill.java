package dev.planaria.app.clients.faults;

import org.jspecify.annotations.Nullable;

/// One kill, as it was done.
///
/// @param aimedAt the phase that it was aimed at, or null when it came at a random moment
/// @param workerPid the worker at that moment, whether it was killed or lost its front
/// @param atMicros when the signal was sent, in microseconds of Unix time
public record Kill(@Nullable Phase aimedAt, long workerPid, long atMicros) {}

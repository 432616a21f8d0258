package dev.planaria.app.gateway.connections;

import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/// Where time and chance come from.
///
/// @param nowMillis Unix time
/// @param random from 0 to below 1
public record Clock(LongSupplier nowMillis, DoubleSupplier random) {}

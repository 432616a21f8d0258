package dev.planaria.chaos.fault;

/// One fault of an experiment: what is done, to what, when, and for how long.
///
/// @param fault what is done
/// @param target to what
/// @param startMillis milliseconds after the experiment's workload has begun
/// @param lengthMillis how long it lasts; 0 for one that happens at once
public record FaultSpec(Fault fault, Target target, long startMillis, long lengthMillis) {}

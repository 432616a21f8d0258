package dev.planaria.chaos.report;

import dev.planaria.chaos.fault.FaultSpec;

/// A fault of a run, and how often it was really met.
///
/// @param spec the fault
/// @param hits how often a process, a connection, a file or a call was really hit by it; 0 fails
///   the run
public record FaultHits(FaultSpec spec, long hits) {}

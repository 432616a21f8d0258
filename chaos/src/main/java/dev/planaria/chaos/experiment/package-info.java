/// Experiments: a daemon of their own, a workload, faults, a deadline for the recovery, and a
/// comparison of what came back with what there was.
@NullMarked
package dev.planaria.chaos.experiment;

import org.jspecify.annotations.NullMarked;

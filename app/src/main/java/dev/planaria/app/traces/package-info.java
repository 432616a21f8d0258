/// Spans of calls, recoveries and checkpoints, for systems that follow a request through many
/// programs (OpenTelemetry). Nothing of OpenTelemetry is loaded unless somebody has named a
/// collector.
@NullMarked
package dev.planaria.app.traces;

import org.jspecify.annotations.NullMarked;

/// Figures of a running worker, for operators and for other systems: what the engine's own
/// ([dev.planaria.engine.metrics]) say of this process, kept fresh at a bounded cost.
@NullMarked
package dev.planaria.app.metrics;

import org.jspecify.annotations.NullMarked;

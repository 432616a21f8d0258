/// What an engine is measured by: the key figures of the specification, computed from what is
/// durable, and the book that keeps what no other record holds. Nothing of the engine uses it.
@NullMarked
package dev.planaria.engine.metrics;

import org.jspecify.annotations.NullMarked;

/// Tests of figures.
@NullMarked
package dev.planaria.engine.metrics;

import org.jspecify.annotations.NullMarked;

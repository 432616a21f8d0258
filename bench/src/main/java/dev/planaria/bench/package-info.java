/// Benchmarks.
@NullMarked
package dev.planaria.bench;

import org.jspecify.annotations.NullMarked;

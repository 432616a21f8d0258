/// Tests of what is measured.
@NullMarked
package dev.planaria.app.metrics;

import org.jspecify.annotations.NullMarked;

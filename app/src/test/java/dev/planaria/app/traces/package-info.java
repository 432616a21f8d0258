/// Tests of spans.
@NullMarked
package dev.planaria.app.traces;

import org.jspecify.annotations.NullMarked;

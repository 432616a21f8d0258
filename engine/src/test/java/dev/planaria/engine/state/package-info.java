/// Tests of the pure core, and what they share.
@NullMarked
package dev.planaria.engine.state;

import org.jspecify.annotations.NullMarked;

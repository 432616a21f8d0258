/// Tests of checkpoints.
@NullMarked
package dev.planaria.engine.checkpoint;

import org.jspecify.annotations.NullMarked;

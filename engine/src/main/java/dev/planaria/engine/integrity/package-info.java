/// Checks that a state, a chain or a checkpoint is what it claims to be.
@NullMarked
package dev.planaria.engine.integrity;

import org.jspecify.annotations.NullMarked;

/// A session at a seq, as bytes: when to take one, how it is written, read back and verified.
@NullMarked
package dev.planaria.engine.checkpoint;

import org.jspecify.annotations.NullMarked;

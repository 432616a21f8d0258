/// A session as one file: how it is written, and read so that nothing in it has to be believed.
@NullMarked
package dev.planaria.engine.transfer;

import org.jspecify.annotations.NullMarked;

/// From what a crash left behind to sessions that serve again.
@NullMarked
package dev.planaria.engine.recovery;

import org.jspecify.annotations.NullMarked;

/// A daemon of our own that may be killed, stopped and started again, and whoever does that to its
/// processes, to its disk, its clock and its memory.
@NullMarked
package dev.planaria.chaos.process;

import org.jspecify.annotations.NullMarked;

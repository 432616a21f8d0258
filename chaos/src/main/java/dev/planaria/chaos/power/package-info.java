/// Loss of power: what a process asks the operating system to do with its files is traced, and the
/// disk that a loss of power would leave at any moment of the trace is made from that.
@NullMarked
package dev.planaria.chaos.power;

import org.jspecify.annotations.NullMarked;

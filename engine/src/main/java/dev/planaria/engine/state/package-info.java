/// What a session is: agents, tasks, connections and memory as one immutable value; commands, the
/// operations they decide, and how an operation changes the value. Pure: no clock, no randomness,
/// no I/O.
@NullMarked
package dev.planaria.engine.state;

import org.jspecify.annotations.NullMarked;

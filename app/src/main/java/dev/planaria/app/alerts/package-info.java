/// What an operator is told without asking: rules over readings of the daemon, the standing of all
/// alerts as one immutable value, the file in which it outlives the worker, and its views. The
/// rules are pure: time and readings are handed in.
@NullMarked
package dev.planaria.app.alerts;

import org.jspecify.annotations.NullMarked;

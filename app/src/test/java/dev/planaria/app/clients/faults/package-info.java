/// What is done to the daemon, and how exactly it was hit: kills at random moments, kills at a
/// chosen point of a call's life, and the trace that tells afterwards where each call was. Knows
/// nothing of what clients were promised.
@NullMarked
package dev.planaria.app.clients.faults;

import org.jspecify.annotations.NullMarked;

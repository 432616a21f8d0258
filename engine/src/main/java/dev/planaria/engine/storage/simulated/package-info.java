/// A store in memory, for tests and simulations: it forgets with the power what was not synced,
/// fails when it is told to, and can be damaged.
@NullMarked
package dev.planaria.engine.storage.simulated;

import org.jspecify.annotations.NullMarked;

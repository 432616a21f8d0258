/// The wiring: the only place where the product touches the real clock, randomness and process
/// table. `FrontMain` starts a front, `WorkerMain` a worker.
@NullMarked
package dev.planaria.app.daemon;

import org.jspecify.annotations.NullMarked;

/// The two sides of every proof as processes: the daemon under test, and the clients that work on
/// it.
@NullMarked
package dev.planaria.app.clients.processes;

import org.jspecify.annotations.NullMarked;

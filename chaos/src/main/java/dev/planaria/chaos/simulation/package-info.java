/// A daemon's engine, its callers, a network and a server in one thread's worth of virtual time:
/// everything that happens follows from a seed, hours pass in milliseconds, and the promises are
/// checked after every event.
@NullMarked
package dev.planaria.chaos.simulation;

import org.jspecify.annotations.NullMarked;

/// Connections to upstreams: the state machine that says what happens to one, and what drives it.
@NullMarked
package dev.planaria.app.gateway.connections;

import org.jspecify.annotations.NullMarked;

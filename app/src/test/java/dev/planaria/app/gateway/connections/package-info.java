/// Tests of the connection state machine.
@NullMarked
package dev.planaria.app.gateway.connections;

import org.jspecify.annotations.NullMarked;

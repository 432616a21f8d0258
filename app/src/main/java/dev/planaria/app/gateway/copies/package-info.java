/// Private copies of servers' packages: a server that keeps data inside its package runs from a
/// copy that belongs to one process alone, so that no process finds what another one has left.
@NullMarked
package dev.planaria.app.gateway.copies;

import org.jspecify.annotations.NullMarked;

/// The calls of legacy clients: each is recorded before its client is told anything, so that a
/// killed process goes on with it, and a client that comes back gets its answer.
@NullMarked
package dev.planaria.app.gateway.calls;

import org.jspecify.annotations.NullMarked;

/// Connections to the servers behind Planaria: kept, brought back, and accounted for. A request
/// comes in as an [Ask] and gets exactly one answer in bounded time, whatever becomes of the
/// server, the connection, or the process that ran before this one.
@NullMarked
package dev.planaria.app.gateway.connections;

import org.jspecify.annotations.NullMarked;

/// An MCP server to connect to: small, with a memory, in every revision of the protocol, over pipes
/// and over HTTP, and able to misbehave on demand.
@NullMarked
package dev.planaria.app.gateway.upstreams.echo;

import org.jspecify.annotations.NullMarked;

/// What goes over the wire: one HTTP request and its answer, JSON-RPC 2.0 envelopes, server-sent
/// events. Knows nothing of sessions or tools, and nothing of the HTTP server behind [Exchange].
@NullMarked
package dev.planaria.app.gateway.wire;

import org.jspecify.annotations.NullMarked;

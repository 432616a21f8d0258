/// Both eras of the protocol on the same address: legacy clients with a handshake, a durable link
/// and streams that can be resumed; modern clients without any state.
@NullMarked
package dev.planaria.app.gateway.clients;

import org.jspecify.annotations.NullMarked;

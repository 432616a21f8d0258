package dev.planaria.app.gateway.calls;

import dev.planaria.app.gateway.wire.Address;
import dev.planaria.app.gateway.wire.RpcId;
import dev.planaria.engine.journal.Hash;

/// What is written down of a call before its client is told anything.
///
/// @param stream names the call and, with a position, each event of its stream
/// @param link the link it came over
/// @param principal who asked
/// @param address where it went
/// @param id the JSON-RPC id
/// @param digest SHA-256 of the body
/// @param operationId under which it runs, however often it is started again
/// @param acceptedAtMillis Unix time
public record CallRecord(
    String stream,
    String link,
    String principal,
    Address address,
    RpcId id,
    Hash digest,
    String operationId,
    long acceptedAtMillis) {}

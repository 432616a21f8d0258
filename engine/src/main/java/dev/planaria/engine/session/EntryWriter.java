package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.json.JsonWriter;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.Transition;

/// Makes the next entry of a session: chains an operation to what came before, and applies it.
///
/// Not thread-safe: it keeps the memory that an entry is written in, so that writing one allocates
/// little. Guarded by its session.
final class EntryWriter {

  private final SessionId id;
  private final long epoch;
  private final EntryCodec codec = new EntryCodec();
  private final JsonWriter body = new JsonWriter();

  EntryWriter(SessionId id, long epoch) {
    this.id = id;
    this.epoch = epoch;
  }

  /// An entry, and the session with it.
  ///
  /// @param bytes the whole entry; not copied, must not be changed
  // The bytes are handed on, never compared.
  @SuppressWarnings("ArrayRecordComponent")
  record Written(byte[] bytes, SessionImage after) {}

  /// @param before the session; for its first operation, as that makes it, at seq 0
  Written write(SessionImage before, Operation operation, long now, OperationIdentity identity) {
    long seq = before.seq() + 1;
    OperationCodec.write(operation, body.clear());
    EntryCodec.Encoded encoded =
        codec.encode(
            id,
            seq,
            epoch,
            now,
            identity.commandDigest(),
            identity.principal(),
            identity.operationId(),
            OperationCodec.type(operation),
            body.written(),
            before.hash());
    var state =
        operation instanceof Operation.Beginning
            ? before.state()
            : Transition.apply(before.state(), operation, now);
    return new Written(encoded.bytes(), new SessionImage(state, seq, encoded.hash()));
  }
}

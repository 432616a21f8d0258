package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.OperationKey;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.JsonWriter;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.CommandDigest;
import java.security.MessageDigest;
import java.util.UUID;
import java.util.function.Supplier;

/// What tells one operation from all others: whose it is, its id, and what was asked for. Made
/// before the session's turn, since it costs as much as the decision.
///
/// @param principal who asks
/// @param operationId the caller's, or a new one
/// @param key stands for the two
/// @param commandDigest tells the command from others
/// @param isNew true when the id was made just now, so that nobody can have used it
record OperationIdentity(
    String principal, String operationId, OperationKey key, Hash commandDigest, boolean isNew) {

  /// The identity of a caller's command.
  static OperationIdentity of(Caller caller, Command command, Supplier<UUID> newId) {
    MessageDigest sha256 = EntryCodec.newSha256();
    var canonical = new JsonWriter();
    CommandDigest.write(command, canonical);
    return of(caller, Hash.sha256(canonical.written(), sha256), newId, sha256);
  }

  /// As the other, with the digest at hand.
  static OperationIdentity of(Caller caller, Hash commandDigest, Supplier<UUID> newId) {
    return of(caller, commandDigest, newId, EntryCodec.newSha256());
  }

  private static OperationIdentity of(
      Caller caller, Hash commandDigest, Supplier<UUID> newId, MessageDigest sha256) {
    String given = caller.operationId();
    String id = given == null ? newId.get().toString() : OperationIds.requireValid(given);
    return new OperationIdentity(
        caller.principal(),
        id,
        OperationKey.of(caller.principal(), id, sha256),
        commandDigest,
        given == null);
  }
}

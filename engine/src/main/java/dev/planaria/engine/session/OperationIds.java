package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.RememberedOperation;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import java.util.UUID;
import java.util.function.Supplier;

/// Rules for the ids that callers give their operations.
final class OperationIds {

  /// Long enough for a UUID with a prefix, short enough to be kept by the hundred thousand.
  private static final int MAX_CHARACTERS = 128;

  private OperationIds() {}

  /// Refuses an id that is empty, too long, or not visible ASCII.
  static String requireValid(String id) {
    boolean visible = id.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    if (id.isEmpty() || id.length() > MAX_CHARACTERS || !visible) {
      throw new Refusal(
          Refusal.Code.INVALID_ARGUMENT,
          "`operation_id` must be 1 to " + MAX_CHARACTERS + " characters of visible ASCII");
    }
    return id;
  }

  /// The id that a caller gives, or a fresh one.
  static String of(Caller caller, Supplier<UUID> newId) {
    String given = caller.operationId();
    return given == null ? newId.get().toString() : requireValid(given);
  }

  /// Refuses a UUIDv7 that was made before ids are remembered: its first use may have been
  /// forgotten.
  static void requireFresh(String id, long nowMillis, long keepMillis) {
    if (isUuidV7(id) && timeMillis(id) < nowMillis - keepMillis) {
      throw new Refusal(
          Refusal.Code.OPERATION_EXPIRED,
          "operation id "
              + id
              + " was made longer ago than ids are remembered ("
              + keepMillis / 86_400_000
              + " days), so nobody can tell whether it was applied; look, then use a new id");
    }
  }

  /// Refuses an id that was used before for another command.
  static void requireSameCommand(RememberedOperation known, OperationIdentity identity) {
    requireSameCommand(known, identity.operationId(), identity.commandDigest());
  }

  /// As the other, for an identity that is not at hand.
  static void requireSameCommand(RememberedOperation known, String operationId, Hash digest) {
    if (known.commandDigest() != digest.prefix()) {
      throw new Refusal(
          Refusal.Code.OPERATION_ID_REUSED,
          "operation id "
              + operationId
              + " was used before for another command; give each command an id of its own");
    }
  }

  /// Refuses an id whose operation was applied and lost since: it must not look like a repeat.
  static void requireKept(RememberedOperation known, String operationId) {
    if (known.isRolledBack()) {
      throw new Refusal(
          Refusal.Code.OPERATION_ROLLED_BACK,
          "operation id "
              + operationId
              + " was applied, and a recovery or a restore took it back; if it is still wanted, do"
              + " it again under a new id");
    }
  }

  /// What can be said of an id that is not remembered.
  ///
  /// @param forgottenBeforeMillis operations before this Unix time may have been forgotten; 0 when
  ///   none was
  /// @param rememberedSinceMillis older ids are not remembered as a rule
  static OperationLookup lookUpForgotten(
      String id, long forgottenBeforeMillis, long rememberedSinceMillis) {
    long madeMillis = isUuidV7(id) ? timeMillis(id) : 0;
    boolean mayBeForgotten =
        isUuidV7(id)
            ? madeMillis < Math.max(forgottenBeforeMillis, rememberedSinceMillis)
            : forgottenBeforeMillis > 0;
    return mayBeForgotten ? new OperationLookup.Expired() : new OperationLookup.NotFound();
  }

  private static boolean isUuidV7(String id) {
    return SessionId.looksLikeId(id) && UUID.fromString(id).version() == 7;
  }

  private static long timeMillis(String uuidV7) {
    return UUID.fromString(uuidV7).getMostSignificantBits() >>> 16;
  }
}

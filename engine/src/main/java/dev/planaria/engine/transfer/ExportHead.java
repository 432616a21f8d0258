package dev.planaria.engine.transfer;

import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.state.SessionId;

/// What an export says of itself.
///
/// @param sessionId the session
/// @param name its name
/// @param startSeq the operation whose state the export begins with; 0 when it begins with the
///   session's first operation
/// @param startHash the chain hash there
/// @param headSeq the last operation
/// @param headHash the chain hash there
/// @param exportedAtMillis when, Unix time
public record ExportHead(
    SessionId sessionId,
    String name,
    long startSeq,
    Hash startHash,
    long headSeq,
    Hash headHash,
    long exportedAtMillis) {

  private static final int TEXT = 1_024;

  byte[] encode() {
    return Json.writeBytes(
        JsonObject.builder()
            .put("session_id", sessionId.toString())
            .put("name", name)
            .put("start_seq", startSeq)
            .put("start_hash", startHash.toString())
            .put("head_seq", headSeq)
            .put("head_hash", headHash.toString())
            .put("exported_at_ms", exportedAtMillis)
            .build());
  }

  static ExportHead decode(byte[] utf8) {
    try {
      Fields fields = Fields.of(Json.parseObject(utf8, JsonLimits.DEFAULT));
      long headSeq = fields.requiredLong("head_seq", 1, Long.MAX_VALUE);
      return new ExportHead(
          SessionId.parse(fields.requiredText("session_id", TEXT)),
          fields.requiredText("name", TEXT),
          fields.requiredLong("start_seq", 0, headSeq),
          Hash.parse(fields.requiredText("start_hash", TEXT)),
          headSeq,
          Hash.parse(fields.requiredText("head_hash", TEXT)),
          fields.requiredLong("exported_at_ms", 0, Long.MAX_VALUE));
    } catch (JsonSyntaxException | FieldException | IllegalArgumentException e) {
      throw new MalformedExport("the head of the export cannot be read: " + e.getMessage(), e);
    }
  }
}

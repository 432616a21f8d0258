package dev.planaria.engine.checkpoint;

import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonReader;
import dev.planaria.engine.json.JsonWriter;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.UndecodableException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The first part of a checkpoint's body: everything that its row says too, so that a row which was
/// changed, or a body that lies under another's row, is noticed.
///
/// @param id the checkpoint
/// @param sessionId its session
/// @param parent what it is a delta to, or null for a full one
/// @param seq the last operation that it contains
/// @param hash the session's chain hash there
/// @param createdAtMillis Unix time
/// @param label the caller's words, or null
/// @param forgottenBeforeMillis as in [CheckpointContent]
/// @param rememberedFromSeq as in [CheckpointDelta]; 0 in a full one
record CheckpointHead(
    String id,
    SessionId sessionId,
    CheckpointBody.@Nullable Parent parent,
    long seq,
    Hash hash,
    long createdAtMillis,
    @Nullable String label,
    long forgottenBeforeMillis,
    long rememberedFromSeq) {

  private static final long VERSION = 2;

  static CheckpointHead of(CheckpointInfo info, CheckpointBody body) {
    return switch (body) {
      case CheckpointBody.Full full ->
          new CheckpointHead(
              info.id(),
              info.sessionId(),
              null,
              full.seq(),
              full.hash(),
              info.createdAtMillis(),
              info.label(),
              full.content().forgottenBeforeMillis(),
              0);
      case CheckpointBody.Incremental incremental ->
          new CheckpointHead(
              info.id(),
              info.sessionId(),
              incremental.parent(),
              incremental.seq(),
              incremental.hash(),
              info.createdAtMillis(),
              info.label(),
              incremental.delta().forgottenBeforeMillis(),
              incremental.delta().rememberedFromSeq());
    };
  }

  /// True when the row that the bytes were found under says the same.
  boolean describes(StoredCheckpoint checkpoint) {
    CheckpointInfo info = checkpoint.info();
    return info.id().equals(id)
        && info.sessionId().equals(sessionId)
        && Objects.equals(info.parentId(), parent == null ? null : parent.id())
        && info.seq() == seq
        && checkpoint.hash().equals(hash)
        && info.createdAtMillis() == createdAtMillis
        && Objects.equals(info.label(), label);
  }

  byte[] encode() {
    var out = new JsonWriter();
    out.beginObject()
        .field("version", VERSION)
        .field("checkpoint_id", id)
        .field("session_id", sessionId.toString());
    if (parent != null) {
      out.field("parent_id", parent.id())
          .field("parent_sha256", parent.sha256().toString())
          .field("position", parent.position());
    }
    return out.field("seq", seq)
        .field("hash", hash.toString())
        .field("created_at_ms", createdAtMillis)
        .field("label", label)
        .field("forgotten_before_ms", forgottenBeforeMillis)
        .field("remembered_from_seq", rememberedFromSeq)
        .endObject()
        .toBytes();
  }

  /// Reads what [#encode] wrote.
  ///
  /// @throws UndecodableException when the bytes are anything else
  static CheckpointHead decode(byte[] utf8) {
    var in = JsonReader.of(utf8, JsonLimits.OWN);
    var members = new Members(in);
    in.end();
    return members.toHead();
  }

  /// The members while they are read.
  private static final class Members {
    private long version;
    private @Nullable String id;
    private @Nullable SessionId sessionId;
    private @Nullable String parentId;
    private @Nullable Hash parentSha256;
    private long position;
    private long seq;
    private @Nullable Hash hash;
    private long createdAt;
    private @Nullable String label;
    private long forgottenBefore;
    private long rememberedFrom;

    private Members(JsonReader in) {
      in.beginObject();
      for (String field = in.nextName(); field != null; field = in.nextName()) {
        switch (field) {
          case "version" -> version = in.wholeNumber();
          case "checkpoint_id" -> id = in.text();
          case "session_id" -> sessionId = SessionId.parse(in.text());
          case "parent_id" -> parentId = in.text();
          case "parent_sha256" -> parentSha256 = Hash.parse(in.text());
          case "position" -> position = in.wholeNumber();
          case "seq" -> seq = in.wholeNumber();
          case "hash" -> hash = Hash.parse(in.text());
          case "created_at_ms" -> createdAt = in.wholeNumber();
          case "label" -> label = in.text();
          case "forgotten_before_ms" -> forgottenBefore = in.wholeNumber();
          case "remembered_from_seq" -> rememberedFrom = in.wholeNumber();
          default -> in.skip();
        }
      }
    }

    private CheckpointHead toHead() {
      if (version != VERSION) {
        throw new UndecodableException("it has version " + version);
      }
      CheckpointBody.Parent parent =
          parentId == null
              ? null
              : new CheckpointBody.Parent(
                  parentId, required(parentSha256, "parent_sha256"), Math.toIntExact(position));
      return new CheckpointHead(
          required(id, "checkpoint_id"),
          required(sessionId, "session_id"),
          parent,
          seq,
          required(hash, "hash"),
          createdAt,
          label,
          forgottenBefore,
          rememberedFrom);
    }

    private static <T> T required(@Nullable T value, String field) {
      if (value == null) {
        throw new UndecodableException("`" + field + "` is missing");
      }
      return value;
    }
  }
}

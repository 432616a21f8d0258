package dev.planaria.app.api;

import dev.planaria.app.tools.Sessions;
import dev.planaria.app.tools.Views;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.recovery.RecoveryChoice;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.Committed;
import dev.planaria.engine.session.Exported;
import dev.planaria.engine.session.Imported;
import dev.planaria.engine.session.Opened;
import dev.planaria.engine.session.PastPoint;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.session.SessionView;
import dev.planaria.engine.session.StoreUnavailable;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What `POST /api/v1/...` does for the operator: `sessions/{s}/restore`, `sessions/{s}/fork`,
/// `sessions/{s}/recover`, `sessions/{s}/export` and `import`; files are handed over in the
/// [TransferDirectory]. The command line does the same on a store that no daemon serves.
/// Thread-safe.
public final class SessionActions {
  private static final int TEXT_CHARACTERS = 256;

  private final SessionEngine engine;
  private final Sessions sessions;
  private final String principal;
  private final TransferDirectory transfer;

  /// @param engine holds the sessions
  /// @param sessions those that may be named
  /// @param principal the operator's
  /// @param transfer where files are handed over
  public SessionActions(
      SessionEngine engine, Sessions sessions, String principal, TransferDirectory transfer) {
    this.transfer = transfer;
    this.engine = engine;
    this.sessions = sessions;
    this.principal = principal;
  }

  /// Does what a path below `/api/v1/` stands for, or nothing when it stands for nothing.
  ///
  /// @throws FieldException when a member of the body breaks a rule
  /// @throws dev.planaria.engine.state.Refusal when it cannot be done; nothing was changed
  public Optional<JsonObject> post(String path, JsonObject body) {
    String[] parts = path.split("/", -1);
    if (path.equals("import")) {
      return Optional.of(bring(Fields.of(body)));
    }
    if (parts.length != 3 || !parts[0].equals("sessions")) {
      return Optional.empty();
    }
    Fields fields = Fields.of(body);
    return switch (parts[2]) {
      case "restore" -> Optional.of(restore(session(parts[1]), fields));
      case "fork" -> Optional.of(fork(session(parts[1]), fields));
      case "export" -> Optional.of(export(session(parts[1]), fields));
      case "recover" -> Optional.of(recover(session(parts[1]), fields));
      default -> Optional.empty();
    };
  }

  private SessionId session(String encoded) {
    return find(encoded)
        .orElseThrow(() ->
            new Refusal(
                Refusal.Code.NOT_FOUND,
                "there is no session of that name or id; planaria sessions lists them"))
        .id();
  }

  /// The session that a path names by id or name, percent-encoded.
  public Optional<SessionSummary> find(String encoded) {
    try {
      return sessions.find(decoded(encoded));
    } catch (FieldException e) {
      return Optional.empty(); // broken percent-encoding names nothing
    }
  }

  /// A segment of a path without its percent-encoding.
  ///
  /// @throws FieldException when it is broken
  static String decoded(String encoded) {
    try {
      return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new FieldException("path", "has broken percent-encoding");
    }
  }

  private JsonObject restore(SessionId session, Fields body) {
    Caller caller = caller(body);
    PastPoint point = point(body);
    body.refuseUnknown();
    if (point == null) {
      throw new FieldException("seq", "or `checkpoint_id` must be given");
    }
    Committed committed = engine.restore(session, point, caller);
    var restored = (Operation.Restored) committed.operation();
    return JsonObject.builder()
        .put("session_id", session.toString())
        .put("head", Views.receipt(committed.receipt()))
        .put("to_seq", restored.toSeq())
        .put("dropped", restored.dropped())
        .put("operation_id", committed.operationId())
        .build();
  }

  private JsonObject fork(SessionId parent, Fields body) {
    Caller caller = caller(body);
    String name = body.optionalText("name", TEXT_CHARACTERS);
    PastPoint point = point(body);
    body.refuseUnknown();
    Opened fork = sessions.fork(parent, name, point, caller);
    return JsonObject.builder()
        .put("session_id", fork.state().id().toString())
        .put("name", fork.state().name())
        .put("parent_session_id", parent.toString())
        .put("head", Views.receipt(fork.head()))
        .put("agents", fork.state().agents().size())
        .put("tasks", fork.state().tasks().size())
        .put("memory", fork.state().memory().size())
        .build();
  }

  private JsonObject recover(SessionId session, Fields body) {
    String checkpoint = body.optionalText("checkpoint_id", TEXT_CHARACTERS);
    boolean acceptLoss = Boolean.TRUE.equals(body.optionalBoolean("accept_loss"));
    body.refuseUnknown();
    SessionView view = engine.recover(session, choice(checkpoint, acceptLoss));
    return JsonObject.builder()
        .put("session_id", session.toString())
        .put("head", Views.receipt(view.head()))
        .put(
            "recovery",
            engine.recoveries(session, 1).stream().findFirst().map(Views::recovery).orElse(null))
        .build();
  }

  private JsonObject export(SessionId session, Fields body) {
    body.refuseUnknown();
    try {
      String name = transfer.newName();
      Path file = transfer.file(name).orElseThrow();
      Exported exported = engine.export(session, file);
      return JsonObject.builder()
          .put("session_id", session.toString())
          .put("name", exported.name())
          .put("head", Views.receipt(exported.head()))
          .put("start_seq", exported.startSeq())
          .put("operations", exported.operations())
          .put("bytes", exported.bytes())
          .put("file", name)
          .build();
    } catch (IOException e) {
      throw new StoreUnavailable("the export could not be written: " + e.getMessage(), e);
    }
  }

  private JsonObject bring(Fields body) {
    Caller caller = caller(body);
    String name = body.optionalText("name", TEXT_CHARACTERS);
    String handed = body.requiredText("file", TEXT_CHARACTERS);
    body.refuseUnknown();
    Path file =
        transfer
            .file(handed)
            .filter(transfer::holds)
            .orElseThrow(
                () -> new FieldException("file", "must name a file in the directory `transfer`"));
    try {
      Imported imported = sessions.importFrom(file, name, caller);
      return JsonObject.builder()
          .put("session_id", imported.head().sessionId().toString())
          .put("name", imported.name())
          .put("head", Views.receipt(imported.head()))
          .put("operations", imported.operations())
          .put("copied", imported.copied())
          .build();
    } catch (IOException e) {
      throw new StoreUnavailable("the export could not be read: " + e.getMessage(), e);
    }
  }

  private static RecoveryChoice choice(@Nullable String checkpoint, boolean acceptLoss) {
    if (checkpoint != null) {
      return new RecoveryChoice.FromCheckpoint(checkpoint);
    }
    return acceptLoss ? new RecoveryChoice.AcceptLoss() : new RecoveryChoice.ByTable();
  }

  private Caller caller(Fields body) {
    return new Caller(principal, body.optionalText("operation_id", TEXT_CHARACTERS));
  }

  private static @Nullable PastPoint point(Fields body) {
    String checkpoint = body.optionalText("checkpoint_id", TEXT_CHARACTERS);
    Long seq = body.optionalLong("seq", 1, Long.MAX_VALUE);
    if (checkpoint != null && seq != null) {
      throw new FieldException("seq", "and `checkpoint_id` must not both be given");
    }
    if (seq != null) {
      return new PastPoint.AtSeq(seq);
    }
    return checkpoint == null ? null : new PastPoint.AtCheckpoint(checkpoint);
  }
}

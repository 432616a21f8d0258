package dev.planaria.app.clients.ledger;

import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.state.SessionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the lines in which clients tell of themselves; `ledger/lines.mjs` writes them, and
/// [dev.planaria.app.clients.programs] do.
final class EventLine {

  private static final int LONGEST = 4_000;

  private EventLine() {}

  /// @throws IllegalArgumentException when the line is none of a client's
  static ClientEvent parse(String line) {
    Fields fields = Fields.of(Json.parseObject(line, JsonLimits.DEFAULT));
    long at = fields.requiredLong("at", 0, Long.MAX_VALUE);
    String event = text(fields, "event");
    return switch (event) {
      case "ready" -> {
        var sessions = fields.optionalTexts("sessions", 100, LONGEST);
        yield new ClientEvent.Ready(at, sessions == null ? List.of() : sessions);
      }
      case "sent" ->
          new ClientEvent.Sent(
              at,
              text(fields, "call"),
              text(fields, "tool"),
              text(fields, "session"),
              fields.optionalText("operation", LONGEST),
              fields.optionalText("key", LONGEST),
              fields.optionalLong("value", 0, Long.MAX_VALUE));
      case "primed" -> new ClientEvent.Primed(at, text(fields, "call"));
      case "acknowledged" -> acknowledged(at, fields);
      case "refused" -> new ClientEvent.Refused(at, text(fields, "call"), text(fields, "text"));
      case "failed" -> new ClientEvent.Failed(at, text(fields, "call"), text(fields, "error"));
      case "again" ->
          new ClientEvent.Again(at, text(fields, "call"), attempt(fields), text(fields, "error"));
      case "link" -> new ClientEvent.Link(at, text(fields, "id"));
      case "wire" ->
          new ClientEvent.Wire(
              at,
              text(fields, "kind"),
              text(fields, "detail"),
              fields.optionalText("call", LONGEST));
      case "resuming" -> new ClientEvent.Resuming(at, text(fields, "stream"));
      case "resumed" -> new ClientEvent.Resumed(at, text(fields, "stream"));
      case "noticed" -> new ClientEvent.Noticed(at, text(fields, "text"));
      case "stopped" -> new ClientEvent.Stopped(at);
      default -> throw new IllegalArgumentException("a client tells of \"" + event + "\"");
    };
  }

  private static ClientEvent acknowledged(long at, Fields fields) {
    @Nullable Fields receipt = fields.optionalFields("receipt");
    if (receipt == null) {
      throw new IllegalArgumentException("an acknowledgement without a receipt");
    }
    return new ClientEvent.Acknowledged(
        at,
        text(fields, "call"),
        attempt(fields),
        new Receipt(
            SessionId.parse(text(receipt, "session_id")),
            receipt.requiredLong("seq", 1, Long.MAX_VALUE),
            Hash.parse(text(receipt, "hash"))),
        fields.optionalText("agent", LONGEST),
        fields.optionalText("task", LONGEST));
  }

  private static int attempt(Fields fields) {
    return fields.requiredInt("attempt", 1, Integer.MAX_VALUE);
  }

  private static String text(Fields fields, String name) {
    return fields.requiredText(name, LONGEST);
  }
}

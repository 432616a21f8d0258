package dev.planaria.chaos.ledger;

import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonObject;

/// The lines of a ledger as JSON. Pure.
final class LedgerLines {

  /// Whoever holds it may write in its holder's name.
  private static final String SECRET = "lease_token";

  private LedgerLines() {}

  /// A call that is about to be sent for the first time.
  static JsonObject sent(Line line) {
    Ask ask = line.ask();
    JsonObject.Builder arguments = JsonObject.builder();
    ask.arguments()
        .members()
        .forEach((name, value) -> {
          if (!name.equals(SECRET)) {
            arguments.put(name, value);
          }
        });
    return JsonObject.builder()
        .put("event", "sent")
        .put("operation_id", ask.operationId())
        .put("at_nanos", line.sentAtNanos())
        .put("caller", ask.caller())
        .put("session_id", ask.session().toString())
        .put("tool", ask.tool())
        .put("arguments", arguments.build())
        .build();
  }

  /// A call that is about to be sent again.
  static JsonObject again(Line line) {
    return JsonObject.builder()
        .put("event", "sent_again")
        .put("operation_id", line.ask().operationId())
        .put("attempts", line.attempts())
        .build();
  }

  /// The event that ends a call so.
  static String event(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Open() -> LedgerReading.OPEN;
      case Outcome.Acknowledged _ -> "acknowledged";
      case Outcome.Refused _ -> "refused";
      case Outcome.Unknown _ -> "unknown";
      case Outcome.Stuck _ -> "stuck";
    };
  }

  /// A call whose outcome is there.
  static JsonObject ended(Line line) {
    JsonObject.Builder json =
        JsonObject.builder()
            .put("event", event(line.outcome()))
            .put("operation_id", line.ask().operationId())
            .put("at_nanos", line.endedAtNanos());
    switch (line.outcome()) {
      case Outcome.Open() -> {
        // There is nothing more to say.
      }
      case Outcome.Acknowledged(Receipt receipt) ->
          json.put(
              "receipt",
              JsonObject.builder()
                  .put("session_id", receipt.sessionId().toString())
                  .put("seq", receipt.seq())
                  .put("hash", receipt.hash().toString())
                  .build());
      case Outcome.Refused(String reason) -> json.put("reason", reason);
      case Outcome.Unknown(String reason) -> json.put("reason", reason);
      case Outcome.Stuck(String reason) -> json.put("reason", reason);
    }
    return json.build();
  }
}

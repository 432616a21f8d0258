package dev.planaria.app.tools;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.Call;

/// Tells what became of a call to a server behind Planaria, in the words of `operation_status`.
final class CallOutcomes {
  private CallOutcomes() {}

  /// Where a call stands, as an operation does.
  static RecoveryTools.Standing standing(Call call) {
    return switch (call.status()) {
      case ACCEPTED, QUEUED, SENT -> RecoveryTools.Standing.PENDING;
      case COMPLETED, FAILED -> RecoveryTools.Standing.APPLIED;
      case UNKNOWN -> RecoveryTools.Standing.UNKNOWN;
      case EXPIRED -> RecoveryTools.Standing.EXPIRED;
      case CANCELLED -> RecoveryTools.Standing.NOT_FOUND;
    };
  }

  /// The same for people, behind the operation's id.
  static String words(Call call) {
    String aim = "a call of " + call.target() + " at the server " + call.connectionId() + ", ";
    String reason = call.reason() == null ? "" : ": " + call.reason();
    return switch (call.status()) {
      case ACCEPTED, QUEUED -> aim + "waits for the server and will be sent once; do not repeat it";
      case SENT -> aim + "is at the server; ask again";
      case COMPLETED -> aim + "was answered";
      case FAILED -> aim + "failed" + reason;
      case UNKNOWN ->
          aim
              + "may have run or not, and is not sent again by itself"
              + reason
              + "; look whether it had its effect";
      case EXPIRED -> aim + "waited for too long and was never sent";
      case CANCELLED -> aim + "was taken back and never sent" + reason;
    };
  }

  /// What the server had answered, or null when nothing is kept.
  static JsonObject result(Call call) {
    String outcome = call.outcome();
    return outcome == null ? JsonObject.EMPTY : Json.parseObject(outcome, JsonLimits.OWN);
  }
}

package dev.planaria.app.api;

import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.integrity.VerificationReport;
import dev.planaria.engine.integrity.VerificationReport.SessionCheck;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a verification found, as operators see it: what is wrong, how bad it is, what a recovery
/// would do about it, and the command to run.
final class VerificationViews {

  private VerificationViews() {}

  /// The whole report. Of sessions that are sound only the number is told, unless one was asked for
  /// by name.
  static JsonObject report(VerificationReport report) {
    boolean one = report.scope().session() != null;
    List<JsonValue> sessions =
        report.sessions().stream()
            .filter(session -> one || !session.findings().isEmpty())
            .<JsonValue>map(VerificationViews::session)
            .toList();
    return JsonObject.builder()
        .put("deep", report.scope().deep())
        .put("sound", report.isSound())
        .put("worst", report.worst().map(WireName::of).orElse(null))
        .put("frames", report.frames())
        .put("entries", report.entries())
        .put("sessions", report.sessions().size())
        .put("checkpoints", report.checkpoints())
        .put("checked", new JsonArray(sessions))
        .put("of_store", findings(report.ofStore()))
        .put("findings", findings(report.findings()))
        .build();
  }

  private static JsonObject session(SessionCheck session) {
    boolean sound = session.findings().isEmpty();
    return JsonObject.builder()
        .put("session_id", session.id().toString())
        .put("name", session.name())
        .put("sound", sound)
        .put("seq", session.seq())
        .put("operations_replayed", session.replayed())
        .put("checkpoints_compared", session.compared())
        .put("strategy", session.strategy())
        .put("operations_lost", session.lost())
        .put("action", sound ? "nothing is to be done" : action(session))
        .put("command", sound ? null : command(session))
        .put("findings", findings(session.findings()))
        .build();
  }

  private static String action(SessionCheck session) {
    String lost = session.lost() == 0 ? "nothing is lost" : session.lost() + " operations are lost";
    return switch (strategy(session)) {
      case "IMMEDIATE_RESTART" ->
          "what the session is restored from is sound; make a copy of the store before more of what"
              + " is behind it is needed";
      case "CHECKPOINT_ROLLBACK" ->
          "a recovery takes an older checkpoint, or none, and replays more; " + lost;
      case "PARTIAL_RECOVERY" ->
          "a recovery keeps everything that stands without what is damaged; " + lost;
      case "GRACEFUL_DEGRADATION" -> "a recovery puts values back within their bounds; " + lost;
      case "FRESH_STATE" ->
          "a recovery begins the session anew and keeps what can be read; " + lost;
      case "MANUAL_INTERVENTION" ->
          "no recovery makes it right, so that a person must decide: accept the loss, or choose a"
              + " checkpoint (planaria checkpoints lists them)";
      default -> "it cannot be read; make a copy of the store, and run planaria verify --deep";
    };
  }

  private static @Nullable String command(SessionCheck session) {
    String named =
        session.name().matches("[A-Za-z0-9._-]+") ? session.name() : session.id().toString();
    return switch (strategy(session)) {
      case "IMMEDIATE_RESTART" -> null;
      case "MANUAL_INTERVENTION" -> "planaria recover " + named + " --accept-loss";
      default -> "planaria recover " + named;
    };
  }

  private static String strategy(SessionCheck session) {
    String strategy = session.strategy();
    return strategy == null ? "" : strategy;
  }

  /// What is wrong, one object each.
  static JsonArray findings(List<Finding> findings) {
    return new JsonArray(findings.stream().<JsonValue>map(VerificationViews::finding).toList());
  }

  private static JsonObject finding(Finding finding) {
    return JsonObject.builder()
        .put("severity", WireName.of(finding.severity()))
        .put("type", finding.type().name())
        .put("code", finding.code())
        .put("component", finding.component())
        .put("session_id", finding.sessionId())
        .put("ids", JsonArray.ofStrings(finding.ids()))
        .put("sentence", finding.sentence())
        .build();
  }
}

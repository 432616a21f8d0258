package dev.planaria.app.alerts;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Alerts as operators and receivers see them. Times are Unix time in milliseconds.
public final class AlertViews {
  private AlertViews() {}

  /// A list of alerts.
  public static JsonObject list(List<Alert> alerts) {
    return JsonObject.builder()
        .put("alerts", new JsonArray(alerts.stream().<JsonValue>map(AlertViews::alert).toList()))
        .build();
  }

  /// An alert.
  public static JsonObject alert(Alert alert) {
    Alert.Times times = alert.times();
    return JsonObject.builder()
        .put("alert_id", alert.id())
        .put("type", alert.type().name())
        .put("severity", WireName.of(alert.type().severity()))
        .put("state", WireName.of(alert.state()))
        .put("acknowledged", alert.handling().acknowledged())
        .put("clears_when_acknowledged", alert.type().isEvent())
        .put("silenced_until", orNull(alert.handling().silencedUntilMillis()))
        .put("since_at", orNull(alert.isFiring() ? times.badSinceMillis() : times.firedMillis()))
        .put("fired_at", orNull(times.firedMillis()))
        .put("last_at", times.lastMillis())
        .put("cleared_at", orNull(times.clearedMillis()))
        .put("occurrences", alert.occurrences())
        .put("subject", subject(alert.subject()))
        .put("message", alert.seen().message())
        .put("why", alert.type().why())
        .put("what_to_do", alert.type().whatToDo())
        .put("value", orNull(alert.seen().value()))
        .put("threshold", orNull(alert.seen().threshold()))
        .build();
  }

  private static JsonObject subject(Subject subject) {
    return JsonObject.builder()
        .put("session_id", subject.sessionId())
        .put("session_name", subject.sessionName())
        .put("server", subject.server())
        .build();
  }

  private static JsonValue orNull(@Nullable Long millis) {
    return millis == null ? JsonNull.NULL : JsonNumber.of(millis);
  }

  private static JsonValue orNull(@Nullable Double value) {
    return Objects.requireNonNullElse(StandingCodec.decimal(value), JsonNull.NULL);
  }
}

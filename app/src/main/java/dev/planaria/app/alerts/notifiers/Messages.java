package dev.planaria.app.alerts.notifiers;

import dev.planaria.app.alerts.Alert;
import dev.planaria.app.alerts.AlertChange;
import dev.planaria.app.alerts.AlertViews;
import dev.planaria.app.alerts.Subject;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What receivers are sent. Pure.
final class Messages {
  /// An Alertmanager that does not hear of an alert for so long takes it for over: longer than a
  /// worker needs to come back, so that its death is not the end of every alert.
  private static final long UNHEARD_MILLIS = 300_000;

  /// The end of an alert is told for so long, so that an Alertmanager that was away hears of it.
  private static final long END_TOLD_MILLIS = 900_000;

  private Messages() {}

  /// What a webhook gets.
  static byte[] webhook(AlertChange change) {
    return Json.writeBytes(
        JsonObject.builder()
            .put("event", "alert_" + WireName.of(change.kind()))
            .put("event_id", change.id())
            .put("alert", AlertViews.alert(change.alert()))
            .build());
  }

  /// What an Alertmanager gets (`POST /api/v2/alerts`), or null when there is nothing to say.
  static byte @Nullable [] alertmanager(List<Alert> alerts, long nowMillis) {
    List<JsonValue> told = new ArrayList<>();
    for (Alert alert : alerts) {
      Long silenced = alert.handling().silencedUntilMillis();
      boolean silent = silenced != null && nowMillis < silenced;
      Long cleared = alert.times().clearedMillis();
      if (alert.isFiring() && !silent) {
        told.add(alertmanager(alert, nowMillis + UNHEARD_MILLIS));
      } else if (cleared != null && nowMillis - cleared < END_TOLD_MILLIS) {
        told.add(alertmanager(alert, cleared));
      }
    }
    return told.isEmpty() ? null : Json.writeBytes(new JsonArray(told));
  }

  private static JsonObject alertmanager(Alert alert, long endsMillis) {
    Subject subject = alert.subject();
    Long fired = alert.times().firedMillis();
    return JsonObject.builder()
        .put(
            "labels",
            JsonObject.builder()
                .put("alertname", alert.type().name())
                .put("severity", WireName.of(alert.type().severity()))
                .put("job", "planaria")
                .put("alert_id", alert.id())
                .put("session_id", subject.sessionId())
                .put("server", subject.server())
                .build())
        .put(
            "annotations",
            JsonObject.builder()
                .put("summary", alert.seen().message())
                .put("description", alert.type().why() + " " + alert.type().whatToDo())
                .put("session_name", subject.sessionName())
                .build())
        .put("startsAt", time(fired == null ? alert.times().lastMillis() : fired))
        .put("endsAt", time(endsMillis))
        .build();
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}

package dev.planaria.app.alerts;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A standing as JSON and back, for its file.
final class StandingCodec {
  private static final int VERSION = 1;
  private static final int TEXT_CHARACTERS = 100_000;

  /// Above every bound of a standing.
  private static final int MOST = 100_000;

  private StandingCodec() {}

  static JsonObject toJson(Standing standing) {
    List<JsonValue> alerts = new ArrayList<>();
    standing.alerts().byId().values().forEach(alert -> alerts.add(alert(alert)));
    List<JsonValue> outbox = new ArrayList<>();
    for (Standing.Delivery delivery : standing.outbox()) {
      outbox.add(
          JsonObject.builder()
              .put("receiver", delivery.receiver())
              .put("since_at", delivery.sinceMillis())
              .put("kind", WireName.of(delivery.change().kind()))
              .put("alert", alert(delivery.change().alert()))
              .build());
    }
    return JsonObject.builder()
        .put("version", VERSION)
        .put("alerts", new JsonArray(alerts))
        .put("outbox", new JsonArray(outbox))
        .put(
            "crashes_at",
            new JsonArray(
                standing.crashesMillis().stream().<JsonValue>map(JsonNumber::of).toList()))
        .build();
  }

  /// @throws FieldException when it is none
  static Standing fromJson(JsonObject json) {
    Fields fields = Fields.of(json);
    fields.requiredInt("version", VERSION, VERSION);
    var alerts = new LinkedHashMap<String, Alert>();
    for (Fields each : fields.requiredEach("alerts", MOST)) {
      Alert alert = alert(each);
      alerts.put(alert.id(), alert);
    }
    var outbox = new ArrayList<Standing.Delivery>();
    for (Fields each : fields.requiredEach("outbox", MOST)) {
      outbox.add(
          new Standing.Delivery(
              each.requiredText("receiver", TEXT_CHARACTERS),
              time(each, "since_at"),
              new AlertChange(
                  each.requiredEnum("kind", AlertChange.Kind.class),
                  alert(each.requiredFields("alert")))));
    }
    return new Standing(
        new Alerts(alerts), outbox, fields.requiredLongs("crashes_at", MOST, 0, Long.MAX_VALUE));
  }

  private static JsonObject alert(Alert alert) {
    Subject subject = alert.subject();
    Alert.Times times = alert.times();
    Alert.Seen seen = alert.seen();
    return JsonObject.builder()
        .put("type", WireName.of(alert.type()))
        .put("session_id", subject.sessionId())
        .put("session_name", subject.sessionName())
        .put("server", subject.server())
        .put("state", WireName.of(alert.state()))
        .put("bad_since_at", number(times.badSinceMillis()))
        .put("last_at", times.lastMillis())
        .put("good_since_at", number(times.goodSinceMillis()))
        .put("fired_at", number(times.firedMillis()))
        .put("cleared_at", number(times.clearedMillis()))
        .put("occurrences", alert.occurrences())
        .put("announced", alert.handling().announced())
        .put("acknowledged", alert.handling().acknowledged())
        .put("silenced_until", number(alert.handling().silencedUntilMillis()))
        .put("cause", seen.cause().isEmpty() ? null : seen.cause())
        .put("message", seen.message())
        .put("value", decimal(seen.value()))
        .put("threshold", decimal(seen.threshold()))
        .build();
  }

  private static Alert alert(Fields fields) {
    AlertType type = fields.requiredEnum("type", AlertType.class);
    var subject =
        new Subject(
            fields.optionalText("session_id", TEXT_CHARACTERS),
            fields.optionalText("session_name", TEXT_CHARACTERS),
            fields.optionalText("server", TEXT_CHARACTERS));
    return new Alert(
        Alert.idOf(type, subject),
        type,
        subject,
        fields.requiredEnum("state", Alert.State.class),
        new Alert.Times(
            optionalTime(fields, "bad_since_at"),
            time(fields, "last_at"),
            optionalTime(fields, "good_since_at"),
            optionalTime(fields, "fired_at"),
            optionalTime(fields, "cleared_at")),
        fields.requiredInt("occurrences", 0, Integer.MAX_VALUE),
        new Alert.Handling(
            flag(fields, "announced"),
            flag(fields, "acknowledged"),
            optionalTime(fields, "silenced_until")),
        new Alert.Seen(
            Objects.requireNonNullElse(fields.optionalText("cause", TEXT_CHARACTERS), ""),
            fields.requiredText("message", TEXT_CHARACTERS),
            decimal(fields, "value"),
            decimal(fields, "threshold")));
  }

  private static long time(Fields fields, String name) {
    return fields.requiredLong(name, 0, Long.MAX_VALUE);
  }

  private static @Nullable Long optionalTime(Fields fields, String name) {
    return fields.optionalLong(name, 0, Long.MAX_VALUE);
  }

  private static boolean flag(Fields fields, String name) {
    return Boolean.TRUE.equals(fields.optionalBoolean(name));
  }

  private static @Nullable JsonNumber number(@Nullable Long value) {
    return value == null ? null : JsonNumber.of(value);
  }

  /// A number as JSON; null when there is none, or none that JSON has.
  static @Nullable JsonNumber decimal(@Nullable Double value) {
    if (value == null || !Double.isFinite(value)) {
      return null;
    }
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
    return whole ? JsonNumber.of(value.longValue()) : new JsonNumber(Double.toString(value));
  }

  private static @Nullable Double decimal(Fields fields, String name) {
    return switch (fields.optionalValue(name)) {
      case JsonNumber(String text) -> (Double) Double.parseDouble(text);
      case null -> null;
      default -> throw new FieldException(name, "must be a number");
    };
  }
}

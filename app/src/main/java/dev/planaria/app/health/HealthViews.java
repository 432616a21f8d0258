package dev.planaria.app.health;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Health as callers see it.
public final class HealthViews {
  private HealthViews() {}

  /// Checks, each with where its component goes.
  ///
  /// @param subject whose components they are
  public static JsonArray checks(
      String subject, List<Check> checks, Trends trends, long nowMillis) {
    var views = new ArrayList<JsonValue>();
    for (Check check : checks) {
      views.add(
          JsonObject.builder()
              .put("component", check.component())
              .put("status", WireName.of(check.status()))
              .put("reason", check.reason())
              .put("trend", WireName.of(trends.of(subject, check, nowMillis)))
              .build());
    }
    return new JsonArray(views);
  }

  /// Risks.
  public static JsonArray risks(List<Risk> risks) {
    return new JsonArray(risks.stream().<JsonValue>map(HealthViews::risk).toList());
  }

  private static JsonObject risk(Risk risk) {
    return JsonObject.builder()
        .put("risk", risk.risk())
        .put("value", number(risk.value()))
        .put("unit", risk.unit())
        .put("limit", number(risk.limit()))
        .put("status", WireName.of(risk.status()))
        .put("reason", risk.reason())
        .build();
  }

  private static JsonValue number(@Nullable Double value) {
    return value == null || !Double.isFinite(value)
        ? JsonNull.NULL
        : new JsonNumber(Double.toString(value));
  }

  /// The worst of them all.
  public static Wellness worst(List<Check> checks, List<Risk> risks) {
    return Stream.concat(checks.stream().map(Check::status), risks.stream().map(Risk::status))
        .max(Comparator.naturalOrder())
        .orElse(Wellness.OK);
  }
}

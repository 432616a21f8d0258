package dev.planaria.app.api;

import dev.planaria.app.metrics.KpiBoard;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.metrics.DetectionTrial;
import dev.planaria.engine.metrics.Kpis;
import dev.planaria.engine.metrics.Window;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `GET /api/v1/kpis`: the key figures of the specification for 1 h, 24 h and 30 d. A figure
/// without a sample is null.
///
/// @param board where they are
public record KpiViews(KpiBoard board) implements ApiPart {

  @Override
  public Optional<JsonValue> get(String path, String query) {
    return path.equals("kpis") ? Optional.of(json(board.now())) : Optional.empty();
  }

  @Override
  public Optional<JsonObject> post(String path, JsonObject body) {
    return Optional.empty();
  }

  /// All windows.
  public static JsonObject json(KpiBoard.Shown shown) {
    var windows = JsonObject.builder();
    for (Window window : Window.values()) {
      windows.put(window.label(), json(shown.of(window)));
    }
    return JsonObject.builder()
        .put("windows", windows.build())
        .put("computed_at", shown.atMillis())
        .put("damaged_minutes", shown.damagedMinutes())
        .put("unreadable_records", shown.unreadableRecords())
        .put("unreadable_reports", shown.unreadableReports())
        .build();
  }

  private static JsonObject json(Kpis kpis) {
    var byType = JsonObject.builder();
    kpis.recoverySuccessRateByType()
        .forEach((type, rate) -> byType.put(type.name(), decimal(rate)));
    return JsonObject.builder()
        .put("window_ms", kpis.window().millis())
        .put("recoveries", kpis.recoveries())
        .put("recovery_success_rate", decimal(kpis.recoverySuccessRate()))
        .put("recovery_success_rate_by_type", byType.build())
        .put("mean_time_to_recovery_ms", decimal(kpis.meanTimeToRecoveryMillis()))
        .put("recovery_time_p95_ms", whole(kpis.recoveryTimeP95Millis()))
        .put("recovery_time_p99_ms", whole(kpis.recoveryTimeP99Millis()))
        .put("data_loss_percent", decimal(kpis.dataLossPercent()))
        .put("operations_acknowledged", kpis.operationsAcknowledged())
        .put("operations_lost", kpis.operationsLost())
        .put("integrity_validation_success_rate", decimal(kpis.integrityValidationSuccessRate()))
        .put("availability", decimal(kpis.availability()))
        .put("seconds_observed", kpis.secondsObserved())
        .put("checksum_failures", kpis.checksumFailures())
        .put("detection_accuracy", decimal(kpis.detectionAccuracy()))
        .put("true_positives", kpis.truePositives())
        .put("false_positives", kpis.falsePositives())
        .put("missed", kpis.missed())
        .put("trials", json(kpis.trials()))
        .build();
  }

  private static JsonObject json(DetectionTrial trials) {
    return JsonObject.builder()
        .put("planted", trials.planted())
        .put("found", trials.found())
        .put("missed", trials.missed())
        .put("innocent", trials.innocent())
        .build();
  }

  private static JsonValue decimal(@Nullable Double value) {
    return value == null ? JsonNull.NULL : new JsonNumber(Double.toString(value));
  }

  private static JsonValue whole(@Nullable Long value) {
    return value == null ? JsonNull.NULL : JsonNumber.of(value);
  }
}

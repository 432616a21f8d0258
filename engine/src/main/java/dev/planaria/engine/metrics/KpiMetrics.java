package dev.planaria.engine.metrics;

import dev.planaria.engine.json.WireName;
import dev.planaria.engine.recovery.RecoveryRecord.Failure;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Binds the key figures to the meters of an application, each as a gauge with a label `window`. A
/// figure without a sample is `NaN`. Names are in `docs/metrics.md`. Thread-safe.
///
/// Needs Micrometer's `micrometer-core`, which the engine itself does without.
///
/// @param kpis the figures of a window as they are now; asked for each gauge, so it must know them
///   already, or remember them for a moment
public record KpiMetrics(Function<Window, Kpis> kpis) implements MeterBinder {

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Window window : Window.values()) {
      recoveries(registry, window);
      integrity(registry, window);
      availability(registry, window);
    }
  }

  private void recoveries(MeterRegistry registry, Window window) {
    gauge(registry, window, "recoveries", "", "Attempts to bring sessions back", Kpis::recoveries);
    gauge(
        registry,
        window,
        "recovery.success.ratio",
        "",
        "Share of them that ended well",
        of -> number(of.recoverySuccessRate()));
    for (Failure failure : Failure.values()) {
      if (failure != Failure.NONE) {
        Gauge.builder(
                "planaria.kpi.recovery.success.by.type.ratio",
                kpis,
                of -> number(of.apply(window).recoverySuccessRateByType().get(failure)))
            .tag("window", window.label())
            .tag("type", WireName.of(failure))
            .description("The same for each kind of failure")
            .strongReference(true)
            .register(registry);
      }
    }
    gauge(
        registry,
        window,
        "time.to.recovery.mean",
        "seconds",
        "From a failure to the first success, on average",
        of -> number(of.meanTimeToRecoveryMillis()) / 1e3);
    gauge(
        registry,
        window,
        "time.to.recovery.p95",
        "seconds",
        "What 95 % of these times do not exceed",
        of -> number(of.recoveryTimeP95Millis()) / 1e3);
    gauge(
        registry,
        window,
        "time.to.recovery.p99",
        "seconds",
        "What 99 % of these times do not exceed",
        of -> number(of.recoveryTimeP99Millis()) / 1e3);
  }

  private void integrity(MeterRegistry registry, Window window) {
    gauge(
        registry,
        window,
        "data.loss.ratio",
        "",
        "Lost over acknowledged operations",
        of -> number(of.dataLossPercent()) / 100);
    gauge(
        registry,
        window,
        "operations.acknowledged",
        "",
        "Operations that were acknowledged",
        Kpis::operationsAcknowledged);
    gauge(
        registry,
        window,
        "operations.lost",
        "",
        "Acknowledged operations that recoveries found to be gone",
        Kpis::operationsLost);
    gauge(
        registry,
        window,
        "integrity.validation.success.ratio",
        "",
        "Checks passed over checks run by recoveries",
        of -> number(of.integrityValidationSuccessRate()));
    gauge(
        registry,
        window,
        "checksum.failures",
        "",
        "Bytes that did not match the sum, hash or chain they were written with",
        Kpis::checksumFailures);
    gauge(
        registry,
        window,
        "detection.accuracy.ratio",
        "",
        "Damage rightly found, over that and false alarms and what was missed",
        of -> number(of.detectionAccuracy()));
    detections(registry, window, "true_positive", Kpis::truePositives);
    detections(registry, window, "false_positive", Kpis::falsePositives);
    detections(registry, window, "missed", Kpis::missed);
    trials(registry, window, "true_positive", of -> of.trials().found());
    trials(registry, window, "false_positive", of -> of.trials().innocent());
    trials(registry, window, "missed", of -> of.trials().missed());
  }

  private void availability(MeterRegistry registry, Window window) {
    gauge(
        registry,
        window,
        "availability.ratio",
        "",
        "Share of the observed seconds in which a probe was served",
        of -> number(of.availability()));
    gauge(
        registry,
        window,
        "observed",
        "seconds",
        "How many seconds were observed",
        Kpis::secondsObserved);
  }

  private void detections(
      MeterRegistry registry, Window window, String verdict, ToDoubleFunction<Kpis> count) {
    Gauge.builder("planaria.kpi.detections", kpis, of -> count.applyAsDouble(of.apply(window)))
        .tag("window", window.label())
        .tag("verdict", verdict)
        .description("Damage that checks found, thought they found, or missed")
        .strongReference(true)
        .register(registry);
  }

  private void trials(
      MeterRegistry registry, Window window, String verdict, ToDoubleFunction<Kpis> count) {
    Gauge.builder(
            "planaria.kpi.trial.detections", kpis, of -> count.applyAsDouble(of.apply(window)))
        .tag("window", window.label())
        .tag("verdict", verdict)
        .description("The same of damage that was planted elsewhere, by runs of the chaos kit")
        .strongReference(true)
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry,
      Window window,
      String name,
      String unit,
      String description,
      ToDoubleFunction<Kpis> value) {
    Gauge.builder("planaria.kpi." + name, kpis, of -> value.applyAsDouble(of.apply(window)))
        .tag("window", window.label())
        .baseUnit(unit.isEmpty() ? null : unit)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  private static double number(@Nullable Number value) {
    return value == null ? Double.NaN : value.doubleValue();
  }
}

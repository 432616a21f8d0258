package dev.planaria.app.metrics;

import dev.planaria.app.alerts.AlertType;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.metrics.EngineMetrics;
import dev.planaria.engine.metrics.KpiMetrics;
import dev.planaria.engine.session.EngineFigures;
import dev.planaria.engine.session.SessionEngine;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/// All meters of a worker, bound to a registry for Prometheus. Thread-safe.
final class Meters {

  /// These have buckets here, and a count and a sum alone in Micrometer.
  private static final Set<String> HISTOGRAMS =
      Set.of("planaria.commit.duration", "planaria.checkpoint.duration");

  private final PrometheusMeterRegistry registry;

  Meters(SessionEngine engine, KpiBoard board, Scrape.Self self) {
    this.registry = make(engine, board, self);
  }

  /// All of them as they are now.
  String text() {
    return registry.scrape();
  }

  private static PrometheusMeterRegistry make(
      SessionEngine engine, KpiBoard board, Scrape.Self self) {
    var prometheus = new PrometheusRegistry();
    var made =
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, prometheus, Clock.SYSTEM)
            .throwExceptionOnRegistrationFailure();
    made.config().meterFilter(MeterFilter.deny(id -> HISTOGRAMS.contains(id.getName())));
    new EngineMetrics(engine).bindTo(made);
    new KpiMetrics(window -> board.now().of(window)).bindTo(made);
    EngineFigures figures = engine.figures();
    prometheus.register(
        new LatencyCollector(
            "planaria_commit_duration_seconds",
            "Commits of operations that gathered, until they were on disk",
            figures::commits));
    prometheus.register(
        new LatencyCollector(
            "planaria_checkpoint_duration_seconds",
            "Checkpoints, until they were verified",
            () -> figures.checkpoints().took()));
    bindProcess(made, board, self);
    bindAlerts(made, self);
    return made;
  }

  private static void bindProcess(PrometheusMeterRegistry into, KpiBoard board, Scrape.Self self) {
    gauge(
        into,
        "planaria.worker.start.time",
        "seconds",
        "When the worker began, Unix time",
        () -> self.startedAtMillis() / 1e3);
    gauge(
        into,
        "planaria.requests.running",
        null,
        "Requests that are being answered",
        self.requests());
    Runtime runtime = Runtime.getRuntime();
    gauge(
        into,
        "planaria.worker.heap.used",
        "bytes",
        "Memory of the worker's Java heap that is in use",
        () -> runtime.totalMemory() - runtime.freeMemory());
    gauge(
        into,
        "planaria.worker.heap.max",
        "bytes",
        "What that heap may grow to",
        runtime::maxMemory);
    gauge(
        into,
        "planaria.worker.resident",
        "bytes",
        "Memory of the worker that is not paged out, NaN where the system does not say",
        ResidentMemory::bytes);
    gauge(
        into,
        "planaria.kpi.damaged.minutes",
        null,
        "Slots of the book of minutes that cannot be read, and were left out",
        () -> board.now().damagedMinutes());
    gauge(
        into,
        "planaria.kpi.unreadable.records",
        null,
        "Recovery records that cannot be read, and were left out",
        () -> board.now().unreadableRecords());
  }

  private static void bindAlerts(PrometheusMeterRegistry into, Scrape.Self self) {
    for (AlertType type : AlertType.values()) {
      Gauge.builder("planaria.alerts.firing", () -> firing(self, type))
          .description("Alerts that are firing, silenced ones too")
          .tag("type", type.name())
          .tag("severity", WireName.of(type.severity()))
          .strongReference(true)
          .register(into);
    }
  }

  private static long firing(Scrape.Self self, AlertType type) {
    return self.alerts().get().stream()
        .filter(alert -> alert.type() == type && alert.isFiring())
        .count();
  }

  private static void gauge(
      PrometheusMeterRegistry into,
      String name,
      @Nullable String unit,
      String description,
      DoubleSupplier value) {
    Gauge.builder(name, value, DoubleSupplier::getAsDouble)
        .baseUnit(unit)
        .description(description)
        .strongReference(true)
        .register(into);
  }
}

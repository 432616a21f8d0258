package dev.planaria.engine.metrics;

import dev.planaria.engine.journal.LatencyHistogram.Latencies;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.recovery.RecoveryRecord.Failure;
import dev.planaria.engine.session.Census;
import dev.planaria.engine.session.EngineFigures;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.state.CallStatus;
import dev.planaria.engine.state.ConnectionStatus;
import dev.planaria.engine.state.SessionStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Binds the figures of an engine to the meters of an application: `new
/// EngineMetrics(engine).bindTo(registry)`. Names, units and labels are in `docs/metrics.md`; no
/// label names a session, so that their number is bounded. Meters read when somebody asks: bound to
/// nothing, or asked by nobody, they cost nothing. Thread-safe.
///
/// Needs Micrometer's `micrometer-core`, which the engine itself does without.
public final class EngineMetrics implements MeterBinder {

  private final EngineFigures figures;

  /// @param engine whose figures; they stay what they were when it is closed
  public EngineMetrics(SessionEngine engine) {
    this.figures = engine.figures();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    journal(registry);
    checkpoints(registry);
    store(registry);
    sessions(registry);
    recoveries(registry);
  }

  private void journal(MeterRegistry registry) {
    counter(
        registry,
        "planaria.operations",
        "Operations that were acknowledged, the engine's own included",
        of -> of.counts().operations());
    timer(
        registry,
        "planaria.commit.duration",
        "Commits of operations that gathered, until they were on disk",
        EngineFigures::commits);
    gauge(
        registry,
        "planaria.journal.queue.entries",
        null,
        "Operations that wait for the disk",
        of -> of.backlog().entries());
    gauge(
        registry,
        "planaria.journal.queue.age",
        "seconds",
        "How long the oldest of them has waited",
        of -> of.backlog().ageNanos() / 1e9);
  }

  private void checkpoints(MeterRegistry registry) {
    FunctionCounter.builder("planaria.checkpoints", figures, of -> of.checkpoints().full())
        .tag("kind", "full")
        .description("Checkpoints that were taken and verified")
        .register(registry);
    FunctionCounter.builder("planaria.checkpoints", figures, of -> of.checkpoints().incremental())
        .tag("kind", "incremental")
        .description("Checkpoints that were taken and verified")
        .register(registry);
    counter(
        registry,
        "planaria.checkpoint.failures",
        "Checkpoints that could not be taken",
        of -> of.checkpoints().failed());
    FunctionCounter.builder("planaria.checkpoint.written", figures, of -> of.checkpoints().bytes())
        .baseUnit("bytes")
        .description("Size of all checkpoints that were taken")
        .register(registry);
    timer(
        registry,
        "planaria.checkpoint.duration",
        "Checkpoints, until they were verified",
        of -> of.checkpoints().took());
    gauge(
        registry,
        "planaria.tail.operations",
        null,
        "Operations that no checkpoint contains",
        of -> of.census().tailOperations());
    gauge(
        registry,
        "planaria.tail",
        "bytes",
        "Their size in the journal",
        of -> of.census().tailBytes());
    gauge(
        registry,
        "planaria.tail.age",
        "seconds",
        "Age of the oldest of them: of the checkpoint that is most overdue",
        EngineMetrics::tailSeconds);
  }

  private static double tailSeconds(EngineFigures figures) {
    long since = figures.census().tailSinceMillis();
    return since == 0 ? 0 : Math.max(0, figures.nowMillis() - since) / 1e3;
  }

  private void store(MeterRegistry registry) {
    gauge(
        registry,
        "planaria.store",
        "bytes",
        "The database with its log, without the archive",
        EngineFigures::storeBytes);
    gauge(
        registry,
        "planaria.store.log",
        "bytes",
        "The database's write-ahead log",
        EngineFigures::logBytes);
    counter(
        registry,
        "planaria.store.openings",
        "How often the store was ever opened for writing: starts of workers, and commands",
        EngineFigures::openings);
  }

  private void sessions(MeterRegistry registry) {
    for (SessionStatus status : SessionStatus.values()) {
      sessions(registry, status, "resident", of -> of.resident().getOrDefault(status, 0L));
      sessions(registry, status, "disk", of -> of.onDisk().getOrDefault(status, 0L));
    }
    for (CallStatus status : CallStatus.values()) {
      Gauge.builder("planaria.calls", figures, of -> of.census().calls().getOrDefault(status, 0L))
          .tag("state", WireName.of(status))
          .description("Calls of sessions in memory that are open, or not forgotten yet")
          .register(registry);
    }
    for (ConnectionStatus status : ConnectionStatus.values()) {
      Gauge.builder(
              "planaria.connections",
              figures,
              of -> of.census().connections().getOrDefault(status, 0L))
          .tag("state", WireName.of(status))
          .description("Connections of sessions in memory")
          .register(registry);
    }
    gauge(
        registry,
        "planaria.session.memory",
        "bytes",
        "What agents store in sessions in memory",
        of -> of.census().memoryBytes());
  }

  private void sessions(
      MeterRegistry registry, SessionStatus status, String tier, ToLongFunction<Census> count) {
    Gauge.builder("planaria.sessions", figures, of -> count.applyAsLong(of.census()))
        .tag("state", WireName.of(status))
        .tag("tier", tier)
        .description("Sessions")
        .register(registry);
  }

  private void recoveries(MeterRegistry registry) {
    for (Failure failure : Failure.values()) {
      for (boolean success : new boolean[] {true, false}) {
        FunctionCounter.builder(
                "planaria.recoveries", figures, of -> of.recoveries(failure, success))
            .tag("type", WireName.of(failure))
            .tag("outcome", success ? "success" : "failure")
            .description("Recoveries of sessions")
            .register(registry);
      }
    }
    counter(
        registry,
        "planaria.checksum.failures",
        "Bytes that did not match the sum, hash or chain they were written with",
        of -> of.detections().checksumFailures());
    detections(registry, "true_positive", of -> of.detections().truePositives());
    detections(registry, "false_positive", of -> of.detections().falsePositives());
    detections(registry, "missed", of -> of.detections().missed());
  }

  private void detections(
      MeterRegistry registry, String verdict, ToDoubleFunction<EngineFigures> count) {
    FunctionCounter.builder("planaria.detections", figures, count)
        .tag("verdict", verdict)
        .description("Damage that checks found, thought they found, or missed")
        .register(registry);
  }

  private void counter(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<EngineFigures> count) {
    FunctionCounter.builder(name, figures, count).description(description).register(registry);
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      @Nullable String unit,
      String description,
      ToDoubleFunction<EngineFigures> value) {
    Gauge.builder(name, figures, value).baseUnit(unit).description(description).register(registry);
  }

  private void timer(
      MeterRegistry registry,
      String name,
      String description,
      Function<EngineFigures, Latencies> latencies) {
    FunctionTimer.builder(
            name,
            figures,
            of -> latencies.apply(of).count(),
            of -> latencies.apply(of).sumNanos(),
            TimeUnit.NANOSECONDS)
        .description(description)
        .register(registry);
  }
}

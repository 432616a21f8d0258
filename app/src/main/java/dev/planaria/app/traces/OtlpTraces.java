package dev.planaria.app.traces;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Spans for a collector, in batches behind the work that they tell of: a collector that is slow or
/// away costs spans, never a call's time. Thread-safe.
public final class OtlpTraces implements Traces, AutoCloseable {

  /// Spans that wait for the collector; more are dropped.
  private static final int WAITING = 2_048;

  /// A span is with the collector about so long after its end.
  private static final Duration DELAY = Duration.ofSeconds(1);

  /// How long the collector may take for a batch, and what is left at an orderly end.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final AttributeKey<String> SERVICE_NAME = AttributeKey.stringKey("service.name");
  private static final AttributeKey<String> VERSION = AttributeKey.stringKey("service.version");
  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  /// Held, so that what is set on it lasts: it would say to standard error what [TellingExporter]
  /// says to the log.
  private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

  private final SdkTracerProvider provider;
  private final Tracer tracer;

  private OtlpTraces(SpanExporter exporter, Resource resource) {
    provider =
        SdkTracerProvider.builder()
            .setResource(resource)
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter)
                    .setMaxQueueSize(WAITING)
                    .setScheduleDelay(DELAY)
                    .setExporterTimeout(PATIENCE)
                    .build())
            .build();
    tracer = provider.get("dev.planaria");
  }

  /// Traces for a collector.
  ///
  /// @param version of this program
  /// @param trouble takes a sentence when the collector is away, and one when it is back
  public static OtlpTraces to(Collector collector, String version, Consumer<String> trouble) {
    LIBRARY.setLevel(Level.OFF);
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(collector.traces().toString())
            .setTimeout(PATIENCE);
    collector.headers().forEach(exporter::addHeader);
    return to(
        new TellingExporter(exporter.build(), collector.toString(), trouble),
        collector.service(),
        version);
  }

  /// The same for any exporter.
  public static OtlpTraces to(SpanExporter exporter, String service, String version) {
    return new OtlpTraces(
        exporter, Resource.create(Attributes.of(SERVICE_NAME, service, VERSION, version)));
  }

  @Override
  public Span begin(String name, @Nullable TraceContext parent, Map<String, String> about) {
    SpanBuilder builder = tracer.spanBuilder(name).setParent(contextOf(parent));
    about.forEach(builder::setAttribute);
    return new Begun(builder.startSpan());
  }

  private static Context contextOf(@Nullable TraceContext parent) {
    return parent == null
        ? Context.root()
        : W3CTraceContextPropagator.getInstance()
            .extract(Context.root(), parent, OtlpTraces::member);
  }

  /// Reads a [TraceContext] as if it were headers.
  private static @Nullable String member(@Nullable TraceContext context, String name) {
    if (context == null) {
      return null;
    }
    return switch (name) {
      case TraceContext.TRACEPARENT -> context.traceparent();
      case TraceContext.TRACESTATE -> context.tracestate();
      default -> null;
    };
  }

  private record Begun(io.opentelemetry.api.trace.Span span) implements Span {
    @Override
    public Optional<TraceContext> context() {
      var carrier = new HashMap<String, String>();
      W3CTraceContextPropagator.getInstance()
          .inject(
              Context.root().with(span),
              carrier,
              (map, key, value) -> {
                if (map != null) {
                  map.put(key, value);
                }
              });
      return TraceContext.of(
          carrier.get(TraceContext.TRACEPARENT), carrier.get(TraceContext.TRACESTATE));
    }

    @Override
    public void put(String name, String value) {
      span.setAttribute(name, value);
    }

    @Override
    public void failed(String kind) {
      span.setStatus(StatusCode.ERROR).setAttribute(ERROR_TYPE, kind);
    }

    @Override
    public void close() {
      span.end();
    }
  }

  @Override
  public void past(Past span) {
    past(span, Context.root());
  }

  private void past(Past past, Context parent) {
    SpanBuilder builder =
        tracer
            .spanBuilder(past.name())
            .setParent(parent)
            .setStartTimestamp(past.startMicros(), TimeUnit.MICROSECONDS);
    past.about().forEach(builder::setAttribute);
    io.opentelemetry.api.trace.Span span = builder.startSpan();
    if (past.failure() != null) {
      span.setStatus(StatusCode.ERROR).setAttribute(ERROR_TYPE, past.failure());
    }
    past.parts().forEach(part -> past(part, parent.with(span)));
    span.end(past.endMicros(), TimeUnit.MICROSECONDS);
  }

  /// Tells the collector what is left, and ends.
  @Override
  public void close() {
    var _ = provider.shutdown().join(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }
}

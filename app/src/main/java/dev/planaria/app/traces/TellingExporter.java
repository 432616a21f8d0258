package dev.planaria.app.traces;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Says once when a collector does not take spans any more, and once when it does again; the
/// library's own complaints, one for each batch, would go to standard error.
final class TellingExporter implements SpanExporter {

  private final SpanExporter exporter;
  private final String collector;
  private final Consumer<String> trouble;
  private final AtomicBoolean away = new AtomicBoolean();

  TellingExporter(SpanExporter exporter, String collector, Consumer<String> trouble) {
    this.exporter = exporter;
    this.collector = collector;
    this.trouble = trouble;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = exporter.export(spans);
    return result.whenComplete(() -> note(result));
  }

  private void note(CompletableResultCode result) {
    if (result.isSuccess()) {
      if (away.compareAndSet(true, false)) {
        trouble.accept("the collector of traces takes them again: " + collector);
      }
    } else if (away.compareAndSet(false, true)) {
      Throwable cause = result.getFailureThrowable();
      trouble.accept(
          "the collector of traces does not take them, and they are dropped: "
              + collector
              + (cause == null ? "" : ": " + cause.getMessage()));
    }
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}

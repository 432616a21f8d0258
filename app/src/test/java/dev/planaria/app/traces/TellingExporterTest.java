package dev.planaria.app.traces;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A collector that is away.
class TellingExporterTest {

  private boolean away;
  private final List<String> told = new ArrayList<>();

  private final class Collecting implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      return away
          ? CompletableResultCode.ofExceptionalFailure(new IOException("refused"))
          : CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  @Test
  void it_is_told_once_that_it_is_away_and_once_that_it_is_back() {
    try (var exporter = new TellingExporter(new Collecting(), "here", told::add)) {
      for (boolean now : new boolean[] {false, true, true, false, false}) {
        away = now;
        var _ = exporter.export(List.of());
      }
    }
    assertThat(told)
        .containsExactly(
            "the collector of traces does not take them, and they are dropped: here: refused",
            "the collector of traces takes them again: here");
  }
}

package dev.planaria.app.daemon;

import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.traces.Collector;
import dev.planaria.app.traces.EngineSpans;
import dev.planaria.app.traces.OtlpTraces;
import dev.planaria.app.traces.SoonTraces;
import dev.planaria.app.traces.Traces;
import dev.planaria.engine.session.EngineEvent;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The worker's traces: none, unless the environment names a collector.
///
/// @param traces where spans go
record Tracing(Traces traces) implements AutoCloseable {

  /// Reads the environment. What makes no sense there may be meant for other programs: it is told,
  /// and nothing is traced.
  ///
  /// @param version of this program
  static Tracing of(Map<String, String> environment, String version, Log log) {
    try {
      Optional<Collector> named = Collector.named(environment);
      return new Tracing(
          named
              .<Traces>map(collector ->
                  new SoonTraces(() ->
                      OtlpTraces.to(collector, version, sentence -> log.warn(sentence, null))))
              .orElse(Traces.NONE));
    } catch (IllegalArgumentException e) {
      log.warn("nothing is traced: " + e.getMessage(), null);
      return new Tracing(Traces.NONE);
    }
  }

  /// What of the engine becomes spans.
  Consumer<EngineEvent> engineSpans() {
    return traces.equals(Traces.NONE) ? _ -> {} : new EngineSpans(traces);
  }

  @Override
  public void close() {
    if (traces instanceof SoonTraces soon) {
      soon.close();
    }
  }
}

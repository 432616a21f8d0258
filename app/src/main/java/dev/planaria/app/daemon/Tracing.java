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

  /// Reads the environment.
  ///
  /// @param version of this program
  /// @throws IllegalArgumentException in a sentence that names the variable
  static Tracing of(Map<String, String> environment, String version, Log log) {
    Optional<Collector> named = Collector.named(environment);
    return new Tracing(
        named
            .<Traces>map(collector ->
                new SoonTraces(
                    () -> OtlpTraces.to(collector, version, sentence -> log.warn(sentence, null))))
            .orElse(Traces.NONE));
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

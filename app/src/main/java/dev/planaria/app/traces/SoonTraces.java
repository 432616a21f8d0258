package dev.planaria.app.traces;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Traces that are made ready behind whatever begins now: who serves first is not to wait for the
/// library that tells of it. Calls that come sooner have no span; what is past is told later.
/// Thread-safe.
public final class SoonTraces implements Traces, AutoCloseable {

  /// How long an orderly end waits for a library that was just being loaded.
  private static final long PATIENCE_MILLIS = 1_000;

  private final CompletableFuture<OtlpTraces> ready = new CompletableFuture<>();

  /// Makes them ready on a thread of its own.
  ///
  /// @param making may take its time
  public SoonTraces(Supplier<OtlpTraces> making) {
    Thread.ofPlatform()
        .name("traces")
        .daemon()
        .start(() -> {
          try {
            ready.complete(making.get());
          } catch (RuntimeException | Error e) {
            ready.completeExceptionally(e);
            throw e;
          }
        });
  }

  @Override
  public Span begin(String name, @Nullable TraceContext parent, Map<String, String> about) {
    return ready.isDone() && !ready.isCompletedExceptionally()
        ? ready.join().begin(name, parent, about)
        : Span.NONE;
  }

  @Override
  public void past(Past span) {
    var _ = ready.thenAccept(traces -> traces.past(span));
  }

  /// Tells the collector what is left.
  @Override
  public void close() {
    try {
      ready.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // There was nothing to be told with; why was said when it failed.
    }
  }
}

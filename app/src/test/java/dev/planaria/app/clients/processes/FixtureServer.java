package dev.planaria.app.clients.processes;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A server of ours that serves over HTTP, and says where in a line `ready URL`.
public final class FixtureServer implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String READY = "ready ";

  private final Child child;
  private final String url;

  private FixtureServer(Child child, String url) {
    this.child = child;
    this.url = url;
  }

  /// Starts one and waits until it listens.
  ///
  /// @param command serves over stdio unless it is told `--http`
  /// @param scratch takes what it writes to standard error
  public static FixtureServer start(List<String> command, Path scratch)
      throws IOException, InterruptedException {
    var overHttp = new ArrayList<>(command);
    overHttp.add("--http");
    var listening = new CompletableFuture<String>();
    Child child =
        Child.start(
            overHttp,
            Map.of(),
            scratch.resolve("fixture.err"),
            line -> {
              if (line.startsWith(READY)) {
                listening.complete(line.substring(READY.length()));
              }
            },
            _ -> listening.completeExceptionally(new IOException("the server ended")));
    try {
      return new FixtureServer(child, listening.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException e) {
      child.close();
      throw new AssertionError("the server does not listen" + child.errors(), e);
    }
  }

  /// The address of its endpoint.
  public String url() {
    return url;
  }

  @Override
  public void close() {
    child.close();
  }
}

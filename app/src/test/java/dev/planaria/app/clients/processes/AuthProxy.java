package dev.planaria.app.clients.processes;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// `auth-proxy.mjs` in front of a daemon, for clients that cannot send a token.
public final class AuthProxy implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Child child;
  private final String url;

  private AuthProxy(Child child, String url) {
    this.child = child;
    this.url = url;
  }

  /// Starts one and waits until it listens.
  public static AuthProxy start(NodeClients node, DaemonProcess daemon)
      throws IOException, InterruptedException {
    var listening = new CompletableFuture<String>();
    Child child =
        Child.start(
            node.client("auth-proxy.mjs", daemon.url().toString()),
            Map.of("PLANARIA_TOKEN", daemon.token()),
            daemon.setup().scratch().resolve("auth-proxy.err"),
            listening::complete,
            _ -> listening.completeExceptionally(new IOException("the proxy ended")));
    try {
      return new AuthProxy(child, listening.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException e) {
      child.close();
      throw new AssertionError("the proxy does not listen" + child.errors(), e);
    }
  }

  /// Where clients find the MCP endpoint.
  public String url() {
    return url;
  }

  @Override
  public void close() {
    child.close();
  }
}

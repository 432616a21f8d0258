package dev.planaria.app.gateway.upstreams;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// HTTP with SSE (MCP 2024-11-05): one stream from the server, whose first event says where to post
/// to. The stream is the session: nothing survives it. Thread-safe.
final class OldSseWire implements Wire {
  private final HttpExchanges http;
  private final HttpSettings settings;
  private final Inbound inbound;
  private final Flight stream = new Flight();
  private final CompletableFuture<URI> endpoint = new CompletableFuture<>();

  OldSseWire(HttpExchanges http, HttpSettings settings, Inbound inbound) {
    this.http = http;
    this.settings = settings;
    this.inbound = inbound;
  }

  @Override
  public void start() {
    stream.start(this::follow);
  }

  private void follow() {
    UpstreamBroken end;
    try {
      HttpResponse<InputStream> response =
          http.send(
              new HttpExchanges.Ask(
                  "GET",
                  http.server().url(),
                  Map.of("Accept", "text/event-stream"),
                  null,
                  settings.handshakeMillis()));
      stream.reading(response.body());
      end = read(response);
    } catch (UpstreamBroken e) {
      end = e;
    } catch (InterruptedException _) {
      end = new UpstreamBroken(new Trouble.Closed(), Sent.MAYBE_SENT);
    }
    if (!endpoint.completeExceptionally(end)) {
      inbound.broken(end.trouble());
    }
  }

  private UpstreamBroken read(HttpResponse<InputStream> response) {
    String type = HttpExchanges.contentType(response);
    if (response.statusCode() != 200 || !type.equals("text/event-stream")) {
      HttpExchanges.close(response);
      return response.statusCode() == 200
          ? new UpstreamBroken(new Trouble.WrongContentType(type), Sent.NEVER_SENT)
          : HttpExchanges.refused(response, false);
    }
    try (InputStream body = response.body()) {
      new SseReader(body, settings.message().documentBytes(), new Received()).run();
      return new UpstreamBroken(new Trouble.Truncated("the stream ended"), Sent.MAYBE_SENT);
    } catch (IOException e) {
      return new UpstreamBroken(
          new Trouble.BrokenConnection(HttpExchanges.words(e)), Sent.MAYBE_SENT);
    }
  }

  private final class Received implements SseReader.Events {
    @Override
    public void event(String type, byte[] data) {
      switch (type) {
        case "endpoint" -> found(new String(data, StandardCharsets.UTF_8).strip());
        case "message" -> inbound.receive(data, null);
        default -> inbound.noise();
      }
    }

    @Override
    public void position(String id) {
      // this revision resumes nothing
    }

    @Override
    public void retry(long millis) {
      // as above
    }

    @Override
    public void tooLong() {
      inbound.noise();
    }
  }

  private void found(String where) {
    try {
      URI target = http.server().url().resolve(where);
      if (http.server().isSameOrigin(target)) {
        endpoint.complete(target);
      } else {
        endpoint.completeExceptionally(
            new UpstreamBroken(
                new Trouble.RedirectRefused(RemoteServer.origin(target)), Sent.NEVER_SENT));
      }
    } catch (IllegalArgumentException e) {
      endpoint.completeExceptionally(
          new UpstreamBroken(
              new Trouble.NotMcp("the endpoint event holds no address"), Sent.NEVER_SENT));
    }
  }

  /// Where to post to; waits until the server has said it.
  private URI endpoint() throws UpstreamBroken, InterruptedException {
    try {
      return endpoint.get(settings.handshakeMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof UpstreamBroken broken
          ? new UpstreamBroken(broken.trouble(), Sent.NEVER_SENT)
          : new UpstreamBroken(new Trouble.Closed(), Sent.NEVER_SENT);
    } catch (TimeoutException _) {
      throw new UpstreamBroken(
          new Trouble.NoAnswer("with an endpoint event", settings.handshakeMillis()),
          Sent.NEVER_SENT);
    }
  }

  @Override
  public void request(Pending pending, byte[] message) {
    Thread.ofVirtual()
        .start(() -> {
          if (!pending.beginSending()) {
            return;
          }
          try {
            send(message);
          } catch (UpstreamBroken e) {
            if (e.sent() == Sent.NEVER_SENT) {
              pending.nothingSent();
            }
            pending.fail(e);
          }
        });
  }

  @Override
  public void send(byte[] message) throws UpstreamBroken {
    try {
      var response =
          http.send(
              new HttpExchanges.Ask(
                  "POST",
                  endpoint(),
                  Map.of("Content-Type", "application/json"),
                  message,
                  settings.handshakeMillis()));
      HttpExchanges.close(response);
      if (response.statusCode() / 100 != 2) {
        throw HttpExchanges.refused(response, true);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UpstreamBroken(new Trouble.Closed(), Sent.MAYBE_SENT);
    }
  }

  @Override
  public void abandon(Pending pending, byte[] cancellation) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            send(cancellation);
          } catch (UpstreamBroken _) {
            // whoever waited is gone
          }
        });
  }

  @Override
  public void introduced(ServerIntroduction server) {
    // this revision has no headers of its own
  }

  @Override
  public void close() {
    stream.breakOff();
  }
}

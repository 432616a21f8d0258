package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.ProtocolVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Streamable HTTP with sessions (MCP 2025-03-26 to 2025-11-25): each message is a POST, answered
/// by JSON or a stream; a stream that breaks behind an event with an id is resumed by a GET;
/// another GET brings what belongs to no request. Thread-safe.
final class StreamableWire implements Wire {
  private static final int MOST_SESSION_ID_CHARACTERS = 1_024;

  private final HttpExchanges http;
  private final HttpSettings settings;
  private final Inbound inbound;
  private final Map<Long, Flight> flights = new ConcurrentHashMap<>();
  private final Flight ownStream = new Flight();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable String sessionId;
  private volatile @Nullable String version;
  private volatile boolean lost;

  /// @param sessionId of a session that goes on; null for a new one
  StreamableWire(
      HttpExchanges http, HttpSettings settings, Inbound inbound, @Nullable String sessionId) {
    this.http = http;
    this.settings = settings;
    this.inbound = inbound;
    this.sessionId = sessionId;
  }

  @Override
  public void start() {
    // there is nothing to wait for before the first request
  }

  @Override
  public void introduced(ServerIntroduction server) {
    version = server.protocolVersion();
  }

  @Override
  public void opened() {
    ownStream.start(() -> {
      try {
        followOwnStream();
      } catch (InterruptedException _) {
        // broken off by close
      }
    });
  }

  @Override
  public void request(Pending pending, byte[] message) {
    var flight = new Flight();
    flights.put(pending.id(), flight);
    flight.start(() -> {
      try {
        exchange(pending, message, flight);
      } catch (UpstreamBroken e) {
        if (e.sent() == Sent.NEVER_SENT) {
          pending.nothingSent();
        }
        pending.fail(e);
        noteLoss(e.trouble());
      } catch (InterruptedException _) {
        pending.fail(new Trouble.Closed()); // broken off by us, which the request knows already
      } finally {
        flights.remove(pending.id());
      }
    });
  }

  private void exchange(Pending pending, byte[] message, Flight flight)
      throws UpstreamBroken, InterruptedException {
    if (!pending.beginSending()) {
      return;
    }
    var response = post(message, 0);
    if (pending.request().method().equals("initialize")) {
      sessionId = response.headers().firstValue("Mcp-Session-Id").orElse(null);
      requireVisible(sessionId);
    }
    var reader = new PostReader(http, settings, inbound, pending);
    PostReader.StreamEnd end = reader.read(response, sessionId != null, flight);
    int attempts = 0;
    while (end != null && !pending.isDone()) {
      String position = end.position();
      if (position == null || attempts >= settings.resumeAttempts()) {
        throw new UpstreamBroken(new Trouble.Truncated(end.why()), Sent.MAYBE_SENT);
      }
      if (closed.await(pause(end.retryMillis()), TimeUnit.MILLISECONDS)) {
        return;
      }
      PostReader.StreamEnd next = resume(reader, position, flight);
      attempts = next != null && next.events() > 0 ? 0 : attempts + 1;
      end = next == null ? end : inheriting(next, end);
    }
  }

  private static void requireVisible(@Nullable String sessionId) throws UpstreamBroken {
    if (sessionId != null
        && (sessionId.length() > MOST_SESSION_ID_CHARACTERS || !sessionId.matches("[!-~]+"))) {
      throw new UpstreamBroken(
          new Trouble.NotMcp("Mcp-Session-Id must be visible ASCII"), Sent.MAYBE_SENT);
    }
  }

  private static PostReader.StreamEnd inheriting(
      PostReader.StreamEnd next, PostReader.StreamEnd before) {
    return next.retryMillis() >= 0
        ? next
        : new PostReader.StreamEnd(
            next.position(), before.retryMillis(), next.why(), next.events());
  }

  private long pause(long retryMillis) {
    return retryMillis < 0
        ? settings.pauseMillis()
        : Math.min(retryMillis, settings.longestPauseMillis());
  }

  /// @return how the resumed stream ended; null when the server could not be reached, which may be
  ///   tried again
  private PostReader.@Nullable StreamEnd resume(PostReader reader, String position, Flight flight)
      throws UpstreamBroken, InterruptedException {
    HttpResponse<InputStream> response;
    try {
      response = get(position);
    } catch (UpstreamBroken _) {
      return null; // what waits is told when the attempts are used up
    }
    if (response.statusCode() >= 500) {
      HttpExchanges.close(response);
      return null;
    }
    if (!isStream(response)) {
      HttpExchanges.close(response);
      UpstreamBroken refused = HttpExchanges.refused(response, sessionId != null);
      // The request itself was accepted once; refused is only its resumption.
      throw new UpstreamBroken(
          refused.trouble() instanceof Trouble.SessionLost lostSession
              ? lostSession
              : new Trouble.Truncated("it cannot be resumed (" + response.statusCode() + ")"),
          Sent.MAYBE_SENT);
    }
    flight.reading(response.body());
    return reader.readStream(response.body(), position);
  }

  private static boolean isStream(HttpResponse<?> response) {
    return response.statusCode() == 200
        && HttpExchanges.contentType(response).equals("text/event-stream");
  }

  /// Follows what belongs to no request, for as long as the session lasts. A server may have no
  /// such stream. When it cannot be reached again and again, the conversation is over.
  private void followOwnStream() throws InterruptedException {
    String position = null;
    int failures = 0;
    long pauseMillis = settings.pauseMillis();
    boolean gap = false;
    while (closed.getCount() > 0) {
      OwnStreamEnd end = followOnce(position, gap);
      switch (end) {
        case OwnStreamEnd.None() -> {
          return;
        }
        case OwnStreamEnd.Lost(Trouble trouble) -> {
          noteLoss(trouble);
          return;
        }
        case OwnStreamEnd.Failed(Trouble trouble) -> {
          if (++failures >= settings.resumeAttempts()) {
            inbound.broken(trouble);
            return;
          }
        }
        case OwnStreamEnd.Ended(PostReader.StreamEnd how) -> {
          failures = 0;
          position = how.position();
          boolean idle = how.events() == 0 && how.retryMillis() < 0;
          pauseMillis =
              idle
                  ? Math.min(2 * pauseMillis, settings.longestPauseMillis())
                  : pause(how.retryMillis());
        }
      }
      if (closed.await(pauseMillis, TimeUnit.MILLISECONDS)) {
        return;
      }
      gap = position == null;
    }
  }

  private sealed interface OwnStreamEnd {
    record None() implements OwnStreamEnd {}

    record Lost(Trouble trouble) implements OwnStreamEnd {}

    record Failed(Trouble trouble) implements OwnStreamEnd {}

    record Ended(PostReader.StreamEnd how) implements OwnStreamEnd {}
  }

  /// @param gap true when something may have been said since the stream broke
  private OwnStreamEnd followOnce(@Nullable String position, boolean gap)
      throws InterruptedException {
    try {
      HttpResponse<InputStream> response = get(position);
      if (isStream(response)) {
        ownStream.reading(response.body());
        if (gap) {
          inbound.missed();
        }
        var events = new OwnEvents(position);
        return new OwnStreamEnd.Ended(events.read(response.body()));
      }
      HttpExchanges.close(response);
      UpstreamBroken refused = HttpExchanges.refused(response, sessionId != null);
      return switch (refused.trouble()) {
        case Trouble.SessionLost lostSession -> new OwnStreamEnd.Lost(lostSession);
        case Trouble.ServerError error -> new OwnStreamEnd.Failed(error);
        case Trouble.TooManyRequests tooMany -> new OwnStreamEnd.Failed(tooMany);
        default -> new OwnStreamEnd.None();
      };
    } catch (UpstreamBroken e) {
      return new OwnStreamEnd.Failed(e.trouble());
    }
  }

  private final class OwnEvents implements SseReader.Events {
    private @Nullable String position;
    private long retryMillis = -1;
    private int count;

    OwnEvents(@Nullable String from) {
      this.position = from;
    }

    PostReader.StreamEnd read(InputStream body) {
      String why = "it ended";
      try (body) {
        new SseReader(body, settings.message().documentBytes(), this).run();
      } catch (IOException e) {
        why = HttpExchanges.words(e);
      }
      return new PostReader.StreamEnd(position, retryMillis, why, count);
    }

    @Override
    public void event(String type, byte[] data) {
      count++;
      inbound.receive(data, null);
    }

    @Override
    public void position(String id) {
      position = id;
    }

    @Override
    public void retry(long millis) {
      retryMillis = millis;
    }

    @Override
    public void tooLong() {
      inbound.noise();
    }
  }

  private Map<String, String> headers() {
    var headers = new HashMap<String, String>();
    String id = sessionId;
    if (id != null) {
      headers.put("Mcp-Session-Id", id);
    }
    String spoken = version;
    if (spoken != null && !spoken.equals(ProtocolVersion.V2025_03_26.text())) {
      headers.put("MCP-Protocol-Version", spoken);
    }
    return headers;
  }

  private HttpResponse<InputStream> post(byte[] message, long timeoutMillis)
      throws UpstreamBroken, InterruptedException {
    Map<String, String> headers = headers();
    headers.put("Accept", "application/json, text/event-stream");
    headers.put("Content-Type", "application/json");
    return http.send(
        new HttpExchanges.Ask("POST", http.server().url(), headers, message, timeoutMillis));
  }

  private HttpResponse<InputStream> get(@Nullable String position)
      throws UpstreamBroken, InterruptedException {
    Map<String, String> headers = headers();
    headers.put("Accept", "text/event-stream");
    if (position != null) {
      headers.put("Last-Event-ID", position);
    }
    // A server may send the head of a quiet stream with its first event.
    return http.send(new HttpExchanges.Ask("GET", http.server().url(), headers, null, 0));
  }

  @Override
  public void send(byte[] message) throws UpstreamBroken {
    try {
      var response = post(message, settings.handshakeMillis());
      HttpExchanges.close(response);
      if (response.statusCode() / 100 != 2) {
        UpstreamBroken refused = HttpExchanges.refused(response, sessionId != null);
        noteLoss(refused.trouble());
        throw refused;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UpstreamBroken(new Trouble.Closed(), Sent.MAYBE_SENT);
    }
  }

  /// A session that the server has forgotten is over for all its requests.
  private void noteLoss(Trouble trouble) {
    if (trouble instanceof Trouble.SessionLost) {
      lost = true;
      inbound.broken(trouble);
    }
  }

  /// Closing the stream would not cancel anything in this era, so the server is told.
  @Override
  public void abandon(Pending pending, byte[] cancellation) {
    Flight flight = flights.remove(pending.id());
    if (flight != null) {
      flight.breakOff();
    }
    Thread.ofVirtual()
        .start(() -> {
          try {
            send(cancellation);
          } catch (UpstreamBroken _) {
            // whoever waited is gone; the next request will find out what is wrong
          }
        });
  }

  @Override
  public Optional<String> sessionId() {
    return Optional.ofNullable(sessionId);
  }

  @Override
  public void leave() {
    lost = true; // for us
    close();
  }

  /// Tells the server that the session is over, for as long as it listens.
  @Override
  public void close() {
    if (closed.getCount() == 0) {
      return;
    }
    closed.countDown();
    ownStream.breakOff();
    flights.values().forEach(Flight::breakOff);
    if (sessionId == null || lost) {
      return;
    }
    try {
      HttpExchanges.close(
          http.send(
              new HttpExchanges.Ask(
                  "DELETE", http.server().url(), headers(), null, settings.closeMillis())));
    } catch (UpstreamBroken _) {
      // a server that cannot be told will forget the session by itself
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.RpcError;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what a server answers to a POST. Used by one thread for one request.
final class PostReader {
  private final HttpExchanges http;
  private final HttpSettings settings;
  private final Wire.Inbound inbound;
  private final Pending pending;

  /// How a stream ended.
  ///
  /// @param position behind the last event that had one, or null
  /// @param retryMillis how long the server asks us to wait before we resume; -1 when it does not
  /// @param why how it ended, in words
  /// @param events how many events there were
  record StreamEnd(@Nullable String position, long retryMillis, String why, int events) {}

  PostReader(HttpExchanges http, HttpSettings settings, Wire.Inbound inbound, Pending pending) {
    this.http = http;
    this.settings = settings;
    this.inbound = inbound;
    this.pending = pending;
  }

  /// Reads an answer to its end.
  ///
  /// @param inSession whether the request named a session
  /// @return how the stream ended, when it was one; null otherwise
  /// @throws UpstreamBroken when it is no answer
  @Nullable StreamEnd read(HttpResponse<InputStream> response, boolean inSession, Flight flight)
      throws UpstreamBroken {
    flight.reading(response.body());
    if (response.statusCode() / 100 != 2) {
      readRefusal(response, inSession);
      return null;
    }
    String type = HttpExchanges.contentType(response);
    String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      HttpExchanges.close(response);
      throw new UpstreamBroken(
          new Trouble.WrongContentType("a compressed body that nobody asked for"), Sent.MAYBE_SENT);
    }
    return switch (type) {
      case "text/event-stream" -> readStream(response.body(), null);
      case "application/json" -> {
        inbound.receive(http.body(response), pending);
        if (!pending.isDone()) {
          throw new UpstreamBroken(
              new Trouble.NotMcp("the body does not answer what was asked"), Sent.MAYBE_SENT);
        }
        yield null;
      }
      default -> {
        HttpExchanges.close(response);
        throw new UpstreamBroken(
            response.statusCode() == 202
                ? new Trouble.NotMcp("a request was taken for a notification")
                : new Trouble.WrongContentType(type),
            Sent.MAYBE_SENT);
      }
    };
  }

  /// A status that refuses may carry the JSON-RPC error that says why, which is an answer. One
  /// without an id counts when only our revision knows its code.
  private void readRefusal(HttpResponse<InputStream> response, boolean inSession)
      throws UpstreamBroken {
    UpstreamBroken refused = HttpExchanges.refused(response, inSession);
    if (!HttpExchanges.contentType(response).equals("application/json")) {
      HttpExchanges.close(response);
      throw refused;
    }
    byte[] body = http.body(response);
    List<Incoming> messages = Incoming.read(body, settings.message());
    if (messages.size() == 1) {
      switch (messages.getFirst()) {
        case Incoming.Answer _ -> inbound.receive(body, pending);
        case Incoming.ErrorWithoutId(var error) -> {
          long code = Handshake.code(error);
          if (code >= RpcError.UNSUPPORTED_VERSION && code <= RpcError.HEADER_MISMATCH) {
            pending.answer(new RawAnswer.Refusal(error));
          }
        }
        case Incoming.BadAnswer _, Incoming.Asked _, Incoming.Told _, Incoming.Noise _ -> {}
      }
    }
    if (!pending.isDone()) {
      throw refused;
    }
  }

  /// Reads an event stream until it ends, or until the request has its answer and the server lets
  /// go.
  ///
  /// @param from the position that it was resumed at, or null
  StreamEnd readStream(InputStream body, @Nullable String from) {
    var events = new Received(from);
    String why = "the stream ended before the answer";
    try (body) {
      new SseReader(body, settings.message().documentBytes(), events).run();
    } catch (IOException e) {
      why = HttpExchanges.words(e);
    }
    return new StreamEnd(events.position, events.retryMillis, why, events.count);
  }

  private final class Received implements SseReader.Events {
    private @Nullable String position;
    private long retryMillis = -1;
    private int count;

    Received(@Nullable String from) {
      this.position = from;
    }

    @Override
    public void event(String type, byte[] data) {
      count++;
      if (type.equals("message")) {
        inbound.receive(data, pending);
      } else {
        inbound.noise();
      }
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
      inbound.tooLong(
          pending.id(),
          new Trouble.MessageTooLong(
              "message.documentBytes is " + settings.message().documentBytes()));
    }
  }
}

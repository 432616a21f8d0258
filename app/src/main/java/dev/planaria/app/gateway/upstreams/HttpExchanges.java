package dev.planaria.app.gateway.upstreams;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// Requests to one origin, with the operator's headers, and what their failures mean. Thread-safe.
final class HttpExchanges {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> REDIRECTS_WITH_BODY = Set.of(307, 308);
  private static final long MOST_RETRY_AFTER_SECONDS = 86_400;

  private final HttpClient client;
  private final RemoteServer server;
  private final HttpSettings settings;

  HttpExchanges(HttpClient client, RemoteServer server, HttpSettings settings) {
    this.client = client;
    this.server = server;
    this.settings = settings;
  }

  /// A client that serves any number of servers. It follows no redirect by itself and keeps no
  /// cookies.
  static HttpClient client(HttpSettings settings) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(Duration.ofMillis(settings.connectMillis()))
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }

  RemoteServer server() {
    return server;
  }

  /// @param body null for GET and DELETE
  /// @param timeoutMillis until the head of the answer must be there; 0 for whenever it comes
  @SuppressWarnings("ArrayRecordComponent") // written once, then handed to the socket
  record Ask(
      String method,
      URI uri,
      Map<String, String> headers,
      byte @Nullable [] body,
      long timeoutMillis) {}

  /// Sends a request, and again where the server sends it within its origin.
  ///
  /// @return the answer's head; the body comes as it is read
  /// @throws UpstreamBroken when there is none
  HttpResponse<InputStream> send(Ask ask) throws UpstreamBroken, InterruptedException {
    URI uri = ask.uri;
    for (int redirects = 0; ; redirects++) {
      HttpResponse<InputStream> response = sendOnce(ask, uri);
      int status = response.statusCode();
      Set<Integer> followed = ask.body == null ? REDIRECTS : REDIRECTS_WITH_BODY;
      String location = response.headers().firstValue("Location").orElse("");
      if (!followed.contains(status) || location.isEmpty()) {
        return response;
      }
      close(response);
      uri = redirected(uri, location, redirects);
    }
  }

  private URI redirected(URI from, String location, int redirects) throws UpstreamBroken {
    URI target;
    try {
      target = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new UpstreamBroken(new Trouble.NotMcp("a redirect without an address"), Sent.REFUSED);
    }
    if (!server.isSameOrigin(target)) {
      throw new UpstreamBroken(
          new Trouble.RedirectRefused(RemoteServer.origin(target)), Sent.REFUSED);
    }
    if (redirects >= settings.mostRedirects()) {
      throw new UpstreamBroken(
          new Trouble.NotMcp("more than mostRedirects (" + redirects + ") redirects"),
          Sent.REFUSED);
    }
    return target;
  }

  private HttpResponse<InputStream> sendOnce(Ask ask, URI uri)
      throws UpstreamBroken, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    server.headers().forEach(request::header);
    ask.headers.forEach(request::header);
    byte[] body = ask.body;
    request.method(
        ask.method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (ask.timeoutMillis > 0) {
      request.timeout(Duration.ofMillis(ask.timeoutMillis));
    }
    HttpRequest whole = request.build();
    try {
      return client.send(whole, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw failure(e);
    } catch (IllegalArgumentException e) {
      // What the client throws at a Content-Length that is no number it knows.
      throw new UpstreamBroken(new Trouble.NotMcp("not even HTTP"), Sent.MAYBE_SENT);
    }
  }

  /// What a failed attempt says of the request. Only what fails before a connection stands is known
  /// to have sent nothing.
  private static UpstreamBroken failure(IOException failure) {
    boolean unconnected =
        failure instanceof ConnectException
            || failure instanceof HttpConnectTimeoutException
            || failure instanceof NoRouteToHostException
            || failure instanceof SSLHandshakeException
            || failure.getCause() instanceof UnresolvedAddressException;
    if (unconnected) {
      return new UpstreamBroken(new Trouble.Unreachable(words(failure)), Sent.NEVER_SENT);
    }
    if (failure instanceof ProtocolException) {
      return new UpstreamBroken(new Trouble.NotMcp("not even HTTP"), Sent.MAYBE_SENT);
    }
    return new UpstreamBroken(new Trouble.BrokenConnection(words(failure)), Sent.MAYBE_SENT);
  }

  /// The failure in words that repeat nothing of what was sent or received.
  static String words(IOException failure) {
    return switch (failure) {
      case HttpConnectTimeoutException _ -> "no connection in time";
      case ConnectException e when e.getCause() instanceof UnresolvedAddressException ->
          "unknown host";
      case ConnectException _ -> "connection refused";
      case NoRouteToHostException _ -> "no route";
      case SSLHandshakeException _ -> "TLS could not be agreed on";
      default -> "closed or reset";
    };
  }

  /// What a status says that brings no answer.
  ///
  /// @param inSession whether the request named a session
  static UpstreamBroken refused(HttpResponse<?> response, boolean inSession) {
    int status = response.statusCode();
    OptionalLong retryAfter = retryAfterMillis(response);
    if (status >= 500) {
      return new UpstreamBroken(new Trouble.ServerError(status, retryAfter), Sent.MAYBE_SENT);
    }
    Trouble trouble =
        switch (status) {
          case 401 -> new Trouble.Unauthorized();
          case 403 -> new Trouble.Forbidden();
          case 429 -> new Trouble.TooManyRequests(retryAfter);
          default ->
              inSession && (status == 400 || status == 404)
                  ? new Trouble.SessionLost(status)
                  : new Trouble.UnexpectedStatus(status);
        };
    return new UpstreamBroken(trouble, Sent.REFUSED);
  }

  /// Seconds; a date (RFC 9110 section 10.2.3) would need a clock that agrees with theirs, and is
  /// passed over.
  private static OptionalLong retryAfterMillis(HttpResponse<?> response) {
    String value = response.headers().firstValue("Retry-After").orElse("").strip();
    return value.matches("[0-9]{1,9}")
        ? OptionalLong.of(1_000 * Math.min(Long.parseLong(value), MOST_RETRY_AFTER_SECONDS))
        : OptionalLong.empty();
  }

  static String contentType(HttpResponse<?> response) {
    String value = response.headers().firstValue("Content-Type").orElse("");
    return value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /// Reads a whole body.
  ///
  /// @throws UpstreamBroken when it breaks off or is too long
  byte[] body(HttpResponse<InputStream> response) throws UpstreamBroken {
    int most = settings.message().documentBytes();
    try (InputStream in = response.body()) {
      byte[] body = in.readNBytes(most + 1);
      if (body.length > most) {
        throw new UpstreamBroken(
            new Trouble.MessageTooLong("message.documentBytes is " + most), Sent.MAYBE_SENT);
      }
      return body;
    } catch (IOException e) {
      throw new UpstreamBroken(new Trouble.Truncated(words(e)), Sent.MAYBE_SENT);
    }
  }

  /// Lets go of an answer that is not read.
  static void close(HttpResponse<InputStream> response) {
    try {
      response.body().close();
    } catch (IOException _) {
      // it was not wanted
    }
  }
}

package dev.planaria.app.alerts.notifiers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Posts with the platform's client, which follows no redirects: a signed message goes where the
/// operator said, or nowhere. Thread-safe.
public final class HttpPoster implements Poster {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /// A receiver that takes longer than this to say that it has it will be asked again.
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /// The same for the whole of its answer, which the client's own limit does not cover.
  private static final Duration WHOLE = Duration.ofSeconds(15);

  private final Duration answer;
  private final Duration whole;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /// Opens nothing yet.
  public HttpPoster() {
    this(ANSWER, WHOLE);
  }

  /// @param answer how long a receiver may take to begin its answer
  /// @param whole and to end it
  HttpPoster(Duration answer, Duration whole) {
    this.answer = answer;
    this.whole = whole;
  }

  @Override
  public int post(URI url, Map<String, String> headers, byte[] body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(answer)
            .header("Content-Type", "application/json")
            .header("User-Agent", "planaria")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    CompletableFuture<HttpResponse<Void>> answered =
        client.sendAsync(request.build(), BodyHandlers.discarding());
    try {
      return answered.get(whole.toMillis(), TimeUnit.MILLISECONDS).statusCode();
    } catch (InterruptedException e) {
      answered.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (TimeoutException e) {
      answered.cancel(true);
      throw new IOException("no whole answer within " + whole.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    }
  }
}

package dev.planaria.chaos.client;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Asks a daemon for the documents that commands and operators read. Thread-safe.
///
/// @param url where it answers, without a slash at the end
/// @param token the operator's
public record DaemonApi(URI url, String token) {

  /// A check of everything that a session holds may take that long.
  private static final Duration PATIENCE = Duration.ofSeconds(100);

  /// Never shows the token.
  @Override
  public String toString() {
    return "DaemonApi[" + url + "]";
  }

  /// Asks for a document.
  ///
  /// @param path behind `/api/v1/`
  /// @throws IOException when there is no answer, or none with a document
  public JsonValue get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/api/v1/" + path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + token)
            .GET()
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IOException(path + " was answered with " + answer.statusCode());
      }
      return Json.parse(answer.body(), JsonLimits.OWN);
    } catch (JsonSyntaxException malformed) {
      throw new IOException(path + " was answered with something that is no JSON", malformed);
    }
  }
}

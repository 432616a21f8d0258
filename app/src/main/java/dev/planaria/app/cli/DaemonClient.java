package dev.planaria.app.cli;

import dev.planaria.app.daemon.DaemonFile;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks a running daemon. Thread-safe.
///
/// It stands on `HttpURLConnection`, which is old and small: `java.net.http` alone would take
/// longer to start than a whole command may.
final class DaemonClient {

  /// A front on the same machine accepts at once, or not at all.
  private static final int CONNECT_MILLIS = 2_000;

  /// Longer than the change of a worker, during which the front holds requests back.
  private static final int ANSWER_MILLIS = 100_000;

  /// Far above what a list of sessions needs, far below what would fill the memory.
  private static final int ANSWER_BYTES = 64 << 20;

  private final DaemonFile daemon;

  private DaemonClient(DaemonFile daemon) {
    this.daemon = daemon;
  }

  /// The daemon of that data directory, or empty when none is running: there is no `daemon.json`,
  /// the process that it names is gone, or nobody listens at its address.
  ///
  /// @throws CommandFailure when a daemon is there and does not answer
  static Optional<DaemonClient> find(Path dataDirectory) throws IOException {
    Optional<DaemonFile> file = DaemonFile.read(dataDirectory);
    if (file.isEmpty() || !file.get().isRunning()) {
      return Optional.empty();
    }
    var client = new DaemonClient(file.get());
    try {
      client.get("/livez");
      return Optional.of(client);
    } catch (CommandFailure failure) {
      if (failure.status() == ExitStatus.NOT_RUNNING) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /// As [#find], but there must be one.
  ///
  /// @throws CommandFailure when none is running
  static DaemonClient require(Path dataDirectory) throws IOException {
    return find(dataDirectory)
        .orElseThrow(() ->
            new CommandFailure(ExitStatus.NOT_RUNNING, "no daemon is running on " + dataDirectory));
  }

  /// Where it answers, and as whom.
  DaemonFile daemon() {
    return daemon;
  }

  /// Asks for a document.
  ///
  /// @throws CommandFailure when the daemon refuses, with its own words
  JsonValue get(String path) throws IOException {
    return call("GET", path, null);
  }

  /// Asks for something to be done.
  ///
  /// @throws CommandFailure when the daemon refuses, with its own words
  JsonValue post(String path, JsonObject body) throws IOException {
    return call("POST", path, body);
  }

  /// True when its worker serves.
  boolean isReady() throws IOException {
    try {
      get("/readyz");
      return true;
    } catch (CommandFailure notReady) {
      if (notReady.status() == ExitStatus.FAILED) {
        return false;
      }
      throw notReady;
    }
  }

  private JsonValue call(String method, String path, @Nullable JsonObject body) throws IOException {
    URI address = URI.create(daemon.url() + path);
    var connection = (HttpURLConnection) address.toURL().openConnection();
    try {
      connection.setRequestMethod(method);
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(ANSWER_MILLIS);
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setRequestProperty("Authorization", "Bearer " + daemon.token());
      if (body != null) {
        byte[] bytes = Json.writeBytes(body);
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        // A fixed length also keeps the connection from sending a POST twice by itself.
        connection.setFixedLengthStreamingMode(bytes.length);
        connection.getOutputStream().write(bytes);
      }
      return answer(connection, address);
    } catch (ConnectException nobody) {
      throw new CommandFailure(
          ExitStatus.NOT_RUNNING,
          "nobody listens at " + daemon.url() + "; start planaria up",
          nobody);
    } catch (SocketTimeoutException silent) {
      throw new CommandFailure(
          ExitStatus.FAILED,
          "the daemon (process " + daemon.front().pid() + ") does not answer at " + address,
          silent);
    } finally {
      connection.disconnect();
    }
  }

  private static JsonValue answer(HttpURLConnection connection, URI address) throws IOException {
    int status = connection.getResponseCode();
    try (InputStream stream =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      byte[] body = stream == null ? new byte[0] : stream.readNBytes(ANSWER_BYTES + 1);
      if (body.length > ANSWER_BYTES) {
        throw new CommandFailure(
            ExitStatus.FAILED, address + " answered with more than " + ANSWER_BYTES + " bytes");
      }
      JsonValue document = body.length == 0 ? JsonObject.EMPTY : parse(body, address, status);
      if (status >= 400) {
        throw refused(status, document, address);
      }
      return document;
    }
  }

  private static JsonValue parse(byte[] body, URI address, int status) {
    try {
      return Json.parse(body, JsonLimits.OWN);
    } catch (JsonSyntaxException failure) {
      throw new CommandFailure(
          ExitStatus.FAILED,
          address + " answered " + status + " with something that is no JSON",
          failure);
    }
  }

  private static CommandFailure refused(int status, JsonValue document, URI address) {
    var kind =
        switch (status) {
          case 404 -> ExitStatus.NOT_FOUND;
          case 409 -> isDamage(document) ? ExitStatus.DAMAGED : ExitStatus.IN_USE;
          default -> isDamage(document) ? ExitStatus.DAMAGED : ExitStatus.FAILED;
        };
    return new CommandFailure(
        kind, said(document).orElse("the daemon answered " + status + " to " + address.getPath()));
  }

  private static boolean isDamage(JsonValue document) {
    return document instanceof JsonObject object
        && List.of("SESSION_UNAVAILABLE", "MALFORMED_EXPORT")
            .contains(Shown.text(Shown.object(object, "error"), "code"));
  }

  /// The daemon's own words: `{"error": "..."}` or `{"error": {"message": "..."}}`.
  private static Optional<String> said(JsonValue document) {
    return switch (document instanceof JsonObject object ? object.get("error") : null) {
      case JsonString(var text) -> Optional.of(text);
      case JsonObject error when error.get("message") instanceof JsonString(var text) ->
          Optional.of(text);
      case null, default -> Optional.empty();
    };
  }
}

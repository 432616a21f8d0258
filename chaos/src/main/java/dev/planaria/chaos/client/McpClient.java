package dev.planaria.chaos.client;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// An MCP client of revision 2025-11-25 over Streamable HTTP. A stream that breaks behind its first
/// event is resumed once; whoever gets no answer all the same asks again under the same operation
/// id. Thread-safe.
public final class McpClient implements ToolClient, AutoCloseable {

  private static final String VERSION = "2025-11-25";

  /// What a client of the kit says of itself, over any transport.
  static final JsonObject HELLO =
      JsonObject.builder()
          .put("protocolVersion", VERSION)
          .put("capabilities", JsonObject.EMPTY)
          .put(
              "clientInfo",
              JsonObject.builder().put("name", "planaria-chaos").put("version", "1").build())
          .build();

  private static final String LINK = "Mcp-Session-Id";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicLong ids = new AtomicLong();
  private final URI endpoint;
  private final String token;
  private final long patienceMillis;
  private volatile @Nullable String link;

  private McpClient(URI endpoint, String token, long patienceMillis) {
    this.endpoint = endpoint;
    this.token = token;
    this.patienceMillis = patienceMillis;
  }

  /// Shakes hands.
  ///
  /// @param url where the daemon, or a link in front of it, answers; without a slash at the end
  /// @param token for the calls
  /// @param patienceMillis how long one answer may take
  /// @throws DaemonRefused when the answer is that it cannot be
  /// @throws IOException when no answer came
  public static McpClient connect(URI url, String token, long patienceMillis)
      throws IOException, InterruptedException {
    return connectTo(URI.create(url + "/mcp"), token, patienceMillis);
  }

  /// Shakes hands at another address of a daemon, for instance that of a server behind it.
  ///
  /// @param endpoint the whole address
  /// @param token for the calls
  /// @param patienceMillis how long one answer may take
  /// @throws IOException when no answer came
  public static McpClient connectTo(URI endpoint, String token, long patienceMillis)
      throws IOException, InterruptedException {
    var client = new McpClient(endpoint, token, patienceMillis);
    try {
      client.shakeHands();
      return client;
    } catch (IOException | InterruptedException | RuntimeException failure) {
      client.close();
      throw failure;
    }
  }

  private void shakeHands() throws IOException, InterruptedException {
    var heard = new Heard();
    long id = ids.incrementAndGet();
    HttpResponse<Void> response = send(post(message("initialize", HELLO, id)), heard);
    link = response.headers().firstValue(LINK).orElse(null);
    if (response.statusCode() != 200 || link == null || heard.answer(id).isEmpty()) {
      throw new DaemonRefused("the handshake", response.statusCode(), heard.toString());
    }
    send(post(message("notifications/initialized", JsonObject.EMPTY, null)), new Heard());
  }

  /// The `Mcp-Session-Id`.
  public String link() {
    return String.valueOf(link);
  }

  /// Tells the daemon that nobody comes back over this link (2025-11-25, "Session Management").
  ///
  /// @throws IOException when it was not told
  public void leave() throws IOException, InterruptedException {
    HttpResponse<Void> response = send(request().DELETE().build(), new Heard());
    if (response.statusCode() / 100 != 2 && response.statusCode() != 404) {
      throw new IOException("the end of a link was answered with " + response.statusCode());
    }
  }

  @Override
  public JsonObject call(String tool, JsonObject arguments)
      throws IOException, InterruptedException {
    JsonObject params = JsonObject.builder().put("name", tool).put("arguments", arguments).build();
    return content(tool, request("tools/call", params));
  }

  /// The structured content of an answer to `tools/call`.
  ///
  /// @throws ToolRefused when the answer is that it was not done
  static JsonObject content(String tool, JsonObject answer) {
    if (answer.get("error") instanceof JsonObject error) {
      throw new ToolRefused(tool, Json.write(error));
    }
    if (!(answer.get("result") instanceof JsonObject result)) {
      throw new ToolRefused(tool, "the answer holds neither result nor error");
    }
    if (JsonBoolean.of(true).equals(result.get("isError"))) {
      throw new ToolRefused(tool, Json.write(result));
    }
    return result.get("structuredContent") instanceof JsonObject content
        ? content
        : JsonObject.EMPTY;
  }

  /// Asks anything.
  ///
  /// @return the whole answer, with a `result` or an `error`
  /// @throws IOException when no answer came; what became of the request is not known then
  /// @throws LinkLost when the daemon does not know this client any more
  public JsonObject request(String method, JsonObject params)
      throws IOException, InterruptedException {
    long id = ids.incrementAndGet();
    return answer(id, post(message(method, params, id)));
  }

  private JsonObject answer(long id, HttpRequest request) throws IOException, InterruptedException {
    var heard = new Heard();
    try {
      Optional<JsonObject> answer = answerIn(heard, id, send(request, heard));
      if (answer.isPresent()) {
        return answer.get();
      }
    } catch (IOException broken) {
      Optional<JsonObject> whole = heard.answer(id);
      if (whole.isPresent()) {
        return whole.get();
      }
      if (heard.lastEventId() == null) {
        throw broken;
      }
    }
    return rest(id, heard.lastEventId());
  }

  /// Asks for the rest of a stream (2025-11-25, "Resumability and Redelivery").
  private JsonObject rest(long id, @Nullable String lastEventId)
      throws IOException, InterruptedException {
    if (lastEventId == null) {
      throw new IOException("the answer ended before it was whole");
    }
    HttpRequest request =
        request()
            .header("Accept", "text/event-stream")
            .header("Last-Event-ID", lastEventId)
            .GET()
            .build();
    var heard = new Heard();
    return answerIn(heard, id, send(request, heard))
        .orElseThrow(() -> new IOException("the resumed stream ended without the answer"));
  }

  private Optional<JsonObject> answerIn(Heard heard, long id, HttpResponse<Void> response)
      throws IOException {
    int status = response.statusCode();
    if (status == 404) {
      throw new LinkLost(link());
    }
    if (status != 200) {
      // Whether a worker that is away, a queue that is full or a stream that is over: ask again.
      throw new IOException("status " + status + ": " + heard);
    }
    return heard.answer(id);
  }

  /// A request, or a notification when it has no id.
  static JsonObject message(String method, JsonObject params, @Nullable Long id) {
    return JsonObject.builder()
        .put("jsonrpc", "2.0")
        .put("id", id == null ? null : JsonNumber.of(id))
        .put("method", method)
        .put("params", params)
        .build();
  }

  private HttpRequest post(JsonObject message) {
    return request()
        .header("Content-Type", "application/json")
        .header("Accept", "application/json, text/event-stream")
        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.writeBytes(message)))
        .build();
  }

  private HttpRequest.Builder request() {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .timeout(Duration.ofMillis(patienceMillis))
            .header("Authorization", "Bearer " + token);
    String present = link;
    return present == null
        ? request
        : request.header(LINK, present).header("MCP-Protocol-Version", VERSION);
  }

  /// Waits for the whole answer: the request's own timeout ends with the headers.
  private HttpResponse<Void> send(HttpRequest request, Heard heard)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Void>> answer =
        http.sendAsync(request, BodyHandlers.fromLineSubscriber(heard));
    try {
      return answer.get(patienceMillis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new IOException("no answer within " + patienceMillis + " ms", late);
    } catch (ExecutionException broken) {
      throw new IOException(String.valueOf(broken.getCause()), broken);
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}

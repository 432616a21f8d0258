package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.McpClient;
import dev.planaria.chaos.process.ScratchDaemon;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.server.Diary;
import dev.planaria.chaos.server.Told;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A server with a diary behind a daemon: how the daemon is told of it, and what is asked of it.
///
/// @param daemon the daemon
/// @param entry the server, as in a file of servers
record ServerBehind(ScratchDaemon daemon, JsonObject entry) {

  private static final String SERVER = "diary";
  private static final long PATIENCE_MILLIS = 30_000;
  private static final long DEADLINE_MILLIS = 30_000;
  private static final long LOOK_MILLIS = 2;
  private static final long AGAIN_MILLIS = 200;

  /// Where its clients call.
  ///
  /// @param door the daemon's address, or that of a link in front of it
  URI address(URI door) {
    return URI.create(door + "/s/" + Stage.SESSION + "/u/" + SERVER + "/mcp");
  }

  /// Tells the daemon of it.
  ///
  /// @throws IOException when the daemon refuses it, or does not answer
  void bring() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(daemon.url() + "/api/v1/upstreams/" + Stage.SESSION + "/" + SERVER))
            .timeout(Duration.ofMillis(PATIENCE_MILLIS))
            .header("Authorization", "Bearer " + daemon.token())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.writeBytes(entry)))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException("the server was refused: " + answer.body());
      }
    }
  }

  /// An entry is kept in the worker's memory alone: another worker is told it again, as `planaria
  /// wrap` does.
  ///
  /// @throws IOException when it cannot be told by the deadline
  void bringAgain(Clocks clocks) throws IOException, InterruptedException {
    long deadline = clocks.nanoTime().getAsLong() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS);
    while (true) {
      try {
        bring();
        return;
      } catch (IOException notYet) {
        if (clocks.nanoTime().getAsLong() - deadline >= 0) {
          throw notYet;
        }
        var _ = new CountDownLatch(1).await(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  /// Waits until the server has just done something that it has not answered yet: a fault at any
  /// other moment shows little.
  ///
  /// @throws IOException when it does nothing by the deadline
  static void awaitEffect(Path diary, Clocks clocks) throws IOException, InterruptedException {
    long deadline = clocks.nanoTime().getAsLong() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS);
    int before = Diary.read(diary).effects().size();
    while (Diary.read(diary).effects().size() == before) {
      if (clocks.nanoTime().getAsLong() - deadline >= 0) {
        throw new IOException("the server does nothing any more");
      }
      var _ = new CountDownLatch(1).await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /// What the server says that it has added up.
  ///
  /// @throws IOException when it does not say it
  static long sum(McpClient client) throws IOException, InterruptedException {
    JsonObject params = JsonObject.builder().put("name", "get").build();
    JsonObject answer = client.request("tools/call", params);
    if (answer.get("result") instanceof JsonObject result
        && result.get("content") instanceof JsonArray(List<JsonValue> items)
        && items.getFirst() instanceof JsonObject item
        && item.get("text") instanceof JsonString(String text)
        && text.matches("[0-9]{1,18}")) {
      return Long.parseLong(text);
    }
    throw new IOException("the server did not say its sum: " + Json.write(answer));
  }

  /// What became of the calls.
  static RunReport.Counts counts(List<Told> told) {
    return new RunReport.Counts(
        told.size(),
        count(told, Told.Ending.DONE),
        count(told, Told.Ending.NOT_RUN),
        count(told, Told.Ending.UNKNOWN));
  }

  private static long count(List<Told> told, Told.Ending ending) {
    return told.stream().filter(call -> call.ending() == ending).count();
  }
}

package dev.planaria.chaos.server;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What a server with a diary answers (revision 2025-11-25), over whatever it is asked: `add`
/// counts in memory, `effect` writes its name into the diary before it is answered, `get` reads the
/// sum. Thread-safe.
final class DiaryTools {

  private static final int METHOD_NOT_FOUND = -32_601;

  /// Between an effect and its answer: the moment at which a kill hurts most. Long enough to be
  /// aimed at on a busy machine.
  private static final long PAUSE_NANOS = 100_000_000;

  private final Path diary;
  private final AtomicLong sum = new AtomicLong();

  /// @param diary where it is written down what was done
  DiaryTools(Path diary) {
    this.diary = diary;
  }

  /// Writes a line into the diary, with one write.
  void write(String line) throws IOException {
    Files.write(
        diary,
        (line + "\n").getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /// Does what a request asks for, and says what to answer.
  JsonObject answer(JsonValue id, String method, JsonObject params) throws IOException {
    JsonObject result = result(method, params);
    JsonObject.Builder answer = JsonObject.builder().put("jsonrpc", "2.0").put("id", id);
    if (result == null) {
      answer.put(
          "error",
          JsonObject.builder()
              .put("code", METHOD_NOT_FOUND)
              .put("message", "no such method or tool")
              .build());
    }
    return answer.put("result", result).build();
  }

  private @Nullable JsonObject result(String method, JsonObject params) throws IOException {
    return switch (method) {
      case "initialize" ->
          JsonObject.builder()
              .put("protocolVersion", "2025-11-25")
              .put("capabilities", JsonObject.builder().put("tools", JsonObject.EMPTY).build())
              .put(
                  "serverInfo",
                  JsonObject.builder().put("name", "diary").put("version", "1").build())
              .build();
      case "ping" -> JsonObject.EMPTY;
      case "tools/list" -> JsonObject.builder().put("tools", tools()).build();
      case "tools/call" -> call(params);
      default -> null;
    };
  }

  private static JsonArray tools() {
    List<JsonValue> tools = new ArrayList<>();
    for (String name : List.of("add", "get", "effect")) {
      tools.add(
          JsonObject.builder()
              .put("name", name)
              .put("inputSchema", JsonObject.builder().put("type", "object").build())
              .build());
    }
    return new JsonArray(tools);
  }

  private @Nullable JsonObject call(JsonObject params) throws IOException {
    JsonObject arguments =
        params.get("arguments") instanceof JsonObject given ? given : JsonObject.EMPTY;
    return switch (String.valueOf(text(params, "name"))) {
      case "add" -> {
        Long n = arguments.get("n") instanceof JsonNumber number ? number.toLong() : null;
        yield said(Long.toString(sum.addAndGet(n == null ? 0 : n)));
      }
      case "get" -> said(Long.toString(sum.get()));
      case "effect" -> {
        String name = String.valueOf(text(arguments, "name"));
        write("effect " + name);
        LockSupport.parkNanos(PAUSE_NANOS);
        yield said(name);
      }
      default -> null;
    };
  }

  private static JsonObject said(String text) {
    JsonObject item = JsonObject.builder().put("type", "text").put("text", text).build();
    return JsonObject.builder().put("content", new JsonArray(List.of(item))).build();
  }

  private static @Nullable String text(JsonObject object, String name) {
    return object.get(name) instanceof JsonString(String value) ? value : null;
  }
}

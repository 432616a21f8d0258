package dev.planaria.chaos.server;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// An MCP server over stdio (revision 2025-11-25) with one thing in memory and one on disk: `add`
/// counts, and its sum dies with the process; `effect` writes its name into the diary, where it
/// stays for ever, each time it runs. `get` reads the sum.
///
/// The diary is written before the answer, with one write for a line, so that a killed process has
/// either written a line or not.
public final class DiaryServer {

  private static final int METHOD_NOT_FOUND = -32_601;

  /// Between an effect and its answer: the moment at which a kill hurts most. Long enough to be
  /// aimed at on a busy machine.
  private static final long PAUSE_NANOS = 100_000_000;

  private static final long NOBODYS_ID = 999_999_999;

  private static final JsonObject NOISE =
      JsonObject.builder()
          .put("jsonrpc", "2.0")
          .put("method", "notifications/message")
          .put(
              "params",
              JsonObject.builder().put("level", "info").put("data", "nobody asked").build())
          .build();

  private final Path diary;
  private final PrintStream out;
  private long sum;

  private DiaryServer(Path diary, PrintStream out) {
    this.diary = diary;
    this.out = out;
  }

  /// Serves until its input ends.
  ///
  /// @param args the diary's file
  public static void main(String[] args) throws IOException {
    var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    var server = new DiaryServer(Path.of(args[0]), out);
    server.write("start " + ProcessHandle.current().pid());
    try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        server.answer(line);
      }
    }
  }

  private void write(String line) throws IOException {
    Files.write(
        diary,
        (line + "\n").getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private void answer(String line) throws IOException {
    JsonObject message;
    try {
      message = Json.parseObject(line, JsonLimits.DEFAULT);
    } catch (JsonSyntaxException notJson) {
      return; // there is no id to answer with
    }
    JsonValue id = message.get("id");
    if (id == null) {
      return; // a notification
    }
    JsonObject params =
        message.get("params") instanceof JsonObject given ? given : JsonObject.EMPTY;
    String method = String.valueOf(text(message, "method"));
    Misbehaviour fault = method.equals("tools/call") ? Misbehaviour.now(diary) : Misbehaviour.NONE;
    begin(fault);
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
    JsonObject whole = answer.put("result", result).build();
    end(fault, whole);
    say(whole);
  }

  private void say(JsonObject message) {
    out.println(Json.write(message));
    out.flush();
  }

  private void begin(Misbehaviour fault) throws IOException {
    if (!fault.isNone()) {
      write("fault " + fault.kind());
    }
    if (fault.kind().equals("crash_loop")) {
      Runtime.getRuntime().halt(1);
    }
  }

  /// What it does before it answers, when it has done what it was asked.
  private void end(Misbehaviour fault, JsonObject answer) {
    switch (fault.kind()) {
      case "slow_answers" -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(fault.amount()));
      case "flood" -> {
        for (long i = 0; i < fault.amount(); i++) {
          say(NOISE);
        }
      }
      case "lie" -> {
        JsonObject.Builder other = JsonObject.builder();
        answer.members().forEach(other::put);
        say(other.put("id", NOBODYS_ID).build());
        say(answer); // and once more by its caller
      }
      default -> {
        // It behaves.
      }
    }
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
        sum += n == null ? 0 : n;
        yield said(Long.toString(sum));
      }
      case "get" -> said(Long.toString(sum));
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

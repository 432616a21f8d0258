package dev.planaria.chaos.server;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
  private final DiaryTools tools;

  private DiaryServer(Path diary, PrintStream out) {
    this.diary = diary;
    this.out = out;
    this.tools = new DiaryTools(diary);
  }

  /// Serves until its input ends.
  ///
  /// @param args the diary's file
  public static void main(String[] args) throws IOException {
    var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    var server = new DiaryServer(Path.of(args[0]), out);
    server.tools.write("start " + ProcessHandle.current().pid());
    try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        server.answer(line);
      }
    }
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
    JsonObject whole = tools.answer(id, method, params);
    end(fault, whole);
    say(whole);
  }

  private void say(JsonObject message) {
    out.println(Json.write(message));
    out.flush();
  }

  private void begin(Misbehaviour fault) throws IOException {
    if (!fault.isNone()) {
      tools.write("fault " + fault.kind());
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

  private static @Nullable String text(JsonObject object, String name) {
    return object.get(name) instanceof JsonString(String value) ? value : null;
  }
}

package dev.planaria.app.gateway.upstreams.echo;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What the server can do, with the memory of one session.
final class EchoTools {
  static final List<String> LEGACY =
      List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");
  static final String MODERN = "2026-07-28";
  private static final List<String> NAMES =
      List.of(
          "echo",
          "pid",
          "add",
          "get",
          "effect",
          "sleep",
          "ask",
          "log",
          "progress",
          "change",
          "huge",
          "make",
          "look",
          "die");

  private final EchoOptions options;
  private final AtomicLong counter = new AtomicLong();
  private final AtomicLong calls = new AtomicLong();
  private final Set<String> asked = new ConcurrentSkipListSet<>();
  private final Map<String, String> things = new ConcurrentHashMap<>();

  EchoTools(EchoOptions options) {
    this.options = options;
  }

  /// Thrown by a method that does not exist.
  static final class NoSuchMethod extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /// The result of a request.
  JsonObject answer(String method, JsonObject params, boolean modern, EchoPeer peer)
      throws NoSuchMethod {
    JsonObject result =
        switch (method) {
          case "initialize" -> initialized(params);
          case "server/discover" -> discovered();
          case "ping" -> JsonObject.EMPTY;
          case "tools/list" -> modern ? cacheable(listed()) : listed();
          case "tools/call" -> call(params, peer);
          case "logging/setLevel" -> {
            asked.add("level " + text(params, "level"));
            yield JsonObject.EMPTY;
          }
          case "resources/subscribe" -> {
            asked.add(text(params, "uri"));
            yield JsonObject.EMPTY;
          }
          case "resources/unsubscribe" -> {
            asked.remove(text(params, "uri"));
            yield JsonObject.EMPTY;
          }
          default -> throw new NoSuchMethod();
        };
    return modern ? with(result, "resultType", new JsonString("complete")) : result;
  }

  private JsonObject initialized(JsonObject params) throws NoSuchMethod {
    if (!options.speaksLegacy()) {
      throw new NoSuchMethod();
    }
    String wanted = text(params, "protocolVersion");
    String pinned = options.text("--version");
    String version = LEGACY.contains(wanted) ? wanted : LEGACY.getLast();
    return JsonObject.builder()
        .put("protocolVersion", pinned == null ? version : pinned)
        .put("capabilities", capabilities())
        .put("serverInfo", info())
        .put("instructions", "say something")
        .build();
  }

  private JsonObject discovered() throws NoSuchMethod {
    if (!options.speaksModern()) {
      throw new NoSuchMethod();
    }
    return cacheable(
        JsonObject.builder()
            .put("supportedVersions", JsonArray.ofStrings(List.of(MODERN)))
            .put("capabilities", capabilities())
            .put(
                "_meta",
                JsonObject.builder().put("io.modelcontextprotocol/serverInfo", info()).build())
            .build());
  }

  /// For no time, by nobody else.
  private static JsonObject cacheable(JsonObject result) {
    return with(with(result, "ttlMs", JsonNumber.of(0)), "cacheScope", new JsonString("private"));
  }

  private static JsonObject info() {
    return JsonObject.builder().put("name", "echo").put("version", "1").build();
  }

  private static JsonObject capabilities() {
    var changes = JsonObject.builder().put("listChanged", true).build();
    return JsonObject.builder().put("tools", changes).put("logging", JsonObject.EMPTY).build();
  }

  private JsonObject listed() {
    var tools = new ArrayList<JsonValue>();
    for (String name : NAMES) {
      var text = JsonObject.builder().put("type", "string");
      if (name.equals("echo")) {
        text.put("x-mcp-header", "Text");
      }
      var properties = JsonObject.builder().put("text", text.build()).build();
      tools.add(tool(name, properties));
    }
    if (options.has("--bad-tool")) {
      var twice = JsonObject.builder().put("type", "object").put("x-mcp-header", "A b").build();
      tools.add(tool("bad", JsonObject.builder().put("x", twice).build()));
    }
    return JsonObject.builder().put("tools", new JsonArray(tools)).build();
  }

  private static JsonObject tool(String name, JsonObject properties) {
    return JsonObject.builder()
        .put("name", name)
        .put(
            "inputSchema",
            JsonObject.builder().put("type", "object").put("properties", properties).build())
        .put(
            "annotations",
            JsonObject.builder()
                .put("readOnlyHint", List.of("echo", "pid", "get", "look", "sleep").contains(name))
                .build())
        .build();
  }

  private JsonObject call(JsonObject params, EchoPeer peer) {
    if (options.number("--die-after") == calls.incrementAndGet()) {
      die();
    }
    JsonObject arguments =
        params.get("arguments") instanceof JsonObject given ? given : JsonObject.EMPTY;
    return switch (text(params, "name")) {
      case "echo" -> said(text(arguments, "text"));
      case "trace" ->
          said(params.get("_meta") instanceof JsonObject meta ? text(meta, "traceparent") : "none");
      case "pid" -> said(Long.toString(ProcessHandle.current().pid()));
      case "add" -> said(Long.toString(counter.addAndGet(number(arguments, "n"))));
      case "asked" -> said(String.join(" ", asked));
      case "get" -> said(Long.toString(counter.get()));
      case "effect" -> effect(arguments);
      case "sleep" -> {
        pause(number(arguments, "ms"));
        yield said("slept");
      }
      case "ask" -> said(Json.write(peer.ask(text(arguments, "method"), JsonObject.EMPTY)));
      case "log" -> {
        peer.tell("notifications/message", arguments);
        yield said("logged");
      }
      case "progress" -> progress(params, arguments, peer);
      case "change" -> {
        peer.announce("notifications/tools/list_changed", JsonObject.EMPTY);
        yield said("changed");
      }
      case "huge" -> said("x".repeat((int) number(arguments, "bytes")));
      case "make" -> made(text(arguments, "name"));
      case "look" -> looked(text(arguments, "id"));
      case "die" -> {
        die();
        yield said("never");
      }
      default -> with(said("unknown tool"), "isError", JsonBoolean.of(true));
    };
  }

  /// A thing under an id that nobody can foresee, as JSON inside a text.
  private JsonObject made(String name) {
    String id = UUID.randomUUID().toString();
    things.put(id, name);
    return said(Json.write(JsonObject.builder().put("id", id).put("name", name).build()));
  }

  private JsonObject looked(String id) {
    String name = things.get(id);
    return name == null ? with(said("unknown id"), "isError", JsonBoolean.of(true)) : said(name);
  }

  private JsonObject effect(JsonObject arguments) {
    var file = options.effects();
    String id = text(arguments, "id");
    if (file != null) {
      try {
        Files.writeString(
            file,
            id + " " + ProcessHandle.current().pid() + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    pause(number(arguments, "delayMs"));
    return said("done " + id);
  }

  private static JsonObject progress(JsonObject params, JsonObject arguments, EchoPeer peer) {
    JsonValue token =
        params.get("_meta") instanceof JsonObject meta ? meta.get("progressToken") : null;
    long steps = number(arguments, "steps");
    for (long step = 1; step <= steps; step++) {
      pause(number(arguments, "stepMs"));
      if (token != null) {
        peer.tell(
            "notifications/progress",
            JsonObject.builder()
                .put("progressToken", token)
                .put("progress", step)
                .put("total", steps)
                .build());
      }
    }
    return said("went " + steps + " steps");
  }

  static void die() {
    Runtime.getRuntime().halt(7);
  }

  static void pause(long millis) {
    try {
      if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("nobody counts down");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonObject said(String text) {
    var item = JsonObject.builder().put("type", "text").put("text", text).build();
    return JsonObject.builder().put("content", new JsonArray(List.of(item))).build();
  }

  static JsonObject with(JsonObject object, String name, JsonValue value) {
    var more = JsonObject.builder();
    object.members().forEach(more::put);
    return more.put(name, value).build();
  }

  static JsonValue id(JsonObject message) {
    JsonValue id = message.get("id");
    return id == null ? JsonNull.NULL : id;
  }

  static String text(JsonObject object, String name) {
    return object.get(name) instanceof JsonString(String text) ? text : "";
  }

  static long number(JsonObject object, String name) {
    @Nullable Long number =
        object.get(name) instanceof JsonNumber written ? written.toLong() : null;
    return number == null ? 0 : number;
  }
}

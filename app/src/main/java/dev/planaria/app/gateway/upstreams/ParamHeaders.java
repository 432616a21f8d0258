package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Arguments that a modern server wants in headers too, as its tools' schemas say with
/// `x-mcp-header` (MCP 2026-07-28, Streamable HTTP, "Custom headers from tool parameters").
/// Thread-safe.
public final class ParamHeaders {
  /// More tools than any server offers; what is beyond has no headers.
  private static final int MOST_TOOLS = 10_000;

  private static final String ANNOTATION = "x-mcp-header";
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}";
  private static final Set<String> TYPES = Set.of("string", "integer", "boolean");

  private final Map<String, List<Param>> tools = new ConcurrentHashMap<>();

  /// Of a server whose tools nobody has listed yet.
  public ParamHeaders() {}

  /// @param path the names of the properties that lead to the argument
  private record Param(String header, List<String> path) {}

  private static final class BadAnnotation extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /// Learns from a page of `tools/list`.
  ///
  /// @return the page without the tools whose annotations are wrong, which must not be offered; the
  ///   same page when there are none
  public RawObject learn(RawObject page) {
    if (!(page.value("tools") instanceof JsonArray(var listed))) {
      return page;
    }
    var kept = new ArrayList<JsonValue>();
    for (JsonValue tool : listed) {
      if (learn(tool)) {
        kept.add(tool);
      }
    }
    return kept.size() == listed.size() ? page : page.with("tools", new JsonArray(kept));
  }

  private boolean learn(JsonValue tool) {
    if (!(tool instanceof JsonObject object)
        || !(object.get("name") instanceof JsonString(String name))) {
      return true; // not ours to judge
    }
    var params = new ArrayList<Param>();
    try {
      if (object.get("inputSchema") instanceof JsonObject schema) {
        find(schema, List.of(), params, new HashSet<>());
        if (annotationsIn(schema) != params.size()) {
          throw new BadAnnotation(); // one where no argument can be found without running the
          // schema
        }
      }
    } catch (BadAnnotation e) {
      tools.remove(name);
      return false;
    }
    if (params.isEmpty()) {
      tools.remove(name);
    } else if (tools.size() < MOST_TOOLS) {
      tools.put(name, List.copyOf(params));
    }
    return true;
  }

  private static void find(
      JsonObject schema, List<String> path, List<Param> found, Set<String> names)
      throws BadAnnotation {
    if (!(schema.get("properties") instanceof JsonObject(var properties))) {
      return;
    }
    for (var property : properties.entrySet()) {
      if (property.getValue() instanceof JsonObject inner) {
        var innerPath = new ArrayList<>(path);
        innerPath.add(property.getKey());
        JsonValue annotation = inner.get(ANNOTATION);
        if (annotation != null) {
          found.add(new Param(header(annotation, inner, names), List.copyOf(innerPath)));
        }
        find(inner, innerPath, found, names);
      }
    }
  }

  private static int annotationsIn(JsonValue value) {
    return switch (value) {
      case JsonObject(var members) -> {
        int own = members.get(ANNOTATION) instanceof JsonString ? 1 : 0;
        yield own + members.values().stream().mapToInt(ParamHeaders::annotationsIn).sum();
      }
      case JsonArray(var items) -> items.stream().mapToInt(ParamHeaders::annotationsIn).sum();
      case JsonString _, JsonNumber _, JsonBoolean _, JsonNull _ -> 0;
    };
  }

  private static String header(JsonValue annotation, JsonObject schema, Set<String> names)
      throws BadAnnotation {
    boolean good =
        annotation instanceof JsonString(String name)
            && name.matches(TOKEN)
            && schema.get("type") instanceof JsonString(String type)
            && TYPES.contains(type)
            && names.add(name.toLowerCase(Locale.ROOT));
    if (!good) {
      throw new BadAnnotation();
    }
    return "Mcp-Param-" + ((JsonString) annotation).value();
  }

  /// The headers for a call of a tool. An argument that is missing or null has none.
  public Map<String, String> of(RawObject params) {
    String tool = params.text("name");
    List<Param> wanted = tool == null ? null : tools.get(tool);
    if (wanted == null || !(params.value("arguments") instanceof JsonObject arguments)) {
      return Map.of();
    }
    var headers = new LinkedHashMap<String, String>();
    for (Param param : wanted) {
      String value = text(at(arguments, param.path));
      if (value != null) {
        headers.put(param.header, encoded(value));
      }
    }
    return headers;
  }

  private static @Nullable JsonValue at(JsonObject arguments, List<String> path) {
    JsonValue value = arguments;
    for (String name : path) {
      value = value instanceof JsonObject object ? object.get(name) : null;
    }
    return value;
  }

  private static @Nullable String text(@Nullable JsonValue value) {
    return switch (value) {
      case JsonString(String text) -> text;
      case JsonNumber number -> Json.write(number);
      case JsonBoolean truth -> Json.write(truth);
      case null, default -> null;
    };
  }

  /// A value as a header can carry it: as it is when it is plain ASCII and cannot be mistaken for
  /// the other form, else `=?base64?...?=`.
  static String encoded(String value) {
    boolean plain =
        value.matches("([!-~]([ -~]*[!-~])?)?")
            && !(value.startsWith("=?base64?") && value.endsWith("?="));
    return plain
        ? value
        : "=?base64?"
            + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))
            + "?=";
  }
}

package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.ParamHeaders;
import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The lists that a server gave last, to be given again while it is away; and what it says of its
/// tools. Thread-safe.
final class Lists {
  private static final int PAGES = 200;

  /// Pages of lists, by method and cursor.
  private final Map<String, Page> pages =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Page> eldest) {
          return size() > PAGES;
        }
      };

  private volatile Map<String, JsonObject> annotations = Map.of();
  private final ParamHeaders paramHeaders = new ParamHeaders();

  /// @param atMillis when it was given, Unix time
  record Page(RawObject result, long atMillis) {}

  /// True for methods whose results are kept.
  static boolean isList(String method) {
    return switch (method) {
      case "tools/list", "prompts/list", "resources/list", "resources/templates/list" -> true;
      default -> false;
    };
  }

  /// Keeps what a server has answered, when it is a list.
  void note(Ask ask, RawAnswer answer, long nowMillis) {
    if (!isList(ask.method()) || !(answer instanceof RawAnswer.Result(RawObject result))) {
      return;
    }
    synchronized (pages) {
      pages.put(key(ask), new Page(result, nowMillis));
    }
    if (ask.method().equals("tools/list")) {
      noteAnnotations(result);
      var _ = paramHeaders.learn(result);
    }
  }

  /// What was given last; null when nothing was.
  @Nullable Page last(Ask ask) {
    synchronized (pages) {
      return pages.get(key(ask));
    }
  }

  private static String key(Ask ask) {
    String cursor = ask.params().text("cursor");
    return cursor == null ? ask.method() : ask.method() + " " + cursor;
  }

  /// The headers that a modern client must send with a call, as far as tools were listed.
  Map<String, String> paramHeaders(RawObject params) {
    return paramHeaders.of(params);
  }

  /// What the server says of a tool; null when it says nothing.
  @Nullable JsonObject annotations(String tool) {
    return annotations.get(tool);
  }

  private synchronized void noteAnnotations(RawObject result) {
    if (!(result.value("tools") instanceof JsonArray(var tools))) {
      return;
    }
    var known = new HashMap<>(annotations);
    for (JsonValue tool : tools) {
      if (tool instanceof JsonObject described
          && described.get("name") instanceof JsonString(String name)
          && described.get("annotations") instanceof JsonObject said) {
        known.put(name, said);
      }
    }
    annotations = Map.copyOf(known);
  }
}

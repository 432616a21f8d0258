package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.RequestFailed;
import dev.planaria.app.gateway.upstreams.UpstreamBroken;
import dev.planaria.app.gateway.upstreams.UpstreamRequest;
import dev.planaria.app.gateway.upstreams.UpstreamSession;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Era;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What clients have told a server to keep telling them, so that it can be told again when the
/// server comes back. Thread-safe.
final class Subscriptions {
  /// How long the server may take to be told one thing again.
  private static final long TELL_MILLIS = 10_000;

  /// So many resources at most; beyond that a client asks again itself after a break.
  private static final int MOST_RESOURCES = 1_000;

  private static final String RESOURCES = "resources";
  private static final String LEVEL = "level";

  private final Consumer<JsonObject> onChange;
  private final Set<String> subscribed = new ConcurrentSkipListSet<>();

  /// How many streams of modern clients want to hear of a resource.
  private final Map<String, Integer> listened = new ConcurrentHashMap<>();

  private volatile @Nullable String level;
  private volatile boolean usedBefore;

  /// @param known what was asked of the server before, as it was handed to the consumer
  /// @param usedBefore true when there was a conversation before
  /// @param onChange writes down what is asked of it
  Subscriptions(JsonObject known, boolean usedBefore, Consumer<JsonObject> onChange) {
    this.onChange = onChange;
    this.usedBefore = usedBefore;
    this.level = known.get(LEVEL) instanceof JsonString(String text) ? text : null;
    if (known.get(RESOURCES) instanceof JsonArray uris) {
      uris.items()
          .forEach(uri -> {
            if (uri instanceof JsonString(String text)) {
              subscribed.add(text);
            }
          });
    }
  }

  /// Looks whether a client's request changes what is to be told.
  void note(Ask ask) {
    String uri = ask.target();
    boolean changed =
        switch (ask.method()) {
          case "resources/subscribe" ->
              uri != null && subscribed.size() < MOST_RESOURCES && subscribed.add(uri);
          case "resources/unsubscribe" -> uri != null && subscribed.remove(uri);
          case "logging/setLevel" -> {
            String before = level;
            level = ask.params().text(LEVEL);
            yield !Objects.equals(before, level);
          }
          default -> false;
        };
    if (changed) {
      onChange.accept(written());
    }
  }

  private JsonObject written() {
    return JsonObject.builder()
        .put(RESOURCES, JsonArray.ofStrings(List.copyOf(subscribed)))
        .put(LEVEL, level)
        .build();
  }

  /// A modern client's stream wants to hear of resources, for as long as it lasts.
  ///
  /// @return those of which nobody wanted to hear before
  List<String> listening(Set<String> uris) {
    return uris.stream()
        .filter(uri -> listened.merge(uri, 1, Integer::sum) == 1 && !subscribed.contains(uri))
        .toList();
  }

  /// Such a stream has ended.
  ///
  /// @return those of which nobody wants to hear any more
  List<String> listened(Set<String> uris) {
    return uris.stream()
        .filter(uri ->
            listened.computeIfPresent(uri, (_, count) -> count == 1 ? null : count - 1) == null
                && !subscribed.contains(uri))
        .toList();
  }

  List<String> resources() {
    var all = new TreeSet<>(subscribed);
    all.addAll(listened.keySet());
    return List.copyOf(all);
  }

  /// The level from which on legacy clients want log messages, or null.
  @Nullable String level() {
    return level;
  }

  /// What a modern server is asked to tell.
  RawObject wanted() {
    RawObject wanted = RawObject.EMPTY;
    for (String kind : List.of("toolsListChanged", "promptsListChanged", "resourcesListChanged")) {
      wanted = wanted.with(kind, JsonBoolean.of(true));
    }
    List<String> uris = resources();
    return uris.isEmpty()
        ? wanted
        : wanted.with("resourceSubscriptions", JsonArray.ofStrings(uris));
  }

  /// Tells the server in a new conversation what it was told in the one before.
  ///
  /// @return true when there was one before
  boolean restore(UpstreamSession session) throws InterruptedException {
    boolean again = usedBefore;
    usedBefore = true;
    try {
      if (session.server().era() == Era.MODERN) {
        if (!resources().isEmpty()) {
          session.listen(wanted());
        }
        return again;
      }
      String wanted = level;
      if (wanted != null) {
        tell(session, "logging/setLevel", RawObject.EMPTY.with("level", new JsonString(wanted)));
      }
      for (String uri : resources()) {
        tell(session, "resources/subscribe", Voice.uri(uri));
      }
    } catch (UpstreamBroken e) {
      return again; // whoever drains finds out
    }
    return again;
  }

  private static void tell(UpstreamSession session, String method, RawObject params)
      throws UpstreamBroken, InterruptedException {
    try {
      session.request(UpstreamRequest.of(method, params, TELL_MILLIS));
    } catch (UpstreamBroken e) {
      throw e;
    } catch (RequestFailed e) {
      // A server that does not take it back can still serve everything else.
    }
  }
}

package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.RequestFailed;
import dev.planaria.app.gateway.upstreams.UpstreamBroken;
import dev.planaria.app.gateway.upstreams.UpstreamRequest;
import dev.planaria.app.gateway.upstreams.UpstreamSession;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Era;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/// What clients have told a server to keep telling them, so that it can be told again when the
/// server comes back. Thread-safe.
final class Subscriptions {
  /// How long the server may take to be told one thing again.
  private static final long TELL_MILLIS = 10_000;

  /// So many resources at most; beyond that a client asks again itself after a break.
  private static final int MOST_RESOURCES = 10_000;

  private final Set<String> resources = new ConcurrentSkipListSet<>();
  private volatile @Nullable String level;
  private volatile boolean usedBefore;

  /// Looks whether a client's request changes what is to be told.
  void note(Ask ask) {
    String uri = ask.target();
    switch (ask.method()) {
      case "resources/subscribe" -> {
        if (uri != null) {
          add(uri);
        }
      }
      case "resources/unsubscribe" -> {
        if (uri != null) {
          resources.remove(uri);
        }
      }
      case "logging/setLevel" -> level = ask.params().text("level");
      default -> {
        // It changes nothing.
      }
    }
  }

  /// A client wants to hear of a resource.
  ///
  /// @return true when it is new
  boolean add(String uri) {
    return resources.size() < MOST_RESOURCES && resources.add(uri);
  }

  List<String> resources() {
    return List.copyOf(resources);
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
    return resources.isEmpty()
        ? wanted
        : wanted.with("resourceSubscriptions", JsonArray.ofStrings(resources()));
  }

  /// Tells the server in a new conversation what it was told in the one before.
  ///
  /// @return true when there was one before
  boolean restore(UpstreamSession session) throws InterruptedException {
    boolean again = usedBefore;
    usedBefore = true;
    try {
      if (session.server().era() == Era.MODERN) {
        if (!resources.isEmpty()) {
          session.listen(wanted());
        }
        return again;
      }
      String wanted = level;
      if (wanted != null) {
        tell(session, "logging/setLevel", RawObject.EMPTY.with("level", new JsonString(wanted)));
      }
      for (String uri : resources) {
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

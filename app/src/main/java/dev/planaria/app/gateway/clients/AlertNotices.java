package dev.planaria.app.gateway.clients;

import dev.planaria.app.alerts.AlertChange;
import dev.planaria.app.alerts.AlertViews;
import dev.planaria.app.tools.ToolResult;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Tells clients of alerts, once each, and of an alert that has cleared only that. Legacy clients
/// hear of them in their log, if they have said from which level on they want to; modern ones have
/// no log beside their requests, and find them in `_meta` of their next result. Best effort.
/// Thread-safe.
public final class AlertNotices implements Consumer<AlertChange> {
  /// So many alerts are remembered; the oldest go.
  private static final int REMEMBERED = 200;

  /// Where modern clients find them.
  static final String ALERTS = "dev.planaria/alerts";

  /// So many are told with one result, the oldest first; the next result has more.
  static final int PER_RESULT = 10;

  /// A client that is forgotten is told again.
  private static final int MOST_TOLD = 1_000;

  // Guarded by this. By alert.
  private final Map<String, Notice> notices =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Notice> eldest) {
          return size() > REMEMBERED;
        }
      };

  /// Something to tell.
  ///
  /// @param data the alert
  /// @param fires true when it fires, which concerns everybody; false when it is over
  /// @param told who was told
  /// @param knew who was told earlier that it fires, and not that it was over
  private record Notice(
      LogLevel level, JsonObject data, boolean fires, Set<String> told, Set<String> knew) {
    JsonObject params() {
      return JsonObject.builder()
          .put("level", WireName.of(level))
          .put("logger", "planaria.alerts")
          .put("data", data)
          .build();
    }

    /// The end of something that nobody told them of is no news to them.
    boolean concerns(String audience) {
      return fires || knew.contains(audience);
    }

    /// Who is to hear of its end: all who believe that it fires, be it of an earlier time.
    Set<String> believers() {
      Stream<String> all =
          fires
              ? Stream.concat(told.stream(), knew.stream()).distinct()
              : knew.stream().filter(audience -> !told.contains(audience));
      return all.limit(MOST_TOLD).collect(Collectors.toUnmodifiableSet());
    }

    /// True when this audience was not told before; it is from now on.
    boolean isNewsTo(String audience) {
      if (told.size() >= MOST_TOLD) {
        told.clear();
      }
      return told.add(audience);
    }
  }

  /// Nobody has been told anything.
  public AlertNotices() {}

  @Override
  public synchronized void accept(AlertChange change) {
    LogLevel level =
        switch (change.kind()) {
          case CLEARED -> LogLevel.NOTICE;
          case FIRED ->
              switch (change.alert().type().severity()) {
                case CRITICAL -> LogLevel.CRITICAL;
                case WARNING -> LogLevel.WARNING;
                case INFO -> LogLevel.INFO;
              };
        };
    Notice before = notices.remove(change.alert().id());
    notices.put(
        change.alert().id(),
        new Notice(
            level,
            AlertViews.alert(change.alert()),
            change.kind() == AlertChange.Kind.FIRED,
            new HashSet<>(),
            before == null ? Set.of() : before.believers()));
  }

  /// Adds to a result what its reader was not told yet.
  ///
  /// @param audience a principal
  synchronized ToolResult tell(String audience, ToolResult result) {
    var news = new ArrayList<JsonValue>();
    for (Notice notice : notices.values()) {
      if (news.size() == PER_RESULT) {
        break;
      }
      if (notice.concerns(audience) && notice.isNewsTo(audience)) {
        news.add(notice.data());
      }
    }
    return news.isEmpty() ? result : result.withMeta(ALERTS, new JsonArray(news));
  }

  /// Parameters of `notifications/message` (MCP 2025-11-25, "Logging") that a link was not sent
  /// yet.
  synchronized List<JsonObject> newsFor(Link link) {
    var news = new ArrayList<JsonObject>();
    if (link.level() == null) {
      return news;
    }
    for (Notice notice : notices.values()) {
      if (link.wants(notice.level()) && notice.isNewsTo(link.id())) {
        news.add(notice.params());
      }
    }
    return news;
  }
}

package dev.planaria.app.gateway.clients;

import dev.planaria.app.alerts.AlertChange;
import dev.planaria.app.alerts.AlertViews;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.WireName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Tells legacy clients of alerts, in their log, if they have said from which level on they want to
/// hear: once each, and of an alert that has cleared only that. Best effort. Thread-safe.
public final class AlertNotices implements Consumer<AlertChange> {
  /// So many alerts are remembered; the oldest go.
  private static final int REMEMBERED = 200;

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

  private record Notice(LogLevel level, JsonObject params, Set<String> told) {}

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
    JsonObject params =
        JsonObject.builder()
            .put("level", WireName.of(level))
            .put("logger", "planaria.alerts")
            .put("data", AlertViews.alert(change.alert()))
            .build();
    notices.remove(change.alert().id());
    notices.put(change.alert().id(), new Notice(level, params, new HashSet<>()));
  }

  /// Parameters of `notifications/message` (MCP 2025-11-25, "Logging") that a link was not sent
  /// yet.
  synchronized List<JsonObject> newsFor(Link link) {
    var news = new ArrayList<JsonObject>();
    if (link.level() == null) {
      return news;
    }
    for (Notice notice : notices.values()) {
      if (notice.told().size() >= MOST_TOLD) {
        notice.told().clear();
      }
      if (link.wants(notice.level()) && notice.told().add(link.id())) {
        news.add(notice.params());
      }
    }
    return news;
  }
}

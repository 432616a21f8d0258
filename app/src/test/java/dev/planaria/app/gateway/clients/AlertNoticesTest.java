package dev.planaria.app.gateway.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.alerts.AlertType;
import dev.planaria.app.alerts.Fired;
import dev.planaria.app.gateway.wire.ProtocolVersion;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Legacy clients that asked for log messages hear of alerts, once each.
class AlertNoticesTest {
  private static Link link(String id, @Nullable LogLevel level) {
    return new Link(
        id,
        "operator",
        ProtocolVersion.V2025_11_25,
        JsonObject.EMPTY,
        JsonObject.EMPTY,
        level,
        0,
        0);
  }

  @Test
  void a_link_that_set_a_level_hears_once_of_what_is_grave_enough_and_others_hear_nothing() {
    var notices = new AlertNotices();
    var lost = Fired.andCleared(AlertType.CONNECTION_LOST);
    notices.accept(lost.getFirst());
    assertThat(notices.newsFor(link("never", null))).isEmpty();
    assertThat(notices.newsFor(link("errors", LogLevel.ERROR))).isEmpty();
    assertThat(notices.newsFor(link("all", LogLevel.DEBUG)))
        .singleElement()
        .extracting(Json::write)
        .asString()
        .contains("\"level\":\"warning\"", "planaria.alerts", "CONNECTION_LOST", "firing");
    assertThat(notices.newsFor(link("all", LogLevel.DEBUG))).isEmpty();
    notices.accept(lost.getLast());
    assertThat(notices.newsFor(link("all", LogLevel.DEBUG)).stream().map(Json::write))
        .singleElement()
        .asString()
        .contains("\"level\":\"notice\"", "cleared");
    assertThat(notices.newsFor(link("late", LogLevel.WARNING))).as("it is over").isEmpty();
  }
}

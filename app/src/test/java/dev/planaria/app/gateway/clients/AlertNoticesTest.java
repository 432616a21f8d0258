package dev.planaria.app.gateway.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.alerts.AlertType;
import dev.planaria.app.alerts.Fired;
import dev.planaria.app.gateway.wire.ProtocolVersion;
import dev.planaria.app.tools.ToolResult;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Clients hear of alerts, once each: legacy ones in their log, if they asked for it, modern ones
/// in results.
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

  private static ToolResult result() {
    return ToolResult.of(JsonObject.EMPTY, "done");
  }

  private static String told(AlertNotices notices, String audience) {
    return Json.write(notices.tell(audience, result()).toJson());
  }

  @Test
  void a_modern_client_finds_each_alert_once_in_its_next_result_and_its_end_if_it_knew() {
    var notices = new AlertNotices();
    assertThat(notices.tell("alice", result())).isEqualTo(result());
    var lost = Fired.andCleared(AlertType.CONNECTION_LOST);
    notices.accept(lost.getFirst());
    assertThat(told(notices, "alice"))
        .contains("\"" + AlertNotices.ALERTS + "\"", "CONNECTION_LOST", "\"state\":\"firing\"");
    assertThat(notices.tell("alice", result())).as("once").isEqualTo(result());
    notices.accept(lost.getLast());
    assertThat(told(notices, "alice")).contains("\"state\":\"cleared\"");
    assertThat(notices.tell("alice", result())).isEqualTo(result());
    assertThat(notices.tell("bob", result())).as("who never knew").isEqualTo(result());
  }

  @Test
  void who_knew_of_it_hears_of_its_end_though_it_came_and_went_again_meanwhile() {
    var notices = new AlertNotices();
    var lost = Fired.andCleared(AlertType.CONNECTION_LOST);
    notices.accept(lost.getFirst());
    assertThat(told(notices, "alice")).contains("\"state\":\"firing\"");
    lost.reversed().forEach(notices);
    notices.accept(lost.getLast());
    assertThat(told(notices, "alice")).contains("\"state\":\"cleared\"");
    assertThat(notices.tell("alice", result())).as("once").isEqualTo(result());
    assertThat(notices.tell("bob", result())).as("who never knew").isEqualTo(result());
    lost.forEach(notices);
    assertThat(notices.tell("alice", result())).as("who knows its end").isEqualTo(result());
  }

  @Test
  void many_alerts_are_told_a_few_with_each_result_until_all_are() {
    var notices = new AlertNotices();
    int types = 0;
    for (AlertType type : AlertType.values()) {
      if (type.fireAfterMillis() == 0) {
        notices.accept(Fired.once(type));
        types++;
      }
    }
    assertThat(types).isGreaterThan(AlertNotices.PER_RESULT);
    assertThat(told(notices, "alice").split("alert_id", -1)).hasSize(AlertNotices.PER_RESULT + 1);
    assertThat(told(notices, "alice").split("alert_id", -1))
        .hasSize(types - AlertNotices.PER_RESULT + 1);
    assertThat(notices.tell("alice", result())).isEqualTo(result());
  }
}

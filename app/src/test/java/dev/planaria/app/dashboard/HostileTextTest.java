package dev.planaria.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import dev.planaria.app.gateway.Reply;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Text of clients and tools is shown as text: in no field does it become markup, or run.
class HostileTextTest {
  private static final String EVIL =
      "<img src=x onerror=\"window.owned=1\"><script>window.owned=1</script>"
          + "<style>h1{display:none}</style>'\"`${1}{{1}}&lt;";

  private static final LocatorAssertions.ContainsTextOptions SOON =
      new LocatorAssertions.ContainsTextOptions().setTimeout(60_000);

  @Test
  void hostile_text_in_every_field_is_text(@TempDir Path scratch) throws Exception {
    try (Stage stage = Stage.open(scratch)) {
      String name =
          Reply.at(
              stage.tool(
                  "start",
                  "session_open",
                  JsonObject.builder().put("name", EVIL.substring(0, 60)).build()),
              "session_id");
      String agent =
          Reply.at(
              stage.tool(
                  name,
                  "agent_spawn",
                  JsonObject.builder()
                      .put("type", "x" + EVIL.substring(0, 50))
                      .put("name", EVIL.substring(0, 100))
                      .build()),
              "agent/agent_id");
      String task = stage.task(name, EVIL, List.of());
      stage.task(name, EVIL, List.of(task));
      stage.tool(
          name,
          "task_claim",
          JsonObject.builder().put("agent_id", agent).put("task_id", task).build());
      stage.remember(name, EVIL, new JsonString(EVIL));
      JsonValue nested = JsonObject.builder().put(EVIL, EVIL).build();
      stage.remember(name, "nested", nested);
      stage.tool(
          name,
          "session_checkpoint",
          JsonObject.builder().put("label", EVIL.substring(0, 60)).build());
      stage.bringEcho(name, "echo");
      stage.call(name, "echo", "echo", JsonObject.builder().put("text", EVIL).build());
      stage.call(name, "echo", EVIL.substring(0, 40), JsonObject.EMPTY);
      stage.killWorker();
      // A server that was brought is brought again to the next worker, as planaria wrap does.
      stage.bringEcho(name, "echo");

      Page page = stage.logIn();
      String id = Reply.at(stage.get("/api/v1/search?q=%3Cimg"), "sessions/0/session_id");
      for (String route :
          List.of(
              "/sessions",
              "/session/" + id + "/tasks",
              "/session/" + id + "/agents",
              "/session/" + id + "/memory",
              "/session/" + id + "/connections",
              "/session/" + id + "/calls",
              "/session/" + id + "/timeline",
              "/session/" + id + "/checkpoints",
              "/session/" + id + "/recoveries",
              "/recoveries",
              "/connections")) {
        stage.visit(page, route);
        assertThat(page.locator("main")).containsText("<img src=x", SOON);
        untouched(page, route);
      }
      alertAbout(page);
      stage.visit(page, "/alerts");
      assertThat(page.locator("main")).containsText("the server <img src=x", SOON);
      untouched(page, "/alerts");
      page.navigate(stage.daemon().url() + "/#/session/" + Stage.encoded(EVIL.substring(0, 40)));
      assertThat(page.locator("h1")).containsText("no such thing", SOON);
      untouched(page, "an address");
      assertThat(stage.errors()).isEmpty();
      noticesScripts(page);
    }
  }

  /// A document of the contract's shape: a server counts as lost after five minutes only.
  private static void alertAbout(Page page) {
    JsonObject alert =
        JsonObject.builder()
            .put("alert_id", EVIL)
            .put("type", "CONNECTION_LOST")
            .put("severity", "warning")
            .put("state", "firing")
            .put("acknowledged", false)
            .put("since_at", 1_800_000_000_000L)
            .put("occurrences", 1)
            .put(
                "subject",
                JsonObject.builder().put("session_name", EVIL).put("server", EVIL).build())
            .put("message", "the server " + EVIL + " is lost")
            .put("what_to_do", EVIL)
            .build();
    String alerts =
        Json.write(
            JsonObject.builder().put("alerts", new JsonArray(List.of((JsonValue) alert))).build());
    page.route(
        url -> url.endsWith("/api/v1/alerts"),
        route ->
            route.fulfill(
                new Route.FulfillOptions().setContentType("application/json").setBody(alerts)));
  }

  private static void untouched(Page page, String route) {
    Object foreign =
        page.evaluate(
            "() => document.querySelectorAll('main img, main script, main style').length");
    assertThat(foreign).as(route).isEqualTo(0);
    assertThat(owned(page)).as(route).isFalse();
  }

  /// The negative control: markup that got in would be seen, and even then the policy lets nothing
  /// of it run.
  private static void noticesScripts(Page page) {
    // In one go: a page that is drawn anew in between would take it away.
    Object foreign =
        page.evaluate(
            """
            evil => new Promise(done => {
              const main = document.querySelector('main');
              main.innerHTML = evil;
              const found = document.querySelectorAll('main img, main script, main style').length;
              main.querySelector('img').addEventListener('error', () => setTimeout(() => done(found)));
            })
            """,
            EVIL);
    assertThat(foreign).isEqualTo(3);
    assertThat(owned(page)).isFalse();
    page.evaluate("() => { window.owned = 1; }");
    assertThat(owned(page)).isTrue();
  }

  private static boolean owned(Page page) {
    return (Boolean) page.evaluate("() => window.owned !== undefined");
  }
}

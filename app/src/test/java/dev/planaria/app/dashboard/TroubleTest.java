package dev.planaria.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.planaria.app.gateway.Reply;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonBoolean;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What an operator sees after real trouble: a worker that is killed again and again.
class TroubleTest extends OnStage {
  @Test
  void key_figures_alerts_and_health_are_the_daemons_own_and_handling_an_alert_holds()
      throws Exception {
    for (int kill = 0; kill < 3; kill++) {
      stage().killWorker();
      stage().remember("atlas", "after/" + kill, JsonBoolean.of(true));
    }
    Page page = stage().logIn();
    Locator main = page.locator("main");
    assertThat(main).containsText("the worker died", SOON);
    assertThat(page.locator("nav .bubble")).isVisible(PATIENT);
    figures(main);
    health(main);

    stage().visit(page, "/alerts");
    Locator alert =
        page.locator("main li", new Page.LocatorOptions().setHasText("the worker died"));
    alert.getByText("Silence").click();
    confirm(page, "Nobody is told of it until");
    assertThat(alert).containsText("silenced until", SOON);
    alert.getByText("Acknowledge").click();
    confirm(page, "It goes on firing, marked as acknowledged");
    assertThat(alert).containsText("acknowledged", SOON);
    page.reload();
    assertThat(alert).containsText("silenced until", SOON);
    assertThat(alert).containsText("acknowledged", SOON);
    stage().killWorker();
    page.reload();
    assertThat(page.locator("#live"))
        .containsText(String.valueOf(stage().daemon().workerPid()), SOON);
    assertThat(alert).containsText("silenced until", SOON);
    assertThat(alert).containsText("acknowledged", SOON);
    assertThat(page.locator("nav .bubble")).not().isVisible(PATIENT);
  }

  /// What the page says is what the API says, and that is what has happened.
  private void figures(Locator main) throws Exception {
    var kpis = stage().get("/api/v1/kpis");
    int recoveries = Integer.parseInt(Reply.at(kpis, "windows/24h/recoveries"));
    assertThat(recoveries).isGreaterThanOrEqualTo(3);
    assertThat(Reply.at(kpis, "windows/24h/operations_lost")).isEqualTo("0");
    assertThat(main).containsText(recoveries + " recoveries", SOON);
    Locator tiles = main.locator(".tile");
    assertThat(tiles.nth(1)).containsText("100 %", SOON);
    assertThat(tiles.nth(2)).containsText("p95", SOON);
    assertThat(tiles.nth(3)).containsText("0 of", SOON);
    var overview = stage().get("/api/v1/overview");
    assertThat(Reply.at(overview, "runs/0/failure")).isEqualTo("PROCESS_CRASH");
    // One session of a caller's, whatever the daemon keeps for itself.
    assertThat(Reply.at(overview, "runs/0/sessions_recovered")).isEqualTo("1");
    assertThat(main).containsText("1 recovered, 0 not", SOON);
    assertThat(Json.write(stage().get("/api/v1/recovery-records")))
        .contains("\"session_name\":")
        .doesNotContain("\"session_name\":\"planaria.");
  }

  private static void health(Locator main) {
    for (String component :
        List.of("store", "recovery", "connections", "agents", "tasks", "disk", "memory")) {
      assertThat(main.locator("section[aria-label=Health]")).containsText(component, SOON);
    }
  }
}

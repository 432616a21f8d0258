package dev.planaria.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The dashboard in a real browser, before a real daemon.
class BrowserTest extends OnStage {
  @Test
  void a_link_logs_a_browser_in_once_and_leaves_the_address_bar() throws Exception {
    String link = stage().link();
    Page page = stage().context(new Browser.NewContextOptions()).newPage();
    page.navigate(stage().daemon().url() + "/");
    assertThat(page.locator("#how")).containsText("planaria dashboard", SOON);
    page.navigate(link);
    assertThat(page.locator("h1")).containsText("Overview", SOON);
    assertThat(page.url()).isEqualTo(stage().daemon().url() + "/");
    Page other = stage().context(new Browser.NewContextOptions()).newPage();
    other.navigate(link);
    assertThat(other.locator("#words")).containsText("used already", SOON);
    assertThat(other.url()).doesNotContain("#");
  }

  @Test
  void a_page_goes_on_by_itself_when_the_worker_is_killed_and_shows_the_recovery()
      throws Exception {
    Page page = stage().logIn();
    assertThat(page.locator("#live")).containsText("worker " + stage().daemon().workerPid(), SOON);
    stage().killWorker();
    long now = stage().daemon().workerPid();
    assertThat(page.locator("#live")).containsText("live · worker " + now, SOON);
    assertThat(page.locator("#banner")).containsText("has taken over", SOON);
    assertThat(page.locator("main"))
        .containsText(Pattern.compile("process crash, .* ago|process crash, just now"), SOON);
  }

  @Test
  void a_browser_that_logs_out_sees_nothing_any_more() throws Exception {
    Page page = stage().logIn();
    page.locator("#logout").click();
    assertThat(page.locator("#how")).containsText("planaria dashboard", SOON);
    page.navigate(stage().daemon().url() + "/");
    assertThat(page.locator("#how")).containsText("planaria dashboard", SOON);
  }

  @Test
  void a_page_can_be_used_by_keyboard_alone() throws Exception {
    Page page = stage().logIn();
    page.keyboard().press("Tab");
    assertThat(page.locator("#skip")).isFocused(FOCUSED);
    page.keyboard().press("Enter");
    assertThat(page.locator("#main")).isFocused(FOCUSED);
    assertThat(page.locator("h1")).containsText("Overview", SOON);
    press(page, "nav a", "Sessions");
    assertThat(page.locator("h1")).containsText("Sessions", SOON);
    page.locator("input[type=search]").focus();
    page.keyboard().type("atlas");
    assertThat(page.locator(".pager")).containsText("of 1", SOON);
    press(page, "td a", "atlas");
    assertThat(page.locator("h1")).containsText("atlas", SOON);
    press(page, ".actions button", "Checkpoint");
    assertThat(page.locator("#dialog input")).isFocused(FOCUSED);
    page.keyboard().press("Escape");
    assertThat(page.locator("#dialog")).not().isVisible(PATIENT);
    assertThat(page.locator(".actions button").first()).isFocused(FOCUSED);
    press(page, ".tabs a", "Timeline");
    assertThat(page.locator("main")).containsText("session opened", SOON);
    assertThat(stage().errors()).isEmpty();
  }

  /// Goes by Tab to something of that name, from where the focus is, and presses Enter on it.
  private static void press(Page page, String selector, String text) {
    Locator wanted = page.locator(selector, new Page.LocatorOptions().setHasText(text)).first();
    wanted.waitFor();
    for (int i = 0; i < 100; i++) {
      if ((Boolean) wanted.evaluate("node => node === document.activeElement")) {
        page.keyboard().press("Enter");
        return;
      }
      page.keyboard().press("Tab");
    }
    throw new AssertionError(text + " cannot be reached by Tab");
  }

  private static final String KPIS =
      """
      {"window_ms": 3600000, "recoveries": 3, "recovery_success_rate": 0.99996,
       "recovery_success_rate_by_type": {"PROCESS_CRASH": 1}, "mean_time_to_recovery_ms": 812,
       "recovery_time_p95_ms": 1204, "recovery_time_p99_ms": null, "data_loss_percent": 0,
       "operations_acknowledged": 184302, "operations_lost": 0,
       "integrity_validation_success_rate": null, "availability": 0.99991,
       "seconds_observed": 3600, "checksum_failures": 0, "detection_accuracy": null,
       "true_positives": 0, "false_positives": 0, "missed": 0}\
      """;

  private static final String ALERTS =
      """
      {"alerts": [{"alert_id": "a/1", "type": "CONNECTION_LOST", "severity": "critical",
       "state": "firing", "acknowledged": false, "silenced_until": null, "since_at": 1800000000000,
       "last_at": 1800000000000, "cleared_at": null, "occurrences": 2,
       "subject": {"session_name": "atlas", "server": "<b>web</b>"},
       "message": "the server <b>web</b> is lost", "what_to_do": "look at its log",
       "value": 400, "threshold": 300}]}\
      """;

  private static final String HEALTH =
      """
      {"status": "warn", "components": [{"component": "disk", "status": "warn",
       "reason": "9 % are free", "trend": "worse"}],
       "risks": [{"risk": "backlog", "value": 3, "unit": "calls", "limit": 1000, "status": "ok",
       "reason": "few calls wait"}]}\
      """;

  @Test
  void kpis_alerts_and_health_are_shown_where_there_are_any() throws Exception {
    Page page = stage().context(new Browser.NewContextOptions()).newPage();
    answer(
        page,
        "kpis",
        "{\"windows\":{\"1h\":" + KPIS + ",\"24h\":" + KPIS + ",\"30d\":" + KPIS + "}}");
    answer(page, "alerts", ALERTS);
    answer(page, "health", HEALTH);
    answer(page, "alerts/a%2F1/acknowledge", "{}");
    page.navigate(stage().link());
    Locator main = page.locator("main");
    assertThat(main).containsText("99.991 %", SOON);
    assertThat(main).containsText("99.99 %", SOON);
    assertThat(main).containsText("no sample", SOON);
    assertThat(main).containsText("812 ms", SOON);
    assertThat(main).containsText("9 % are free", SOON);
    assertThat(main).containsText("few calls wait", SOON);
    assertThat(main).containsText("the server <b>web</b> is lost", SOON);
    assertThat(page.locator("nav .bubble")).containsText("1", SOON);
    stage().visit(page, "/alerts");
    action(page, "Acknowledge").click();
    confirm(page, "It goes on firing, marked as acknowledged");
    assertThat(page.locator("#toasts")).containsText("Acknowledged", SOON);
    assertThat(stage().errors()).isEmpty();
  }

  private static void answer(Page page, String path, String json) {
    page.route(
        url -> url.endsWith("/api/v1/" + path),
        route ->
            route.fulfill(
                new Route.FulfillOptions().setContentType("application/json").setBody(json)));
  }
}

package dev.planaria.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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

  @Test
  void a_page_that_is_loaded_while_the_daemon_is_away_says_so_and_comes_up_by_itself()
      throws Exception {
    Page page = stage().logIn();
    var stopped = new AtomicBoolean();
    page.route(
        url -> url.endsWith("/api/v1/dashboard/session"),
        route -> {
          if (stopped.compareAndSet(false, true)) {
            stop();
          }
          route.resume();
        });
    page.reload();
    try {
      assertThat(page.locator("h1")).containsText("The daemon cannot be reached", SOON);
      assertThat(page.locator("main")).containsText("tries again by itself", SOON);
      assertThat(stopped).isTrue();
    } finally {
      stage().daemon().startAgain(); // for the tests after this one too
    }
    assertThat(page.locator("h1")).containsText("Overview", SOON);
    assertThat(page.locator("#live"))
        .containsText("live · worker " + stage().daemon().workerPid(), SOON);
    assertThat(page.locator("#banner")).not().isVisible(PATIENT);
  }

  private void stop() {
    try {
      stage().daemon().stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_page_that_is_loaded_while_the_worker_dies_comes_up_with_the_next_one() throws Exception {
    Page page = stage().logIn();
    long before = stage().daemon().workerPid();
    var killed = new AtomicBoolean();
    page.route(
        url -> url.endsWith("/api/v1/dashboard/session"),
        route -> {
          if (killed.compareAndSet(false, true)) {
            ProcessHandle.of(before).ifPresent(ProcessHandle::destroyForcibly);
          }
          route.resume();
        });
    page.reload();
    assertThat(page.locator("h1")).containsText("Overview", SOON);
    stage().daemon().awaitWorkerAfter(before);
    assertThat(page.locator("#live"))
        .containsText("live · worker " + stage().daemon().workerPid(), SOON);
    assertThat(killed).isTrue();
  }

  @Test
  void a_page_whose_modules_are_lost_on_the_way_loads_them_again() throws Exception {
    Page page = stage().logIn();
    var lost = new AtomicInteger();
    page.route(
        url -> url.endsWith("/ui/app.js"),
        route -> {
          if (lost.getAndIncrement() == 0) {
            route.abort();
          } else {
            route.resume();
          }
        });
    page.reload();
    assertThat(page.locator("h1")).containsText("Overview", SOON);
    assertThat(lost).hasValue(2);
  }

  @Test
  void a_daemon_that_lives_and_cannot_read_is_not_shown_as_it_was() throws Exception {
    Page page = stage().logIn();
    assertThat(page.locator("h1")).containsText("Overview", SOON);
    var refused = new AtomicBoolean(true);
    page.route(
        url -> url.endsWith("/api/v1/search") || url.contains("/api/v1/search?"),
        route -> {
          if (refused.get()) {
            route.fulfill(
                new Route.FulfillOptions()
                    .setStatus(503)
                    .setContentType("application/json")
                    .setBody(
                        "{\"error\":{\"code\":\"STORE_UNAVAILABLE\",\"message\":\"no disk\"}}"));
          } else {
            route.resume();
          }
        });
    page.evaluate("() => { location.hash = '#/sessions'; }");
    assertThat(page.locator("h1")).containsText("The daemon cannot answer now", SOON);
    assertThat(page.locator("main")).containsText("no disk", SOON);
    refused.set(false);
    assertThat(page.locator("h1")).containsText("Sessions", SOON);
    refused.set(true);
    page.evaluate("() => { location.hash = '#/sessions?q=a'; }");
    assertThat(page.locator("h1")).containsText("The daemon cannot answer now", SOON);
    refused.set(false);
    assertThat(page.locator("h1")).containsText("Sessions", SOON);
  }

  @Test
  void an_answer_that_breaks_off_is_no_answer() throws Exception {
    Page page = stage().logIn();
    Object said =
        page.evaluate(
            """
            async () => {
              const { get } = await import("/ui/api.js");
              const real = window.fetch;
              const cut = { start: (controller) => controller.error(new TypeError("cut")) };
              window.fetch = async () => new Response(new ReadableStream(cut));
              try {
                return await get("overview");
              } catch (error) {
                return `${error.constructor.name} ${error.code} ${error.isAway}`;
              } finally {
                window.fetch = real;
              }
            }
            """);
    assertThat(said).isEqualTo("ApiError UNREACHABLE true");
  }

  @Test
  void a_chart_says_that_there_is_no_sample_yet_and_shows_a_single_one() throws Exception {
    Page page = stage().logIn();
    Object seen =
        page.evaluate(
            """
            async () => {
              const { chart } = await import("/ui/chart.js");
              const one = chart({ label: "x", unit: String, waiting: "One comes soon." });
              const place = document.createElement("div");
              place.append(one.node);
              document.body.append(place);
              const drawn = () => {
                const canvas = place.querySelector("canvas");
                const middle = canvas?.getContext("2d").getImageData(canvas.width / 3, 0, canvas.width / 3, canvas.height).data;
                return middle ? middle.some((value, index) => index % 4 === 1 && value > 90 && middle[index - 1] < 60 && middle[index + 2] > 200) : false;
              };
              const said = () => (place.querySelector(".none").hidden ? "" : place.querySelector(".none").textContent);
              one.show([], [], "none");
              const before = `${said()}|${drawn()}`;
              one.show([1800000000000], [5], "one");
              await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
              const after = `${said()}|${drawn()}`;
              one.leave();
              place.remove();
              return `${before}|${after}`;
            }
            """);
    assertThat(seen).isEqualTo("No sample yet. One comes soon.|false||true");
  }

  @Test
  void figures_are_never_rounded_to_a_whole_and_a_missing_one_is_none() throws Exception {
    Page page = stage().logIn();
    Object shown =
        page.evaluate(
            """
            async () => {
              const { share, percent, duration, number, moment } = await import("/ui/format.js");
              return [share(0.99996), share(0.99991, 3), share(1), percent(0.00001), share(null), duration(812), duration(null), number(184302), moment(null)].join("|");
            }
            """);
    assertThat(shown).isEqualTo("99.99 %|99.991 %|100 %|0.01 %|–|812 ms|–|184,302|–");
  }
}

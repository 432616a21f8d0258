package dev.planaria.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The dashboard in a real browser, before a real daemon.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserTest {
  /// Two cores may be shared by four builds.
  private static final LocatorAssertions.ContainsTextOptions SOON =
      new LocatorAssertions.ContainsTextOptions().setTimeout(60_000);

  private @Nullable Stage opened;

  private Stage stage() {
    return Objects.requireNonNull(opened);
  }

  @BeforeAll
  void begin(@TempDir Path scratch) throws Exception {
    opened = Stage.open(scratch);
    stage().populate("atlas");
  }

  @AfterAll
  void end() throws Exception {
    if (opened != null) {
      opened.close();
    }
  }

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
}

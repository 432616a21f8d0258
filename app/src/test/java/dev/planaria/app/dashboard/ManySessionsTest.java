package dev.planaria.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import dev.planaria.engine.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page of sessions with ten thousand of them.
class ManySessionsTest {
  private static final int CALLERS = 32;

  private static final LocatorAssertions.ContainsTextOptions SOON =
      new LocatorAssertions.ContainsTextOptions().setTimeout(60_000);

  private static final LocatorAssertions.HasCountOptions COUNTED =
      new LocatorAssertions.HasCountOptions().setTimeout(60_000);

  @Test
  void ten_thousand_sessions_are_searched_and_a_page_of_them_is_shown(@TempDir Path scratch)
      throws Exception {
    try (Stage stage = Stage.open(scratch)) {
      List<Callable<Object>> opening = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        String name = "session-" + i;
        opening.add(
            () -> stage.tool("x", "session_open", JsonObject.builder().put("name", name).build()));
      }
      try (var threads = Executors.newFixedThreadPool(CALLERS)) {
        for (var opened : threads.invokeAll(opening)) {
          opened.get();
        }
      }
      Page page = stage.logIn();
      stage.visit(page, "/sessions");
      assertThat(page.locator(".pager")).containsText("1 to 50 of 10,000", SOON);
      assertThat(page.locator("tbody tr")).hasCount(50, COUNTED);
      page.locator("input[type=search]").fill("session-7777");
      assertThat(page.locator(".pager")).containsText("1 to 1 of 1", SOON);
      assertThat(page.locator("tbody tr")).hasCount(1, COUNTED);
      page.locator("input[type=search]").fill("");
      assertThat(page.locator(".pager")).containsText("of 10,000", SOON);
      page.getByText("Next page").click();
      assertThat(page.locator(".pager")).containsText("51 to 100 of 10,000", SOON);
      page.locator("th button", new Page.LocatorOptions().setHasText("Name")).click();
      assertThat(page.locator("tbody tr").first()).containsText("session-0", SOON);
      Object nodes = page.evaluate("() => document.querySelectorAll('*').length");
      assertThat((Integer) nodes).isLessThan(2_000);
      assertThat(stage.errors()).isEmpty();
    }
  }
}

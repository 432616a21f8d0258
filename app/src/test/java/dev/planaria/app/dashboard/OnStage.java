package dev.planaria.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.planaria.app.gateway.Reply;
import java.nio.file.Path;
import java.util.Objects;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// One stage for all tests of a class.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnStage {
  /// Two cores may be shared by four builds.
  static final LocatorAssertions.ContainsTextOptions SOON =
      new LocatorAssertions.ContainsTextOptions().setTimeout(60_000);

  static final LocatorAssertions.IsVisibleOptions PATIENT =
      new LocatorAssertions.IsVisibleOptions().setTimeout(60_000);

  static final LocatorAssertions.IsFocusedOptions FOCUSED =
      new LocatorAssertions.IsFocusedOptions().setTimeout(60_000);

  private @Nullable Stage opened;

  final Stage stage() {
    return Objects.requireNonNull(opened);
  }

  @BeforeAll
  void begin(@TempDir Path scratch) throws Exception {
    opened = Stage.open(scratch);
    stage().populate("atlas");
  }

  @AfterEach
  void closeWindows() {
    try {
      if (opened != null) {
        Assertions.assertThat(stage().errors()).isEmpty();
      }
    } finally {
      if (opened != null) {
        stage().closeWindows();
      }
    }
  }

  @AfterAll
  void end() throws Exception {
    if (opened != null) {
      opened.close();
    }
  }

  static Locator action(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true))
        .first();
  }

  static void confirm(Page page, String words) {
    assertThat(page.locator("#dialog")).containsText(words, SOON);
    page.locator("#dialog button[type=submit]").click();
    assertThat(page.locator("#dialog")).not().isVisible(PATIENT);
  }

  final String sessionId(String name) throws Exception {
    return Reply.at(stage().get("/api/v1/search?q=" + name), "sessions/0/session_id");
  }
}

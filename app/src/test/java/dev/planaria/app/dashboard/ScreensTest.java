package dev.planaria.app.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.planaria.app.gateway.Reply;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.WireName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every page on a desk and on a phone, light and dark; pictures of them go to `target/dashboard`.
class ScreensTest {
  @Test
  void nothing_is_wider_than_a_phone_and_every_page_has_its_pictures(@TempDir Path scratch)
      throws Exception {
    try (Stage stage = Stage.open(scratch)) {
      showEmpty(stage);
      stage.populate("atlas");
      stage.populate("borealis");
      stage.bringEcho("atlas", "echo");
      for (int kill = 0; kill < 3; kill++) {
        stage.killWorker();
        var _ = stage.get("/api/v1/alerts"); // the crash is written down by then
      }
      stage.bringEcho("atlas", "echo");
      stage.bring("atlas", "web search", List.of("false"));
      // Whoever asks is answered that it waits.
      var _ = stage.call("atlas", "web search", "find", JsonObject.EMPTY);
      show(stage);
      assertThat(stage.errors()).isEmpty();
    }
  }

  private static void showEmpty(Stage stage) throws Exception {
    Path pictures = Files.createDirectories(Path.of("target", "dashboard"));
    Page page = stage.logIn();
    for (String name : List.of("", "sessions", "recoveries", "connections", "alerts", "chaos")) {
      stage.visit(page, "/" + name);
      page.screenshot(
          new Page.ScreenshotOptions().setPath(pictures.resolve("empty-" + name + ".png")));
    }
    page.context().close();
  }

  private static void show(Stage stage) throws Exception {
    String id = Reply.at(stage.get("/api/v1/search?q=atlas"), "sessions/0/session_id");
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("overview", "/");
    pages.put("sessions", "/sessions");
    for (String tab :
        List.of(
            "tasks",
            "agents",
            "memory",
            "connections",
            "calls",
            "timeline",
            "checkpoints",
            "recoveries")) {
      pages.put("session-" + tab, "/session/" + id + "/" + tab);
    }
    pages.put("recoveries", "/recoveries");
    pages.put("connections", "/connections");
    pages.put("alerts", "/alerts");
    pages.put("chaos", "/chaos");
    Path pictures = Files.createDirectories(Path.of("target", "dashboard"));
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      for (int width : List.of(1_360, 390)) {
        Page page =
            stage.logIn(
                new Browser.NewContextOptions().setViewportSize(width, 844).setColorScheme(scheme));
        for (var entry : pages.entrySet()) {
          stage.visit(page, entry.getValue());
          Object over =
              page.evaluate(
                  "() => document.documentElement.scrollWidth -"
                      + " document.documentElement.clientWidth");
          assertThat(over).as(entry.getKey() + " at " + width).isEqualTo(0);
          page.screenshot(
              new Page.ScreenshotOptions()
                  .setPath(
                      pictures.resolve(
                          entry.getKey() + "-" + WireName.of(scheme) + "-" + width + ".png")));
        }
        Object paper = page.evaluate("() => getComputedStyle(document.body).backgroundColor");
        assertThat(paper)
            .isEqualTo(scheme == ColorScheme.DARK ? "rgb(18, 23, 26)" : "rgb(246, 246, 243)");
        page.context().close();
      }
    }
  }
}

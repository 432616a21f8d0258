package dev.planaria.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What an operator can do in a browser: it is said before, and it is done.
class ActionsTest extends OnStage {
  @Test
  void what_can_be_done_with_a_session_says_what_will_happen_and_does_it() throws Exception {
    stage().populate("actions");
    String id = sessionId("actions");
    Page page = stage().logIn();
    stage().visit(page, "/session/" + id);
    action(page, "Checkpoint").click();
    page.locator("#dialog input").fill("by hand");
    confirm(page, "is written, read back and compared");
    assertThat(page.locator("#toasts")).containsText("read back and sound", SOON);

    stage().remember("actions", "later", new JsonString("dropped"));
    stage().visit(page, "/session/" + id + "/checkpoints");
    assertThat(page.locator("main")).containsText("by hand", SOON);
    action(page, "Restore").click();
    assertThat(page.locator("#dialog")).containsText("1 operation after it have no effect", SOON);
    confirm(page, "4 becomes 3 memory entries");
    assertThat(page.locator("#toasts")).containsText("1 operation dropped", SOON);

    action(page, "Fork").click();
    page.locator("#dialog input").fill("actions-fork");
    confirm(page, "is not changed");
    assertThat(page.locator("h1")).containsText("actions-fork", SOON);

    stage().visit(page, "/session/" + id);
    action(page, "Recover").click();
    confirm(page, "Nothing is lost by it");
    assertThat(page.locator("#toasts")).containsText("actions serves", SOON);
    assertThat(stage().errors()).isEmpty();
  }

  @Test
  void a_connection_is_made_anew_and_a_waiting_call_is_taken_back() throws Exception {
    stage().bringEcho("servers", "echo");
    stage().bring("servers", "away", List.of("false"));
    Page page = stage().logIn();
    stage().visit(page, "/connections");
    assertThat(page.locator("main")).containsText("echo", SOON);
    page.locator("tr", new Page.LocatorOptions().setHasText("echo")).getByText("Reconnect").click();
    confirm(page, "The conversation that is open now is ended first");
    assertThat(page.locator("#toasts")).containsText("echo is being connected", SOON);

    // It is answered that it waits when that has taken too long.
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                stage().call("servers", "away", "anything", JsonObject.EMPTY);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    Locator queue = page.locator("section", new Page.LocatorOptions().setHasText("Queue of away"));
    assertThat(queue).containsText("anything", SOON);
    queue.getByText("Cancel").click();
    confirm(page, "It waits, and was never sent");
    assertThat(page.locator("#toasts")).containsText("anything was taken back", SOON);
    caller.join();
    String id = sessionId("servers");
    stage().visit(page, "/session/" + id + "/calls");
    assertThat(page.locator("main")).containsText("cancelled", SOON);
    stage().visit(page, "/session/" + id + "/connections");
    assertThat(page.locator(".node.lit").first()).isVisible(PATIENT);
    assertThat(stage().errors()).isEmpty();
  }
}

package dev.planaria.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.planaria.app.gateway.Reply;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
    Locator byHand = page.locator("tr", new Page.LocatorOptions().setHasText("by hand"));
    byHand.getByText("Restore").click();
    assertThat(page.locator("#dialog")).containsText("1 operation after it have no effect", SOON);
    confirm(page, "4 becomes 3 memory entries");
    assertThat(page.locator("#toasts")).containsText("1 operation dropped", SOON);

    byHand.getByText("Fork").click();
    page.locator("#dialog input").fill("actions-fork");
    confirm(page, "is not changed");
    assertThat(page.locator("h1")).containsText("actions-fork", SOON);

    stage().visit(page, "/session/" + id);
    action(page, "Recover").click();
    confirm(page, "Nothing is lost by it");
    assertThat(page.locator("#toasts")).containsText("actions serves", SOON);
  }

  @Test
  void a_fork_whose_answer_is_lost_is_asked_for_again_and_done_once() throws Exception {
    stage().populate("once");
    String id = sessionId("once");
    Page page = stage().logIn();
    stage().visit(page, "/session/" + id);
    int before = sessions();
    var lost = new AtomicInteger();
    page.route(
        url -> url.endsWith("/fork"),
        route -> {
          if (lost.getAndIncrement() == 0) {
            var _ = route.fetch(); // it is done
            route.abort(); // and nobody hears of it
          } else {
            route.resume();
          }
        });
    action(page, "Fork").click();
    assertThat(page.locator("#dialog")).containsText("is not changed", SOON);
    page.locator("#dialog button[type=submit]").click();
    assertThat(page.locator("#dialog [role=alert]")).containsText("it is done once", SOON);
    page.locator("#dialog button[type=submit]").click();
    assertThat(page.locator("#toasts")).containsText("has begun", SOON);
    assertThat(lost).hasValue(2);
    assertThat(sessions()).isEqualTo(before + 1);
  }

  private int sessions() throws Exception {
    return Integer.parseInt(Reply.at(stage().get("/api/v1/search"), "total"));
  }

  /// As a package of npm may be called, and worse.
  private static final String ODD = "@scope/server 50% é;?#";

  @Test
  void a_server_with_an_odd_name_has_addresses_like_any_other() throws Exception {
    stage().bringEcho("odd", ODD);
    Page page = stage().logIn();
    stage().visit(page, "/connections");
    page.locator("tr", new Page.LocatorOptions().setHasText(ODD)).getByText("Reconnect").click();
    confirm(page, "The conversation that is open now is ended first");
    assertThat(page.locator("#toasts")).containsText(ODD + " is being connected", SOON);
    stage().visit(page, "/session/" + sessionId("odd") + "/connections");
    assertThat(page.locator("main")).containsText("How " + ODD + " came there", SOON);
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
  }
}

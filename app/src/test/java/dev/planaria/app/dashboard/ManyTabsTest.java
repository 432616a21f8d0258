package dev.planaria.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Many tabs of one browser: it opens six connections to a host, and a feed holds one.
class ManyTabsTest extends OnStage {
  private static final int TABS = 8;

  private final List<Page> readers = new ArrayList<>();

  private List<Page> open(BrowserContext context, int tabs) throws Exception {
    readers.clear();
    context.onRequest(request -> {
      if (request.url().endsWith("/api/v1/events")) {
        readers.add(request.frame().page());
      }
    });
    var pages = new ArrayList<Page>();
    for (int i = 0; i < tabs; i++) {
      Page page = context.newPage();
      page.navigate(i == 0 ? stage().link() : stage().daemon().url() + "/#/sessions");
      page.locator("main[data-drawn] h1").waitFor();
      pages.add(page);
    }
    return pages;
  }

  private void allAreLive(List<Page> pages) throws Exception {
    for (Page page : pages) {
      assertThat(page.locator("#live"))
          .containsText("live · worker " + stage().daemon().workerPid(), SOON);
    }
  }

  @Test
  void eight_tabs_share_one_feed_and_hand_it_over() throws Exception {
    List<Page> pages = open(stage().context(new Browser.NewContextOptions()), TABS);
    allAreLive(pages);
    assertThat(readers).hasSize(1);
    // A session that begins is heard of in every tab, through the one that reads.
    stage().populate("heard");
    for (Page page : pages.subList(1, TABS)) {
      assertThat(page.locator("main")).containsText("heard", SOON);
    }
    stage().killWorker();
    allAreLive(pages);
    Page leader = readers.getFirst();
    leader.close();
    pages.remove(leader);
    stage().killWorker();
    allAreLive(pages);
    assertThat((Object) readers.getLast()).isNotEqualTo(leader).matches(pages::contains);
    stage().populate("later");
    for (Page page : pages) {
      assertThat(page.locator("main")).containsText("later", SOON);
    }
  }

  @Test
  void a_leader_that_hears_nothing_any_more_is_replaced() throws Exception {
    List<Page> pages = open(stage().context(new Browser.NewContextOptions()), 2);
    allAreLive(pages);
    // As a tab that the browser has put to sleep: it passes nothing on, and lets go of nothing.
    Page leader = readers.getFirst();
    leader.evaluate("() => { BroadcastChannel.prototype.postMessage = () => {}; }");
    stage().killWorker();
    allAreLive(pages);
    assertThat((Object) readers.getLast()).isNotEqualTo(leader);
  }

  @Test
  void tabs_that_cannot_share_have_a_feed_each() throws Exception {
    BrowserContext context = stage().context(new Browser.NewContextOptions());
    context.addInitScript("Object.defineProperty(navigator, 'locks', { value: undefined })");
    allAreLive(open(context, 3));
    // The negative control: eight of these would leave no connection for anything else.
    assertThat(readers).hasSize(3);
  }
}

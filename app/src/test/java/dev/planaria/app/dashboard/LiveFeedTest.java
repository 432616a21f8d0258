package dev.planaria.app.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.Ask;
import dev.planaria.app.gateway.MemoryExchange;
import dev.planaria.app.gateway.Reply;
import dev.planaria.engine.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The live feed: who is told what, who comes back where, and who is dropped.
class LiveFeedTest extends OnWorker {
  private static final DashboardSettings FEW =
      new DashboardSettings(300_000, 300_000, 4, 4, 2, 3, 5, 2_000, 10, 5_000, 5_000);

  private MemoryExchange listen() throws InterruptedException {
    MemoryExchange stream = worker.begin(Ask.of("GET", "/api/v1/events"));
    assertThat(stream.awaitText("event: hello").status()).isEqualTo(200);
    return stream;
  }

  private void open(String name) {
    Reply reply = worker.send(Ask.modernCall("session_open", "{\"name\":\"" + name + "\"}"));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
  }

  @Test
  void a_session_that_moves_is_told() throws InterruptedException {
    MemoryExchange stream = listen();
    worker.look();
    open("alpha");
    worker.look();
    Reply told = stream.awaitText("event: session");
    assertThat(told.body()).contains("\"name\":\"alpha\"", "id: w", "retry: 1000");
    stream.leave();
  }

  @Test
  void many_sessions_that_move_at_once_are_told_as_a_number() throws InterruptedException {
    MemoryExchange stream = listen();
    worker.look();
    for (int i = 0; i < 60; i++) {
      open("s" + i);
    }
    worker.look();
    Reply told = stream.awaitText("\"moved\":60");
    assertThat(told.body().split("event: session", -1)).hasSizeLessThanOrEqualTo(53);
    stream.leave();
  }

  @Test
  void figures_come_again_and_again() throws InterruptedException {
    MemoryExchange stream = listen();
    worker.look();
    stream.awaitText("event: pulse");
    worker.pass(5_000);
    worker.look();
    assertThat(worker.send(Ask.of("GET", "/api/v1/history")).at("operations_per_second/0"))
        .isEqualTo("0.0");
    stream.leave();
  }

  @Test
  void a_feed_says_that_it_lives_while_the_kpis_take_their_time() throws InterruptedException {
    MemoryExchange stream = listen();
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    worker.whenAskedFor(
        "kpis",
        () -> {
          begun.countDown();
          awaitQuietly(end);
        });
    Thread looking = Thread.ofVirtual().start(worker::look);
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < 10; i++) {
      worker.pass(DashboardSettings.DEFAULT.beatMillis());
      worker.beat();
    }
    Reply heard = stream.awaitText("event: beat\ndata: {}\n\n".repeat(10));
    assertThat(heard.body()).contains("event: beat\ndata: {}\n\n".repeat(10));
    // The negative control: what a page relied on before waits behind that work.
    assertThat(heard.body()).doesNotContain("event: pulse");
    end.countDown();
    looking.join();
    assertThat(stream.awaitText("event: pulse").body()).contains("event: pulse");
    stream.leave();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void streams_are_left_to_the_next_worker_when_this_one_ends() throws InterruptedException {
    MemoryExchange stream = listen();
    worker.restart();
    assertThat(stream.reply().ended()).isFalse();
    MemoryExchange next =
        worker.begin(Ask.of("GET", "/api/v1/events").with("Planaria-Last-Event-Id", "w1-1"));
    assertThat(next.awaitText("event: hello").body()).contains("\"continued\":false");
    next.leave();
  }

  @Test
  void one_stream_too_many_is_refused_by_name() throws InterruptedException {
    var streams = new ArrayList<MemoryExchange>();
    for (int i = 0; i < 32; i++) {
      streams.add(listen());
    }
    Reply refused = worker.send(Ask.of("GET", "/api/v1/events"));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.body()).contains("TOO_MANY_STREAMS", "32", "close a page");
    assertThat(worker.isServing()).isTrue();
    streams.forEach(MemoryExchange::leave);
  }

  @Test
  void the_stream_of_a_browser_that_logs_out_ends() throws InterruptedException {
    String cookie = cookie();
    MemoryExchange stream = worker.begin(shown("GET", "/api/v1/events", cookie));
    stream.awaitText("event: hello");
    worker.send(posted("/api/v1/dashboard/logout", cookie).with("X-Csrf-Token", csrf(cookie)));
    assertThat(stream.awaitEnd().ended()).isTrue();
  }

  @Test
  void a_badly_named_place_begins_anew() throws InterruptedException {
    for (String last : List.of("", "x", "w-1", "w1--1", "w1-99999999999999999999", "\u00e4")) {
      MemoryExchange stream =
          worker.begin(Ask.of("GET", "/api/v1/events").with("Last-Event-ID", last));
      assertThat(stream.awaitText("event: hello").body()).contains("\"continued\":false");
      stream.leave();
    }
    assertThat(worker.send(Ask.post("{}").to("/api/v1/events")).status()).isEqualTo(405);
    assertThat(worker.send(Ask.of("GET", "/api/v1/events").without("Authorization")).status())
        .isEqualTo(401);
  }

  private static List<Long> heard(LiveFeed.Listener listener) throws InterruptedException {
    return listener.next(0).stream().map(LiveFeed.Event::number).toList();
  }

  private static void tell(LiveFeed feed, int times) {
    for (int i = 0; i < times; i++) {
      feed.publish(LiveFeed.Type.SESSION, () -> JsonObject.EMPTY);
    }
  }

  @Test
  void who_comes_back_hears_what_was_missed_as_long_as_it_is_kept() throws Exception {
    var feed = new LiveFeed("a", FEW);
    tell(feed, 7);
    try (var listener = feed.listen("a-5")) {
      assertThat(listener.isContinued()).isTrue();
      assertThat(heard(listener)).containsExactly(6L, 7L);
    }
    for (String gone : List.of("a-1", "a-8", "b-6")) {
      try (var listener = feed.listen(gone)) {
        assertThat(listener.isContinued()).as(gone).isFalse();
        assertThat(heard(listener)).isEmpty();
        assertThat(listener.firstId()).isEqualTo("a-7");
      }
    }
  }

  @Test
  void who_does_not_keep_pace_is_dropped_and_nobody_waits_for_him() throws Exception {
    var feed = new LiveFeed("a", FEW);
    try (var slow = feed.listen(null);
        var quick = feed.listen(null)) {
      for (int i = 1; i <= 4; i++) {
        tell(feed, 1);
        assertThat(heard(quick)).containsExactly((long) i);
      }
      assertThat(slow.isDropped()).isTrue();
      assertThat(quick.isDropped()).isFalse();
      assertThat(heard(slow)).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void figures_that_nobody_reads_drop_nobody() throws Exception {
    var feed = new LiveFeed("a", FEW);
    try (var slow = feed.listen(null)) {
      for (int i = 0; i < 20; i++) {
        feed.publish(LiveFeed.Type.PULSE, () -> JsonObject.EMPTY);
        feed.beat();
      }
      assertThat(slow.isDropped()).isFalse();
      assertThat(heard(slow)).hasSize(3).containsOnly(0L);
    }
    assertThat(feed.isHeard()).isFalse();
  }
}

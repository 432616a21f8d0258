package dev.planaria.app.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.shim.FakeDaemon.Answering;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Nobody waits for ever, and nothing grows without end, whatever a daemon or a client does.
class ShimBoundsTest {

  private static final Target TOOLS = new Target.SessionTools("s");

  @Test
  void without_any_daemon_it_starts_one_and_gives_up_in_time() throws Exception {
    try (var client = new ShimClient(TOOLS, ShimGuarantees.ALL, null)) {
      assertThat(client.status()).isEqualTo(Shim.FAILED);
      assertThat(client.starts()).isEqualTo(1);
      assertThat(client.notes()).contains("no daemon was ready after 2000 ms");
    }
  }

  @Test
  void without_the_promise_to_send_again_a_call_is_lost() throws Exception {
    try (var first = new FakeDaemon("f", (_, _) -> {});
        var second = new FakeDaemon("g", Said.PLAIN);
        var client = new ShimClient(TOOLS, new ShimGuarantees(false, true), first.daemon("w"))) {
      client.say(Said.request(1, "tools/call", "\"name\":\"x\""));
      first.await(1, asked -> true);
      client.present(second.daemon("w"));
      first.die();
      assertThat(client.answer(1)).contains("\"error\"");
    }
  }

  @Test
  void a_client_is_answered_in_time_when_no_daemon_comes_back() throws Exception {
    try (var daemon = new FakeDaemon("f", (_, _) -> {});
        var client = new ShimClient(TOOLS, ShimGuarantees.ALL, daemon.daemon("w"))) {
      client.say(Said.request(1, "tools/call", "\"name\":\"x\""));
      daemon.await(1, asked -> true);
      client.present(null);
      daemon.die();
      client.awaitStart(); // until it knows, it may send over a connection that is just breaking
      client.say(Said.request(2, "tools/call", "\"name\":\"x\""));
      assertThat(client.answer(1)).contains("\"outcome\":\"unknown\",\"operationId\":\"op-1\"");
      assertThat(client.answer(2)).contains("\"outcome\":\"not_sent\",\"operationId\":\"op-2\"");
      assertThat(client.starts()).isEqualTo(1);
      try (var next = new FakeDaemon("g", Said.PLAIN)) {
        client.present(next.daemon("w"));
        client.say(Said.request(3, "ping", ""));
        assertThat(client.answer(3)).isEqualTo(Said.result(3));
      }
    }
  }

  @Test
  void a_silent_daemon_that_lives_is_waited_for() throws Exception {
    var release = new CountDownLatch(1);
    Answering slow =
        (asked, reply) -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          Said.PLAIN.answer(asked, reply);
        };
    try (var daemon = new FakeDaemon("f", slow);
        var client = new ShimClient(TOOLS, ShimGuarantees.ALL, daemon.daemon("w"))) {
      client.say(Said.request(1, "ping", ""));
      // Much longer than any of these settings allow without a sign of life.
      daemon.await(5, asked -> asked.path().equals("/livez"));
      release.countDown();
      assertThat(client.answer(1)).isEqualTo(Said.result(1));
      assertThat(daemon.asked(asked -> asked.has("ping"))).hasSize(1);
    }
  }

  @Test
  void a_daemon_that_never_answers_is_not_asked_for_ever() throws Exception {
    Answering nothing =
        (asked, reply) -> {
          if (asked.has("empty")) {
            reply.json(200, "");
          } else if (asked.has("ended")) {
            reply.stream("data: {\"jsonrpc\":\"2.0\",\"id\":77,\"result\":{}}\n\ndata: [\n\n");
            reply.endOfStream();
          } else {
            reply.json(
                200, "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":\"" + "x".repeat(1 << 17) + "\"}");
          }
        };
    try (var daemon = new FakeDaemon("f", nothing);
        var client = new ShimClient(TOOLS, ShimGuarantees.ALL, daemon.daemon("w"))) {
      client.say(
          Said.request(1, "empty", ""), Said.request(2, "ended", ""), Said.request(3, "long", ""));
      assertThat(client.answer(1)).contains("ended its answer 5 times");
      assertThat(client.answer(2)).contains("ended its answer 5 times");
      assertThat(client.answer(3)).contains("longer than 65536 bytes");
      assertThat(client.lines()).hasSize(3);
    }
  }

  @Test
  void what_is_kept_is_bounded_and_no_id_is_used_twice_at_once() throws Exception {
    try (var daemon = new FakeDaemon("f", (_, _) -> {});
        var client = new ShimClient(TOOLS, ShimGuarantees.ALL, daemon.daemon("w"))) {
      IntStream.rangeClosed(1, 20)
          .forEach(id -> sayUnchecked(client, Said.request(id, "ping", "")));
      client.say(Said.request(20, "ping", ""));
      client.say(Said.request(21, "ping", ""));
      assertThat(client.answer(21)).contains("20 requests").contains("-33902");
      client.present(null);
      daemon.die();
      try (var next = new FakeDaemon("g", Said.PLAIN)) {
        client.present(next.daemon("w"));
        for (int id = 1; id <= 20; id++) {
          assertThat(client.answer(id)).isEqualTo(Said.result(id));
        }
        client.say(Said.request(21, "ping", ""));
        client.await(line -> line.equals(Said.result(21)));
      }
    }
  }

  @Test
  void what_is_no_line_of_a_message_is_answered_and_the_next_one_is_served() throws Exception {
    try (var daemon = new FakeDaemon("f", Said.PLAIN);
        var client = new ShimClient(TOOLS, ShimGuarantees.ALL, daemon.daemon("w"))) {
      // A message on several lines, two on one, and one that is much too long.
      client.say("{", "\"jsonrpc\":\"2.0\",\"id\":1,", "\"method\":\"ping\"}");
      client.say(Said.request(2, "ping", "") + Said.request(3, "ping", ""));
      client.say("\uFEFF" + Said.request(4, "ping", ""), "\0", "x".repeat(5_000_000));
      client.say(Said.request(5, "ping", ""));
      assertThat(client.answer(5)).isEqualTo(Said.result(5));
      assertThat(client.lines().stream().filter(line -> line.contains("\"error\"")))
          .hasSize(7)
          .allMatch(line -> line.contains("\"id\":null"));
      assertThat(daemon.asked(asked -> asked.has("ping"))).hasSize(1);
    }
  }

  @Test
  void a_line_without_end_is_held_to_its_bound_and_refused_at_the_end() throws Exception {
    try (var daemon = new FakeDaemon("f", Said.PLAIN);
        var client = new ShimClient(TOOLS, ShimGuarantees.ALL, daemon.daemon("w"))) {
      client.say(Said.request(1, "ping", ""));
      assertThat(client.answer(1)).isEqualTo(Said.result(1));
      String piece = "x".repeat(1 << 20);
      for (int i = 0; i < 100; i++) {
        client.sayPart(piece);
      }
      assertThat(client.finish()).isZero();
      assertThat(client.await(line -> line.contains("\"error\""))).contains("65536 bytes");
    }
  }

  private static void sayUnchecked(ShimClient client, String line) {
    try {
      client.say(line);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

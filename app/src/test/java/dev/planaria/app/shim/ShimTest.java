package dev.planaria.app.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.shim.FakeDaemon.Answering;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The shim against a daemon that misbehaves as a test says.
class ShimTest {

  private static final Target TOOLS = new Target.SessionTools("s");

  private static final Target SERVER =
      new Target.Command("s", "it", List.of("run", "me"), Map.of("KEY", "v"), "/here");

  private static final String MODERN =
      "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}";

  @Test
  void the_server_is_registered_first_and_spoken_to_where_the_daemon_says() throws Exception {
    try (var daemon = new FakeDaemon("f", Said.PLAIN);
        var client = new ShimClient(SERVER, ShimGuarantees.ALL, daemon.daemon("w"))) {
      client.say(Said.request(1, "ping", ""));
      assertThat(client.answer(1)).isEqualTo(Said.result(1));
      var asked = daemon.asked(request -> true);
      assertThat(asked.getFirst().path()).isEqualTo("/api/v1/upstreams/s/it");
      assertThat(asked.getFirst().body())
          .isEqualTo(
              "{\"command\":\"run\",\"args\":[\"me\"],\"env\":{\"KEY\":\"v\"},\"cwd\":\"/here\","
                  + "\"holder\":\"shim-1\",\"lease_ms\":60000}");
      assertThat(asked.getFirst().headers()).containsEntry("authorization", "Bearer secret");
      assertThat(asked.getLast().path()).isEqualTo("/told");
      assertThat(client.finish()).isZero();
      assertThat(client.starts()).isZero();
    }
  }

  @Test
  void a_refused_registration_ends_it_with_the_daemons_words() throws Exception {
    try (var daemon =
            new FakeDaemon(
                "f", (_, reply) -> reply.json(403, "{\"error\":{\"message\":\"not this one\"}}"));
        var client = new ShimClient(SERVER, ShimGuarantees.ALL, daemon.daemon("w"))) {
      assertThat(client.status()).isEqualTo(Shim.FAILED);
      assertThat(client.notes()).contains("not this one");
      assertThat(client.lines()).isEmpty();
    }
  }

  @Test
  void a_new_worker_is_told_of_the_server_even_when_nobody_calls() throws Exception {
    try (var daemon = new FakeDaemon("f", Said.PLAIN);
        var client = new ShimClient(SERVER, ShimGuarantees.ALL, daemon.daemon("w1"))) {
      daemon.await(1, asked -> asked.path().startsWith("/api/"));
      client.present(daemon.daemon("w2"));
      daemon.await(2, asked -> asked.path().startsWith("/api/"));
    }
  }

  @Test
  void what_is_unknown_is_registered_again_once_and_then_said_so() throws Exception {
    for (int status : new int[] {401, 404}) {
      Answering forgets =
          (asked, reply) -> {
            if (asked.path().startsWith("/api/")) {
              reply.json(200, "{\"path\":\"/told\"}");
            } else {
              reply.json(status, "");
            }
          };
      try (var daemon = new FakeDaemon("f", forgets);
          var client = new ShimClient(SERVER, ShimGuarantees.ALL, daemon.daemon("w"))) {
        client.say(Said.request(1, "ping", ""), Said.request(2, "tools/call", "\"name\":\"x\""));
        assertThat(client.answer(1)).contains("\"code\":-33" + status);
        assertThat(client.answer(2))
            .contains("the daemon answered " + status)
            .contains("\"operationId\":\"op-1\"");
        assertThat(daemon.asked(asked -> asked.has("ping"))).hasSize(2);
        assertThat(daemon.asked(asked -> asked.path().startsWith("/api/"))).hasSizeBetween(2, 3);
      }
    }
  }

  @Test
  void a_busy_daemon_is_asked_again_and_an_error_without_id_gets_the_requests() throws Exception {
    var busy = new AtomicInteger(2);
    Answering answering =
        (asked, reply) -> {
          if (busy.getAndDecrement() > 0) {
            reply.json(503, "", "Retry-After: 0");
          } else {
            reply.json(
                400, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-5,\"message\":\"m\"}}");
          }
        };
    try (var daemon = new FakeDaemon("f", answering);
        var client = new ShimClient(TOOLS, ShimGuarantees.ALL, daemon.daemon("w"))) {
      client.say(Said.request(1, "ping", ""));
      assertThat(client.answer(1))
          .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-5,\"message\":\"m\"}}");
      assertThat(daemon.asked(asked -> true)).hasSize(3);
    }
  }

  @Test
  void a_broken_stream_is_resumed_after_its_last_id_and_answered_once() throws Exception {
    Answering answering =
        (asked, reply) -> {
          if (asked.method().equals("POST")) {
            reply.stream("id: a-0\nretry: 3000\ndata:\n\n");
            reply.chunk(
                "id: a-1\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\n\n");
            reply.cut();
          } else {
            assertThat(asked.headers()).containsEntry("last-event-id", "a-1");
            reply.stream("id: a-1\ndata:\n\n");
            reply.chunk("id: a-2\r\n");
            reply.chunk("data: {\"jsonrpc\":\"2.0\",\r\n");
            reply.chunk("data: \"id\":1,\ndata: \"result\":{}}\n\n");
            reply.chunk("data: " + Said.result(1) + "\n\n");
          }
        };
    try (var daemon = new FakeDaemon("f", answering);
        var client = new ShimClient(TOOLS, ShimGuarantees.ALL, daemon.daemon("w"))) {
      client.say(Said.request(1, "tools/call", "\"name\":\"x\""));
      assertThat(client.answer(1)).isEqualTo("{\"jsonrpc\":\"2.0\", \"id\":1, \"result\":{}}");
      assertThat(client.finish()).isZero();
      assertThat(client.lines()).hasSize(2);
      assertThat(daemon.asked(asked -> asked.method().equals("POST"))).hasSize(1);
    }
  }

  @Test
  void a_stream_that_cannot_be_resumed_is_asked_for_again_byte_for_byte() throws Exception {
    var posts = new AtomicInteger();
    Answering answering =
        (asked, reply) -> {
          if (asked.method().equals("GET")) {
            reply.json(405, "");
          } else if (posts.getAndIncrement() == 0) {
            reply.stream("id: a-0\ndata:\n\n");
            reply.cut();
          } else if (posts.get() == 2) {
            reply.cut();
          } else {
            reply.stream("data: " + Said.result(1) + "\n\n");
          }
        };
    try (var daemon = new FakeDaemon("f", answering);
        var client = new ShimClient(TOOLS, ShimGuarantees.ALL, daemon.daemon("w"))) {
      client.say(Said.request(1, "tools/call", "\"name\":\"x\" , \"_meta\" : { }"));
      client.answer(1);
      var sent = daemon.asked(asked -> asked.method().equals("POST"));
      assertThat(sent).hasSize(3);
      assertThat(sent.stream().map(FakeDaemon.Asked::body).distinct())
          .containsExactly(
              Said.request(
                  1,
                  "tools/call",
                  "\"name\":\"x\" , \"_meta\" : {\"dev.planaria/operationId\":\"op-1\" }"));
    }
  }

  @Test
  void a_legacy_link_is_kept_listened_on_and_ended() throws Exception {
    var listening = new CountDownLatch(1);
    Answering answering =
        (asked, reply) -> {
          if (asked.method().equals("GET")) {
            reply.stream(": hello\n\n");
            reply.chunk("data: {\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"roots/list\"}\n\n");
            listening.countDown();
          } else {
            Said.PLAIN.answer(asked, reply);
          }
        };
    try (var daemon = new FakeDaemon("f", answering);
        var client = new ShimClient(TOOLS, ShimGuarantees.ALL, daemon.daemon("w"))) {
      client.say(Said.request(1, "initialize", ""));
      client.answer(1);
      client.say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
      client.await(line -> line.contains("roots/list"));
      client.say("{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"result\":{\"roots\":[]}}");
      client.say(Said.request(2, "tools/list", ""));
      client.answer(2);
      for (var asked : daemon.asked(asked -> !asked.has("\"initialize\""))) {
        assertThat(asked.headers())
            .containsEntry("mcp-session-id", "the-link")
            .containsEntry("mcp-protocol-version", "2025-06-18");
      }
      assertThat(daemon.asked(asked -> asked.has("roots"))).hasSize(1);
      assertThat(client.finish()).isZero();
      assertThat(daemon.asked(asked -> asked.method().equals("DELETE"))).hasSize(1);
    }
  }

  @Test
  void modern_requests_say_in_headers_what_they_are() throws Exception {
    try (var daemon = new FakeDaemon("f", Said.PLAIN);
        var client = new ShimClient(TOOLS, ShimGuarantees.ALL, daemon.daemon("w"))) {
      client.say(Said.request(1, "server/discover", MODERN));
      client.say(Said.request(2, "tools/call", "\"name\":\"plain tool\"," + MODERN));
      client.say(Said.request(3, "resources/read", "\"uri\":\"x:/\\u00fc\"," + MODERN));
      client.say(Said.request(4, "prompts/get", "\"name\":\"=?base64?x?=\"," + MODERN));
      for (int id = 1; id <= 4; id++) {
        client.answer(id);
      }
      assertThat(client.finish()).isZero();
      var asked = daemon.asked(request -> true);
      assertThat(asked)
          .allSatisfy(one ->
              assertThat(one.headers())
                  .containsEntry("mcp-protocol-version", "2026-07-28")
                  .doesNotContainKey("mcp-session-id"));
      assertThat(asked.stream().map(one -> one.headers().getOrDefault("mcp-name", "none")))
          .as("requests travel side by side, so that they come in any order")
          .containsExactlyInAnyOrder(
              "none", "plain tool", "=?base64?eDovw7w=?=", "=?base64?PT9iYXNlNjQ/eD89?=");
      assertThat(asked)
          .filteredOn(one -> one.has("server/discover"))
          .singleElement()
          .satisfies(
              one -> assertThat(one.headers()).containsEntry("mcp-method", "server/discover"));
    }
  }

  @Test
  void a_modern_request_is_cancelled_by_its_stream_and_a_legacy_one_by_message() throws Exception {
    Answering answering =
        (asked, reply) -> {
          if (asked.has("tools/call")) {
            reply.stream("");
          } else {
            Said.PLAIN.answer(asked, reply);
          }
        };
    try (var daemon = new FakeDaemon("f", answering);
        var client = new ShimClient(TOOLS, ShimGuarantees.ALL, daemon.daemon("w"))) {
      String cancelled =
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":%d}}";
      client.say(Said.request(1, "tools/call", "\"name\":\"x\"," + MODERN));
      daemon.await(1, asked -> asked.has("tools/call"));
      client.say(cancelled.formatted(1));
      client.say(Said.request(2, "initialize", ""));
      client.answer(2);
      client.say(Said.request(3, "tools/call", "\"name\":\"x\""));
      daemon.await(2, asked -> asked.has("tools/call"));
      client.say(cancelled.formatted(3));
      daemon.await(1, asked -> asked.has("notifications/cancelled"));
      client.say(Said.request(1, "ping", ""));
      client.answer(1);
      assertThat(daemon.asked(asked -> asked.has("notifications/cancelled"))).hasSize(1);
      // The daemon dies: what was cancelled is not sent again.
      daemon.die();
      try (var next = new FakeDaemon("g", Said.PLAIN)) {
        client.present(next.daemon("w"));
        client.say(Said.request(9, "ping", ""));
        client.answer(9);
        assertThat(next.asked(asked -> asked.has("tools/call"))).isEmpty();
      }
    }
  }

  @Test
  void ids_that_callers_gave_are_left_alone() throws Exception {
    try (var daemon = new FakeDaemon("f", Said.PLAIN);
        var client = new ShimClient(TOOLS, ShimGuarantees.ALL, daemon.daemon("w"))) {
      String own = "\"name\":\"x\",\"_meta\":{\"dev.planaria/operationId\":\"mine\"}";
      client.say(Said.request(1, "tools/call", own));
      client.say(Said.request(2, "tools/call", "\"arguments\":{\"operation_id\":\"mine\"}"));
      client.say(Said.request(3, "tools/list", ""));
      client.say(Said.request(4, "tools/call", ""));
      for (int id = 1; id <= 4; id++) {
        client.answer(id);
      }
      assertThat(daemon.asked(asked -> true).stream().map(FakeDaemon.Asked::body))
          .containsExactlyInAnyOrder(
              Said.request(1, "tools/call", own),
              Said.request(2, "tools/call", "\"arguments\":{\"operation_id\":\"mine\"}"),
              Said.request(3, "tools/list", ""),
              Said.request(4, "tools/call", "\"_meta\":{\"dev.planaria/operationId\":\"op-1\"}"));
    }
  }

  @Test
  void lines_go_to_the_next_daemon_in_their_order_and_unchanged() throws Exception {
    Answering silent = (_, _) -> {};
    try (var first = new FakeDaemon("f", silent);
        var second = new FakeDaemon("g", Said.PLAIN);
        var client = new ShimClient(TOOLS, ShimGuarantees.ALL, first.daemon("w"))) {
      int calls = 15;
      for (int id = 1; id <= calls; id++) {
        client.say(Said.request(id, "tools/call", "\"name\":\"x\""));
      }
      var before = first.await(calls, asked -> asked.has("tools/call"));
      client.present(second.daemon("w"));
      first.die();
      for (int id = 1; id <= calls; id++) {
        client.answer(id);
      }
      var after = second.asked(asked -> asked.has("tools/call"));
      assertThat(after.stream().map(FakeDaemon.Asked::body))
          .containsExactlyInAnyOrderElementsOf(
              before.stream().map(FakeDaemon.Asked::body).toList());
      assertThat(client.lines()).hasSize(calls);
    }
  }

  @Test
  void batches_are_taken_apart() throws Exception {
    try (var daemon = new FakeDaemon("f", Said.PLAIN);
        var client = new ShimClient(TOOLS, ShimGuarantees.ALL, daemon.daemon("w"))) {
      client.say("[" + Said.request(1, "ping", "") + " , 5, " + Said.request(2, "ping", "") + "]");
      client.answer(1);
      client.answer(2);
      client.await(line -> line.contains("-32600"));
    }
  }

  @Test
  void an_answer_may_come_in_single_bytes_and_in_any_framing() throws Exception {
    Answering dripping =
        (asked, reply) -> {
          String body = Said.result(Said.idOf(asked));
          String whole =
              asked.has("closing")
                  ? "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\nx: y\r\n\r\n" + body
                  : "HTTP/1.1 200 OK\r\nTRANSFER-ENCODING:chunked\r\n\r\n5;x=y\r\n"
                      + body.substring(0, 5)
                      + "\r\n"
                      + Integer.toHexString(body.length() - 5)
                      + "\r\n"
                      + body.substring(5)
                      + "\r\n0\r\nt: 1\r\n\r\n";
          for (int i = 0; i < whole.length(); i++) {
            reply.raw(whole.substring(i, i + 1));
          }
          if (asked.has("closing")) {
            reply.cut();
          }
        };
    try (var daemon = new FakeDaemon("f", dripping);
        var client = new ShimClient(TOOLS, ShimGuarantees.ALL, daemon.daemon("w"))) {
      client.say(
          Said.request(1, "ping", ""), Said.request(2, "closing", ""), Said.request(3, "ping", ""));
      for (int id = 1; id <= 3; id++) {
        assertThat(client.answer(id)).isEqualTo(Said.result(id));
      }
    }
  }
}

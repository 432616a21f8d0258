package dev.planaria.app.gateway.upstreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.state.Era;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Conversations over HTTP when everything goes well.
class HttpUpstreamTest {

  @ParameterizedTest
  @ValueSource(strings = {"--json", "--primer", "--no-get"})
  void a_legacy_server_has_a_session_which_is_deleted_in_the_end(String how) throws Exception {
    try (var remote = new Remote("--era", "legacy", how)) {
      var session = remote.connect();
      assertThat(session.server().era()).isEqualTo(Era.LEGACY);
      assertThat(session.server().serverInfo().text("name")).isEqualTo("echo");
      assertThat(Talk.say(session, "add", "{\"n\":4}")).isEqualTo("4");
      assertThat(Talk.say(session, "add", "{\"n\":3}")).isEqualTo("7");
      assertThat(session.stored().orElseThrow().toString()).doesNotContain("session-");
      session.close();
      assertThat(remote.echo.seen())
          .allMatch(seen -> seen.contains("X-key=of-the-operator"))
          .filteredOn(seen -> !seen.contains("Mcp-method"))
          .element(1)
          .asString()
          .contains("Mcp-protocol-version=2025-11-25", "Mcp-session-id=session-1");
      assertThat(remote.echo.seen().getLast()).startsWith("DELETE /mcp");
      assertThat(remote.heard.ends).isEmpty();
      assertThat(remote.log.lines).isEmpty();
    }
  }

  @Test
  void a_modern_server_gets_headers_that_repeat_the_body() throws Exception {
    try (var remote = new Remote("--bad-tool")) {
      var session = remote.connect();
      assertThat(session.server().era()).isEqualTo(Era.MODERN);
      assertThat(remote.heard.notification(said -> said.contains("acknowledged")))
          .contains("during subscriptions/listen", "\"toolsListChanged\":true");
      // Nobody has listed the tools yet, so the first call is refused for its headers, and
      // repaired.
      assertThat(Talk.said(session, Talk.call("echo", "{\"text\":\"h\u00e9\"}")))
          .contains("h\u00e9");
      assertThat(remote.echo.seen())
          .anyMatch(seen -> seen.contains("Mcp-method=tools/list"))
          .anyMatch(seen ->
              seen.contains("Mcp-method=tools/call")
                  && seen.contains("Mcp-name=echo")
                  && seen.contains("Mcp-param-text==?base64?aMOp?="))
          .noneMatch(seen -> seen.contains("session-id"));
      var list =
          (RawAnswer.Result)
              session.request(UpstreamRequest.of("tools/list", RawObject.EMPTY, 5_000));
      assertThat(new String(list.raw().bytes(), StandardCharsets.UTF_8))
          .contains("\"name\":\"echo\"")
          .doesNotContain("\"name\":\"bad\"");
      assertThat(session.stored()).isEmpty();
      Talk.say(session, "change", "{}");
      assertThat(remote.heard.notification(said -> said.contains("list_changed"))).isNotEmpty();
    }
  }

  @Test
  void the_oldest_transport_posts_where_the_first_event_says() throws Exception {
    try (var remote = new Remote("--sse")) {
      var session = remote.upstream("/sse").connect(Talk.CLIENT, remote.heard);
      assertThat(session.server().protocolVersion()).isEqualTo("2025-11-25");
      assertThat(Talk.say(session, "add", "{\"n\":4}")).isEqualTo("4");
      assertThat(Talk.say(session, "log", "{\"a\":1}")).isEqualTo("logged");
      assertThat(Heard.next(remote.heard.notifications)).startsWith("notifications/message");
      assertThat(remote.echo.seen())
          .allMatch(seen -> seen.contains("X-key"))
          .anyMatch(seen -> seen.startsWith("POST /messages?id=session-1"));
      remote.link.cutAll();
      assertThat(Heard.next(remote.heard.ends)).isInstanceOf(Trouble.class);
      session.close();
    }
  }

  @Test
  void what_a_server_says_on_the_way_comes_with_its_request_and_the_rest_without()
      throws Exception {
    try (var remote = new Remote("--era", "legacy");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var session = remote.connect();
      var progress = new LinkedBlockingQueue<RawObject>();
      var request =
          Talk.call("progress", "{\"steps\":3,\"stepMs\":10}").withProgress(progress::add);
      assertThat(Talk.said(session, request)).isEqualTo("went 3 steps");
      assertThat(progress).hasSize(3);
      Talk.say(session, "log", "{\"data\":1}");
      assertThat(Heard.next(remote.heard.notifications))
          .isEqualTo("notifications/message during tools/call {\"data\":1}");
      Talk.say(session, "change", "{}");
      assertThat(Heard.next(remote.heard.notifications))
          .isEqualTo("notifications/tools/list_changed {}");
      Future<String> asking =
          threads.submit(() -> Talk.say(session, "ask", "{\"method\":\"elicitation/create\"}"));
      var id = Heard.next(remote.heard.requests);
      session.respond(id, new RawAnswer.Refusal(Talk.raw("{\"code\":-1,\"message\":\"no\"}")));
      assertThat(asking.get()).contains("\\\"error\\\":{\\\"code\\\":-1");
    }
  }

  @Test
  void a_cancelled_request_closes_its_stream_and_a_legacy_server_is_told() throws Exception {
    for (String era : new String[] {"legacy", "modern"}) {
      try (var remote = new Remote("--era", era)) {
        var session = remote.connect();
        var late =
            catchThrowableOfType(
                UpstreamTimeout.class,
                () -> Talk.said(session, Talk.call("sleep", "{\"ms\":5000}", 100)));
        assertThat(late.sent()).isEqualTo(Sent.MAYBE_SENT);
        assertThat(Talk.say(session, "get", "{}")).contains("0");
      }
    }
  }

  @Test
  void a_session_goes_on_in_another_process_while_the_server_knows_it() throws Exception {
    try (var remote = new Remote("--era", "legacy")) {
      var session = remote.connect();
      Talk.say(session, "add", "{\"n\":5}");
      var stored = session.stored().orElseThrow();
      session.leave();
      var upstream = remote.upstream("/mcp");
      try (var again = upstream.resume(stored, Talk.CLIENT, remote.heard)) {
        assertThat(Talk.say(again, "get", "{}")).isEqualTo("5");
        assertThat(again.server()).isEqualTo(stored.server());
      }
      var failure =
          catchThrowableOfType(
              ConnectFailed.class, () -> upstream.resume(stored, Talk.CLIENT, remote.heard));
      assertThat(failure.trouble()).isEqualTo(new Trouble.SessionLost(404));
    }
  }

  @Test
  void a_verdict_about_an_address_is_remembered() throws Exception {
    try (var remote = new Remote("--era", "legacy")) {
      remote.connect().close();
      int asked = remote.echo.seen().size();
      remote.connect().close();
      assertThat(remote.echo.seen().stream().skip(asked))
          .noneMatch(seen -> seen.contains("Mcp-method"));
      assertThat(remote.verdicts.known.keySet()).noneMatch(key -> key.contains("127"));
    }
  }

  @Test
  void a_client_that_can_be_asked_something_gets_the_era_in_which_it_can() throws Exception {
    try (var both = new Remote()) {
      assertThat(both.connect().server().era()).isEqualTo(Era.MODERN);
      for (int i = 0; i < 2; i++) {
        assertThat(both.connect(Talk.ASKABLE).server().era()).isEqualTo(Era.LEGACY);
      }
    }
    try (var modern = new Remote("--era", "modern")) {
      assertThat(modern.connect(Talk.ASKABLE).server().era()).isEqualTo(Era.MODERN);
      int asked = modern.echo.seen().size();
      assertThat(modern.connect(Talk.ASKABLE).server().era()).isEqualTo(Era.MODERN);
      assertThat(modern.echo.seen().stream().skip(asked))
          .as("it is not asked again what it refused")
          .noneMatch(seen -> seen.contains("initialize"));
    }
    try (var old = new Remote("--sse")) {
      var session = old.upstream("/sse").connect(Talk.ASKABLE, old.heard);
      assertThat(session.server().era()).isEqualTo(Era.LEGACY);
      session.close();
    }
  }
}

package dev.planaria.app.gateway.upstreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.planaria.app.gateway.upstreams.echo.EchoHttp;
import dev.planaria.app.gateway.upstreams.echo.EchoOptions;
import dev.planaria.chaos.link.LinkFault;
import dev.planaria.engine.state.Era;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever a server answers, it leads nowhere else, costs bounded memory, and the next request is
/// served.
class HttpBadInputTest {
  private static final String STREAM =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

  private static String answer(String line, String... headers) {
    return "HTTP/1.1 "
        + line
        + "\r\nConnection: close\r\nContent-Length: 0\r\n"
        + String.join("", List.of(headers).stream().map(header -> header + "\r\n").toList())
        + "\r\n";
  }

  private static UpstreamBroken broken(UpstreamSession session) {
    return catchThrowableOfType(
        UpstreamBroken.class, () -> Talk.said(session, Talk.call("add", "{\"n\":1}", 10_000)));
  }

  /// A conversation in which nothing is under way but what the test asks for.
  private static UpstreamSession settled(Remote remote) throws Exception {
    UpstreamSession session = remote.connect();
    while (remote.echo.seen().stream().noneMatch(seen -> seen.startsWith("GET"))) {
      Thread.onSpinWait();
    }
    for (int i = 0; i < 5; i++) { // so that the refusal of the stream of its own has arrived too
      assertThat(Talk.say(session, "get", "{}")).isEqualTo("0");
    }
    return session;
  }

  private static void isServedAgain(Remote remote, UpstreamSession session) throws Exception {
    remote.link.set(new LinkFault.None());
    assertThat(session.ended()).isEmpty();
    assertThat(served(session)).isEqualTo("next");
  }

  /// A strange answer may leave a connection that looks whole while its end is under way; the one
  /// request that meets it breaks with it, and is said to have been sent, maybe.
  private static String served(UpstreamSession session) throws Exception {
    try {
      return Talk.say(session, "echo", "{\"text\":\"next\"}");
    } catch (UpstreamBroken met) {
      assertThat(met.trouble()).isInstanceOf(Trouble.BrokenConnection.class);
      assertThat(met.sent()).isEqualTo(Sent.MAYBE_SENT);
      return Talk.say(session, "echo", "{\"text\":\"next\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:PORT/mcp",
        "http://localhost:PORT/mcp",
        "http://[::1]:PORT/mcp",
        "http://[::ffff:127.0.0.1]:PORT/mcp",
        "http://0.0.0.0:PORT/mcp",
        "http://2130706433:PORT/mcp",
        "http://0x7f000001:PORT/mcp",
        "http://017700000001:PORT/mcp",
        "http://127.1:PORT/mcp",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.0.1/",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
        "https://127.0.0.1:OWN/mcp",
        "http://me:pw@127.0.0.1:OWN/mcp",
        "//127.0.0.1:PORT/mcp",
        "file:///etc/passwd",
        "jar:http://127.0.0.1:PORT/a.jar!/b",
        "javascript:alert(1)",
        "http:///mcp",
        "http://a b/",
        "http://\u00e9/",
        "::"
      })
  void a_redirect_leads_nowhere_but_to_the_same_origin(String location) throws Exception {
    try (var remote = new Remote("--era", "legacy", "--no-get", "--json");
        var elsewhere = EchoHttp.start(EchoOptions.of("--era", "legacy"))) {
      var session = settled(remote);
      String target =
          location
              .replace("PORT", Integer.toString(elsewhere.port()))
              .replace("OWN", Integer.toString(remote.link.port()));
      int before = remote.echo.seen().size();
      remote.link.set(new LinkFault.Answer(answer("307 Away", "Location: " + target)));
      remote.link.cutAll();
      UpstreamBroken failure = broken(session);
      assertThat(failure.trouble())
          .isInstanceOfAny(Trouble.RedirectRefused.class, Trouble.NotMcp.class);
      assertThat(failure.sent()).isEqualTo(Sent.REFUSED);
      assertThat(failure.getMessage()).doesNotContain("pw", "latest", "alert", "passwd");
      assertThat(elsewhere.seen()).isEmpty();
      assertThat(remote.echo.seen()).hasSize(before);
      isServedAgain(remote, session);
    }
  }

  @Test
  void an_endpoint_event_leads_nowhere_but_to_the_same_origin() throws Exception {
    try (var elsewhere = EchoHttp.start(EchoOptions.of("--sse"))) {
      for (String where :
          List.of(
              "http://127.0.0.1:" + elsewhere.port() + "/messages?id=session-1",
              "//127.0.0.1:" + elsewhere.port() + "/messages",
              "http://169.254.169.254/",
              "file:///etc/passwd",
              "javascript:alert(1)",
              "http://a b/")) {
        try (var remote = new Remote("--sse")) {
          remote.pinned = Era.LEGACY;
          remote.link.set(
              new LinkFault.Answer(STREAM + "event: endpoint\ndata: " + where + "\n\n"));
          HttpUpstream old = remote.oldUpstream("/sse");
          var failure =
              catchThrowableOfType(
                  ConnectFailed.class, () -> old.connect(Talk.CLIENT, remote.heard));
          assertThat(failure.trouble()) // or that the stream has ended, which it has as well
              .as(where)
              .isInstanceOfAny(
                  Trouble.RedirectRefused.class, Trouble.NotMcp.class, Trouble.Truncated.class);
          assertThat(remote.link.hits()).isPositive();
        }
      }
      assertThat(elsewhere.seen()).isEmpty();
    }
  }

  @Test
  void nobody_follows_what_a_refusal_says_of_authorization() throws Exception {
    try (var remote = new Remote("--era", "legacy", "--no-get", "--json");
        var elsewhere = EchoHttp.start(EchoOptions.of("--era", "legacy"))) {
      var session = settled(remote);
      String there = "http://127.0.0.1:" + elsewhere.port() + "/";
      remote.link.set(
          new LinkFault.Answer(
              answer(
                  "401 No",
                  "WWW-Authenticate: Bearer resource_metadata=\"" + there + "\"",
                  "Link: <" + there + ">; rel=\"authorization_server\"",
                  "Refresh: 0; url=" + there)));
      remote.link.cutAll();
      assertThat(broken(session).trouble()).isEqualTo(new Trouble.Unauthorized());
      assertThat(elsewhere.seen()).isEmpty();
      isServedAgain(remote, session);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "\u00e9", "\t", "LONG"})
  void a_session_id_that_is_none_is_refused(String id) throws Exception {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2025-11-25\","
            + "\"capabilities\":{},\"serverInfo\":{\"name\":\"x\",\"version\":\"1\"}}}";
    try (var remote = new Remote("--era", "legacy", "--no-get", "--json")) {
      remote.pinned = Era.LEGACY;
      remote.link.set(
          new LinkFault.Answer(
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                  + "Mcp-Session-Id: "
                  + (id.equals("LONG") ? "x".repeat(2_000) : "x" + id + "y")
                  + "\r\n\r\n"
                  + body));
      var failure = catchThrowableOfType(ConnectFailed.class, remote::connect);
      assertThat(failure.trouble())
          .isEqualTo(new Trouble.NotMcp("Mcp-Session-Id must be visible ASCII"));
      remote.link.set(new LinkFault.None());
      assertThat(Talk.say(remote.connect(), "get", "{}")).isEqualTo("0");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0001", "\u00e9", "\u20ac", "a\u007fb", "\uD83D\uDC1B"})
  void a_position_that_no_header_can_hold_is_none(String id) throws Exception {
    try (var remote = new Remote("--era", "legacy", "--no-get")) {
      var session = settled(remote);
      remote.link.set(new LinkFault.Answer(STREAM + "id: " + id + "\ndata:\n\n"));
      remote.link.cutAll();
      assertThat(broken(session).trouble())
          .isEqualTo(new Trouble.Truncated("the stream ended before the answer"));
      isServedAgain(remote, session);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: -1\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\nContent-Length:"
            + " 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length:"
            + " 99999999999999999999\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding:"
            + " chunked\r\n\r\nffffffff\r\nx",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\u0001: x\r\n\r\n",
        "HTTP/1.1 999999 OK\r\n\r\n",
        "HTTP/1.1 204 None\r\nContent-Type: application/json\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/9.9 200 OK\r\n\r\n",
        "\r\n\r\n",
        ""
      })
  void an_answer_that_is_hardly_http_fails_its_request_and_nothing_else(String text)
      throws Exception {
    try (var remote = new Remote("--era", "legacy", "--no-get", "--json")) {
      var session = settled(remote);
      remote.link.set(new LinkFault.Answer(text));
      remote.link.cutAll();
      UpstreamBroken failure = broken(session);
      assertThat(failure).isNotNull();
      assertThat(failure.sent()).isEqualTo(Sent.MAYBE_SENT);
      assertThat(remote.link.hits()).isPositive();
      isServedAgain(remote, session);
    }
  }

  @Test
  void headers_without_end_fail_their_request() throws Exception {
    try (var remote = new Remote("--era", "legacy", "--no-get", "--json")) {
      var session = settled(remote);
      String line = "X-Filler: " + "x".repeat(1_000) + "\r\n";
      remote.link.set(new LinkFault.Flood("HTTP/1.1 200 OK\r\n", line, 20_000, "\r\n"));
      remote.link.cutAll();
      assertThat(broken(session).sent()).isEqualTo(Sent.MAYBE_SENT);
      isServedAgain(remote, session);
    }
  }

  @Test
  void a_flood_of_events_is_counted_and_the_answer_behind_it_is_read() throws Exception {
    int events = Integer.getInteger("planaria.events", 1_000_000);
    try (var remote = new Remote("--era", "legacy", "--no-get")) {
      var session = settled(remote);
      remote.link.set(
          new LinkFault.Flood(
              STREAM,
              "data: x\n\n".repeat(1_000),
              events / 1_000,
              "data: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[{\"type\":\"text\","
                  + "\"text\":\"behind\"}]}}\n\n"));
      remote.link.cutAll();
      assertThat(Talk.say(session, "get", "{}")).isEqualTo("behind");
      assertThat(session.oddities()).isEqualTo(new Oddities(events, 0, 0));
      isServedAgain(remote, session);
    }
  }

  @Test
  void an_event_of_any_length_costs_no_more_than_its_bound() throws Exception {
    long megabytes = Long.getLong("planaria.flood", 100_000_000) / 1_000_000;
    try (var remote = new Remote("--era", "legacy", "--no-get")) {
      var session = settled(remote);
      remote.link.set(
          new LinkFault.Flood(STREAM + "data: ", "x".repeat(1_000_000), megabytes, "\n\n"));
      remote.link.cutAll();
      assertThat(broken(session).trouble()).isInstanceOf(Trouble.MessageTooLong.class);
      isServedAgain(remote, session);
      remote.link.set(new LinkFault.Flood(STREAM + "data: ", "x".repeat(1_000_000), megabytes, ""));
      remote.link.cutAll();
      assertThat(broken(session).trouble()).isInstanceOf(Trouble.Truncated.class);
      isServedAgain(remote, session);
    }
  }
}

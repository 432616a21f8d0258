package dev.planaria.app.gateway.upstreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.chaos.link.LinkFault;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.state.Era;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Each thing that a network or a stranger can do to a request has its own name, and says whether
/// the request may have been carried out.
class HttpFaultsTest {

  private static LinkFault status(String line, String... headers) {
    return new LinkFault.Answer(
        "HTTP/1.1 "
            + line
            + "\r\nConnection: close\r\nContent-Length: 0\r\n"
            + lines(headers)
            + "\r\n");
  }

  private static LinkFault body(String type, String body, String... headers) {
    return new LinkFault.Answer(
        "HTTP/1.1 200 OK\r\nContent-Type: "
            + type
            + "\r\n"
            + lines(headers)
            + "Connection: close\r\n\r\n"
            + body);
  }

  private static String lines(String... headers) {
    return String.join("", Arrays.stream(headers).map(line -> line + "\r\n").toList());
  }

  static Stream<Arguments> faults() {
    var none = OptionalLong.empty();
    return Stream.of(
        Arguments.of(
            new LinkFault.Drop(), new Trouble.BrokenConnection("closed or reset"), Sent.MAYBE_SENT),
        Arguments.of(
            new LinkFault.Reset(),
            new Trouble.BrokenConnection("closed or reset"),
            Sent.MAYBE_SENT),
        Arguments.of(status("401 No"), new Trouble.Unauthorized(), Sent.REFUSED),
        Arguments.of(status("403 No"), new Trouble.Forbidden(), Sent.REFUSED),
        Arguments.of(status("404 No"), new Trouble.SessionLost(404), Sent.REFUSED),
        Arguments.of(status("400 No"), new Trouble.SessionLost(400), Sent.REFUSED),
        Arguments.of(status("405 No"), new Trouble.UnexpectedStatus(405), Sent.REFUSED),
        Arguments.of(
            status("429 No", "Retry-After: 7"),
            new Trouble.TooManyRequests(OptionalLong.of(7_000)),
            Sent.REFUSED),
        Arguments.of(
            status("429 No", "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT"),
            new Trouble.TooManyRequests(none),
            Sent.REFUSED),
        Arguments.of(status("500 Oh"), new Trouble.ServerError(500, none), Sent.MAYBE_SENT),
        Arguments.of(
            status("503 Oh", "Retry-After: 2"),
            new Trouble.ServerError(503, OptionalLong.of(2_000)),
            Sent.MAYBE_SENT),
        Arguments.of(
            status("202 Fine"),
            new Trouble.NotMcp("a request was taken for a notification"),
            Sent.MAYBE_SENT),
        Arguments.of(
            status("307 Away", "Location: http://example.org/mcp"),
            new Trouble.RedirectRefused("http://example.org:80"),
            Sent.REFUSED),
        Arguments.of(
            status("307 Round", "Location: /mcp"),
            new Trouble.NotMcp("more than mostRedirects (3) redirects"),
            Sent.REFUSED),
        Arguments.of(
            status("302 To a page", "Location: /page"),
            new Trouble.UnexpectedStatus(302),
            Sent.REFUSED),
        Arguments.of(
            body("text/html", "<p>Welcome"),
            new Trouble.WrongContentType("text/html"),
            Sent.MAYBE_SENT),
        Arguments.of(
            body("application/json", "{\"hello\":"),
            new Trouble.NotMcp("the body does not answer what was asked"),
            Sent.MAYBE_SENT),
        Arguments.of(
            body("application/json", "{\"jsonrpc\":\"2.0\",\"id\":999,\"result\":{}}"),
            new Trouble.NotMcp("the body does not answer what was asked"),
            Sent.MAYBE_SENT),
        Arguments.of(
            body("application/json", "{}", "Content-Encoding: gzip"),
            new Trouble.WrongContentType("a compressed body that nobody asked for"),
            Sent.MAYBE_SENT),
        Arguments.of(
            new LinkFault.Answer(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"),
            new Trouble.Truncated("closed or reset"),
            Sent.MAYBE_SENT),
        Arguments.of(
            body("text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"id\":2,"),
            new Trouble.Truncated("the stream ended before the answer"),
            Sent.MAYBE_SENT),
        Arguments.of(
            new LinkFault.Answer("SSH-2.0-OpenSSH\r\n"),
            new Trouble.NotMcp("not even HTTP"),
            Sent.MAYBE_SENT));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void a_fault_under_a_request_has_a_name(LinkFault fault, Trouble expected, Sent sent)
      throws Exception {
    try (var remote = new Remote("--era", "legacy", "--no-get", "--json")) {
      var session = remote.connect();
      awaitOwnStream(remote, 1);
      for (int i = 0; i < 5; i++) { // so that the refusal of that stream has arrived as well
        assertThat(Talk.say(session, "get", "{}")).isEqualTo("0");
      }
      int before = remote.link.hits();
      remote.link.set(fault);
      remote.link.cutAll();
      var failure =
          catchThrowableOfType(UpstreamBroken.class, () -> Talk.say(session, "add", "{\"n\":1}"));
      assertThat(failure.trouble()).isEqualTo(expected);
      assertThat(failure.sent()).isEqualTo(sent);
      assertThat(remote.link.hits()).isGreaterThan(before);
      assertThat(failure.getMessage()).doesNotContain("of-the-operator", "127.0.0.1");
      boolean over = expected instanceof Trouble.SessionLost;
      if (over) {
        assertThat(Heard.next(remote.heard.ends)).isEqualTo(expected);
      } else {
        assertThat(session.ended()).isEmpty();
        remote.link.set(new LinkFault.None());
        assertThat(Talk.say(session, "echo", "{\"text\":\"next\"}")).isEqualTo("next");
      }
    }
  }

  @Test
  void what_never_reached_anybody_was_certainly_not_sent() throws Exception {
    try (var remote = new Remote("--era", "legacy", "--no-get")) {
      var session = remote.connect();
      remote.link.close();
      var failure =
          catchThrowableOfType(UpstreamBroken.class, () -> Talk.say(session, "add", "{\"n\":1}"));
      assertThat(failure.trouble()).isEqualTo(new Trouble.Unreachable("connection refused"));
      assertThat(failure.sent()).isEqualTo(Sent.NEVER_SENT);
    }
  }

  @Test
  void silence_is_a_timeout_only_for_those_who_wait() throws Exception {
    try (var remote = new Remote("--era", "legacy", "--no-get")) {
      var session = remote.connect();
      remote.link.set(new LinkFault.Silence());
      remote.link.cutAll();
      var failure =
          catchThrowableOfType(
              UpstreamTimeout.class, () -> Talk.said(session, Talk.call("add", "{\"n\":1}", 300)));
      assertThat(failure.sent()).isEqualTo(Sent.MAYBE_SENT);
      assertThat(remote.link.hits()).isPositive();
      remote.link.set(new LinkFault.None());
      assertThat(Talk.say(session, "get", "{}")).isEqualTo("0");
      assertThat(remote.heard.ends).isEmpty();
    }
  }

  @Test
  void slow_links_and_single_bytes_change_nothing() throws Exception {
    for (LinkFault fault : List.of(new LinkFault.Bytes(), new LinkFault.Delay(300))) {
      for (String how : List.of("--json", "--primer")) {
        try (var remote = new Remote("--era", "legacy", how)) {
          remote.link.set(fault);
          var session = remote.connect();
          assertThat(Talk.say(session, "add", "{\"n\":3}")).isEqualTo("3");
          assertThat(remote.link.hits()).isPositive();
          assertThat(session.oddities()).isEqualTo(new Oddities(0, 0, 0));
        }
      }
    }
  }

  @Test
  void a_stream_that_breaks_behind_an_id_is_resumed_and_its_answer_comes_once() throws Exception {
    try (var remote = new Remote("--era", "legacy", "--primer", "--no-get");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var session = remote.connect();
      Future<String> slow =
          threads.submit(() -> Talk.say(session, "effect", "{\"id\":\"e1\",\"delayMs\":700}"));
      for (int cuts = 0; cuts < 3; cuts++) {
        int gets = resumptions(remote);
        while (calls(remote) < 1 || resumptions(remote) < cuts) {
          Thread.onSpinWait();
        }
        awaitStreaming(remote, gets);
        remote.link.cutAll();
      }
      assertThat(slow.get()).isEqualTo("done e1");
      assertThat(resumptions(remote)).isPositive();
      assertThat(remote.echo.seen()).anyMatch(seen -> seen.contains("Last-event-id=s"));
      assertThat(session.oddities().unknownAnswers()).isZero();
    }
  }

  /// A request is under way: its bytes have passed the link, and the primer will have come with
  /// them.
  private static void awaitStreaming(Remote remote, int gets) throws Exception {
    assertThat(new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(remote.echo.seen().size()).isGreaterThan(gets);
  }

  private static int resumptions(Remote remote) {
    return (int) remote.echo.seen().stream().filter(seen -> seen.contains("Last-event-id")).count();
  }

  private static int calls(Remote remote) {
    return (int) remote.echo.seen().stream().filter(seen -> seen.startsWith("POST")).count() - 3;
  }

  @Test
  void a_stream_that_cannot_be_resumed_in_time_is_told_as_unknown() throws Exception {
    try (var remote = new Remote("--era", "legacy", "--primer", "--no-get")) {
      var session = remote.connect();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<UpstreamBroken> slow =
            threads.submit(() ->
                catchThrowableOfType(
                    UpstreamBroken.class, () -> Talk.say(session, "sleep", "{\"ms\":10000}")));
        while (calls(remote) < 1) {
          Thread.onSpinWait();
        }
        awaitStreaming(remote, 0);
        remote.link.close();
        assertThat(slow.get().trouble()).isInstanceOf(Trouble.Truncated.class);
        assertThat(slow.get().sent()).isEqualTo(Sent.MAYBE_SENT);
      }
    }
  }

  @Test
  void a_server_that_has_forgotten_the_session_ends_the_conversation_once() throws Exception {
    try (var remote = new Remote("--era", "legacy")) {
      var session = remote.connect();
      awaitOwnStream(remote, 1);
      remote.echo.forgetSessions();
      var failure =
          catchThrowableOfType(UpstreamBroken.class, () -> Talk.say(session, "get", "{}"));
      assertThat(failure.trouble()).isEqualTo(new Trouble.SessionLost(404));
      assertThat(failure.sent()).isEqualTo(Sent.REFUSED);
      assertThat(Heard.next(remote.heard.ends)).isEqualTo(new Trouble.SessionLost(404));
      session.close();
      assertThat(remote.echo.seen()).noneMatch(seen -> seen.startsWith("DELETE"));
      assertThat(remote.heard.ends).isEmpty();
    }
  }

  @Test
  void a_stream_of_its_own_is_opened_again_and_when_nobody_is_there_the_conversation_is_over()
      throws Exception {
    try (var remote = new Remote("--era", "legacy")) {
      var session = remote.connect();
      awaitChange(remote, session);
      remote.link.cutAll();
      awaitChange(remote, session);
      assertThat(remote.heard.missed).isEmpty(); // it goes on where it broke
      remote.link.close();
      assertThat(Heard.next(remote.heard.ends)).isInstanceOf(Trouble.Unreachable.class);
    }
  }

  /// The stream may just be opening, when what is announced still goes nowhere.
  private static void awaitChange(Remote remote, UpstreamSession session) throws Exception {
    String heard = null;
    for (int tries = 0; heard == null && tries < 50; tries++) {
      Talk.say(session, "change", "{}");
      heard = remote.heard.notifications.poll(200, TimeUnit.MILLISECONDS);
    }
    assertThat(heard).contains("list_changed");
  }

  private static void awaitOwnStream(Remote remote, int times) {
    while (remote.echo.seen().stream().filter(seen -> seen.startsWith("GET")).count() < times) {
      Thread.onSpinWait();
    }
  }

  @Test
  void an_answer_that_is_too_long_fails_its_request_alone() throws Exception {
    for (String how : List.of("--json", "--primer")) {
      try (var remote = new Remote("--era", "legacy", "--no-get", how)) {
        var small = new JsonLimits(20_000, 64, 20_000, 1_024, 1_000, 200_000);
        remote.settings = new HttpSettings(small, 5_000, 5_000, 3, 50, 2_000, 2_000, 3);
        var session = remote.connect();
        var failure =
            catchThrowableOfType(
                UpstreamBroken.class, () -> Talk.say(session, "huge", "{\"bytes\":3000000}"));
        assertThat(failure.trouble())
            .isEqualTo(new Trouble.MessageTooLong("message.documentBytes is 20000"));
        assertThat(Talk.say(session, "get", "{}")).isEqualTo("0");
      }
    }
  }

  @Test
  void a_refusal_a_failure_or_silence_says_nothing_about_the_era() throws Exception {
    for (LinkFault fault : List.of(status("401 No"), status("503 Oh"), status("429 No"))) {
      try (var remote = new Remote("--era", "legacy")) {
        remote.link.set(fault);
        assertThat(catchThrowableOfType(ConnectFailed.class, remote::connect)).isNotNull();
        assertThat(remote.verdicts.known).isEmpty();
        assertThat(remote.link.hits()).isEqualTo(1);
        remote.link.set(new LinkFault.None());
        assertThat(remote.connect().server().era()).isEqualTo(Era.LEGACY);
      }
    }
  }

  @Test
  void the_answer_to_a_modern_stream_that_breaks_is_unknown_and_a_subscription_is_made_again()
      throws Exception {
    try (var remote = new Remote("--era", "modern");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var session = remote.connect();
      remote.heard.notification(said -> said.contains("acknowledged"));
      Future<UpstreamBroken> slow =
          threads.submit(() ->
              catchThrowableOfType(
                  UpstreamBroken.class, () -> Talk.say(session, "sleep", "{\"ms\":10000}")));
      while (remote.echo.seen().stream().noneMatch(seen -> seen.contains("tools/call"))) {
        Thread.onSpinWait();
      }
      awaitStreaming(remote, 0);
      remote.link.cutAll();
      assertThat(slow.get().sent()).isEqualTo(Sent.MAYBE_SENT);
      assertThat(Heard.next(remote.heard.missed)).isTrue();
      remote.heard.notification(said -> said.contains("acknowledged"));
      assertThat(session.request(UpstreamRequest.of("tools/list", RawObject.EMPTY, 5_000)))
          .isInstanceOf(RawAnswer.Result.class);
    }
  }
}

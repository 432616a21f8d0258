package dev.planaria.app.gateway.upstreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Era;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Conversations with children that behave.
class StdioUpstreamTest {

  @TempDir Path scratch;

  private final Stdio stdio = new Stdio();

  @AfterEach
  void nothing_is_left() throws Exception {
    stdio.assertNothingIsLeft();
  }

  @Test
  void a_legacy_child_introduces_itself_answers_and_ends_when_its_input_is_closed()
      throws Exception {
    var session = stdio.connect("--era", "legacy");
    assertThat(session.server().era()).isEqualTo(Era.LEGACY);
    assertThat(session.server().protocolVersion()).isEqualTo("2025-11-25");
    assertThat(session.server().serverInfo().text("name")).isEqualTo("echo");
    assertThat(session.server().instructions()).isEqualTo("say something");
    assertThat(session.server().capabilities().has("tools")).isTrue();
    assertThat(Talk.say(session, "echo", "{\"text\":\"héllo \\u2028\"}")).isEqualTo("héllo \u2028");
    assertThat(Talk.say(session, "add", "{\"n\":4}")).isEqualTo("4");
    assertThat(Talk.say(session, "add", "{\"n\":3}")).isEqualTo("7");
    ProcessHandle process = session.process().orElseThrow();
    assertThat(Talk.say(session, "pid", "{}")).isEqualTo(Long.toString(process.pid()));
    assertThat(session.request(UpstreamRequest.of("no/such", RawObject.EMPTY, 5_000)))
        .isInstanceOf(RawAnswer.Refusal.class);
    session.close();
    assertThat(process.isAlive()).isFalse();
    assertThat(session.oddities()).isEqualTo(new Oddities(0, 0, 0));
    assertThat(session.ended()).contains(new Trouble.Closed());
    assertThat(stdio.heard.ends).isEmpty();
    assertThat(stdio.log.lines).isEmpty();
    var failure = catchThrowableOfType(UpstreamBroken.class, () -> Talk.say(session, "get", "{}"));
    assertThat(failure.sent()).isEqualTo(Sent.NEVER_SENT);
  }

  @Test
  void a_modern_child_is_told_everything_with_each_request() throws Exception {
    stdio.pinned = Era.MODERN;
    try (var session = stdio.connect("--era", "modern")) {
      assertThat(session.server().era()).isEqualTo(Era.MODERN);
      assertThat(session.server().serverInfo().text("name")).isEqualTo("echo");
      assertThat(session.request(Talk.call("echo", "{\"text\":\"x\"}")))
          .isInstanceOfSatisfying(
              RawAnswer.Result.class,
              result -> assertThat(result.raw().text("resultType")).isEqualTo("complete"));
      assertThat(stdio.heard.notification(said -> said.contains("acknowledged")))
          .contains("\"toolsListChanged\":true");
      session.listen(Talk.raw("{\"resourceSubscriptions\":[\"x:y\"]}"));
      assertThat(stdio.heard.notification(said -> said.contains("acknowledged")))
          .contains("\"resourceSubscriptions\":[\"x:y\"]");
    }
  }

  @Test
  void progress_goes_to_its_request_and_everything_else_to_the_listener() throws Exception {
    try (var session = stdio.connect("--era", "legacy")) {
      var progress = new LinkedBlockingQueue<RawObject>();
      var request =
          UpstreamRequest.of(
                  "tools/call",
                  Talk.raw(
                      "{\"name\":\"progress\",\"arguments\":{\"steps\":3},\"_meta\":{\"progressToken\":\"theirs\",\"k\":1}}"),
                  Talk.TIMEOUT_MILLIS)
              .withProgress(progress::add);
      assertThat(Talk.said(session, request)).isEqualTo("went 3 steps");
      assertThat(progress)
          .hasSize(3)
          .noneMatch(params -> "theirs".equals(params.text("progressToken")));
      assertThat(Talk.say(session, "log", "{\"level\":\"info\",\"data\":1.50}"))
          .isEqualTo("logged");
      assertThat(Heard.next(stdio.heard.notifications))
          .isEqualTo("notifications/message {\"level\":\"info\",\"data\":1.50}");
      Talk.say(session, "change", "{}");
      assertThat(Heard.next(stdio.heard.notifications))
          .isEqualTo("notifications/tools/list_changed {}");
    }
  }

  @Test
  void a_request_of_the_server_gets_its_answer() throws Exception {
    try (var session = stdio.connect("--era", "legacy");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> asking =
          threads.submit(() -> Talk.say(session, "ask", "{\"method\":\"sampling/createMessage\"}"));
      var id = Heard.next(stdio.heard.requests);
      session.respond(id, new RawAnswer.Result(RawObject.EMPTY.with("role", new JsonString("me"))));
      assertThat(asking.get()).contains("\\\"result\\\":{\\\"role\\\":\\\"me\\\"}");
    }
  }

  @Test
  void many_requests_at_once_each_get_their_own_answer() throws Exception {
    try (var session = stdio.connect("--era", "legacy");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<Future<String>>();
      for (int i = 0; i < 200; i++) {
        String text = i + "-" + "x".repeat(i * 50);
        answers.add(threads.submit(() -> Talk.say(session, "echo", "{\"text\":\"" + text + "\"}")));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get())
            .startsWith(i + "-")
            .hasSize(("" + i).length() + 1 + i * 50);
      }
      assertThat(session.oddities()).isEqualTo(new Oddities(0, 0, 0));
    }
  }

  @Test
  void a_request_that_nobody_waits_for_any_more_is_cancelled_and_its_late_answer_dropped()
      throws Exception {
    try (var session = stdio.connect("--era", "legacy");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var late =
          catchThrowableOfType(
              UpstreamTimeout.class,
              () -> Talk.said(session, Talk.call("sleep", "{\"ms\":300}", 50)));
      assertThat(late.sent()).isEqualTo(Sent.MAYBE_SENT);
      var request = Talk.call("sleep", "{\"ms\":300}");
      var started = new LinkedBlockingQueue<Boolean>();
      Future<RequestFailed> cancelled =
          threads.submit(() -> {
            started.add(true);
            return catchThrowableOfType(RequestFailed.class, () -> session.request(request));
          });
      Heard.next(started);
      assertThat(Talk.say(session, "echo", "{\"text\":\"between\"}")).isEqualTo("between");
      session.cancel(request, "no longer wanted");
      assertThat(cancelled.get()).isInstanceOf(UpstreamCancelled.class);
      assertThat(Talk.say(session, "sleep", "{\"ms\":600}")).isEqualTo("slept");
      assertThat(session.oddities().unknownAnswers()).isEqualTo(2);
    }
  }

  @Test
  void a_child_gets_a_filtered_environment_and_its_directory() throws Exception {
    stdio.inherited.put("LD_PRELOAD", "evil.so");
    stdio.inherited.put("NODE_OPTIONS", "--require evil");
    stdio.inherited.put("SECRET_OF_OURS", "s3cret");
    stdio.inherited.put("LC_ALL", "C.UTF-8");
    Path out = scratch.resolve("environment");
    var shell =
        new StdioCommand(
            List.of("/bin/sh", "-c", "env > '" + out + "'; pwd >> '" + out + "'; exit 3"),
            Map.of("GIVEN", "by the operator", "JAVA_TOOL_OPTIONS", "-Dx=y"),
            scratch);
    var failure =
        catchThrowableOfType(
            ConnectFailed.class, () -> stdio.upstream(shell).connect(Talk.CLIENT, stdio.heard));
    assertThat(failure.trouble()).isEqualTo(new Trouble.Exited(3));
    assertThat(Files.readString(out))
        .contains("GIVEN=by the operator", "JAVA_TOOL_OPTIONS=-Dx=y", "LC_ALL=C.UTF-8", "PATH=")
        .contains(scratch.toRealPath().toString())
        .doesNotContain("evil", "s3cret");
    assertThat(stdio.log.lines).noneMatch(line -> line.contains("operator"));
  }

  @Test
  void a_command_that_is_not_there_is_said_in_words() {
    for (var wrong :
        Map.of(
                "no-such-program", "there is no program no-such-program in its PATH",
                "/no/such", "/no/such is not an executable file")
            .entrySet()) {
      var command = new StdioCommand(List.of(wrong.getKey(), "x"), Map.of(), null);
      var failure =
          catchThrowableOfType(
              ConnectFailed.class, () -> stdio.upstream(command).connect(Talk.CLIENT, stdio.heard));
      assertThat(failure.trouble()).isEqualTo(new Trouble.StartFailed(wrong.getValue()));
    }
    var nowhere = new StdioCommand(List.of("true"), Map.of(), scratch.resolve("none"));
    assertThat(
            catchThrowableOfType(
                ConnectFailed.class,
                () -> stdio.upstream(nowhere).connect(Talk.CLIENT, stdio.heard)))
        .hasMessageContaining("there is no directory");
  }
}

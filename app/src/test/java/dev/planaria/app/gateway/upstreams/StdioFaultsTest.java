package dev.planaria.app.gateway.upstreams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.planaria.chaos.process.Victims;
import dev.planaria.engine.json.JsonLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Conversations with children that do not behave.
class StdioFaultsTest {

  private final Stdio stdio = new Stdio();

  @AfterEach
  void nothing_is_left() throws Exception {
    stdio.assertNothingIsLeft();
  }

  private static StdioSettings impatient(StdioSettings like) {
    return new StdioSettings(
        like.message(), like.handshakeMillis(), 1_000, 64 << 10, 300, 300, 200, 300);
  }

  private static StdioCommand shell(String script) {
    return new StdioCommand(List.of("/bin/sh", "-c", script), Map.of(), null);
  }

  @Test
  void noise_and_errors_without_an_id_are_counted_and_passed_over() throws Exception {
    try (var session = stdio.connect("--noise", "--idless-error")) {
      assertThat(Talk.say(session, "echo", "{\"text\":\"a\"}")).isEqualTo("a");
      assertThat(session.oddities()).isEqualTo(new Oddities(3, 1, 0));
    }
  }

  @Test
  void a_child_that_dies_fails_what_was_sent_as_unknown_and_says_how_it_ended() throws Exception {
    try (var session = stdio.connect("--die-after", "2")) {
      assertThat(Talk.say(session, "add", "{\"n\":1}")).isEqualTo("1");
      var failure =
          catchThrowableOfType(UpstreamBroken.class, () -> Talk.say(session, "add", "{\"n\":1}"));
      assertThat(failure.sent()).isEqualTo(Sent.MAYBE_SENT);
      assertThat(failure.trouble()).isEqualTo(new Trouble.Exited(7));
      assertThat(Heard.next(stdio.heard.ends)).isEqualTo(new Trouble.Exited(7));
      var after = catchThrowableOfType(UpstreamBroken.class, () -> Talk.say(session, "get", "{}"));
      assertThat(after.sent()).isEqualTo(Sent.NEVER_SENT);
      assertThat(session.ended()).contains(new Trouble.Exited(7));
    }
    assertThat(stdio.heard.ends).isEmpty();
  }

  @Test
  void a_child_that_is_killed_is_told_from_one_that_exits() throws Exception {
    try (var session = stdio.connect()) {
      assertThat(Victims.of(session.process().orElseThrow()).kill()).isEqualTo(1);
      assertThat(Heard.next(stdio.heard.ends).sentence()).contains("137 (signal 9)");
    }
  }

  @Test
  void an_attempt_that_is_given_up_again_and_again_ends_its_child_all_the_same() throws Exception {
    stdio.settings = impatient(Stdio.SETTINGS);
    var upstream = stdio.upstream(shell("trap '' TERM; while :; do sleep 0.05; done"));
    var end = new CompletableFuture<Throwable>();
    Thread attempt =
        Thread.ofVirtual()
            .start(() ->
                end.complete(catchThrowable(() -> upstream.connect(Talk.CLIENT, stdio.heard))));
    while (Stdio.children().isEmpty()) {
      Thread.onSpinWait();
    }
    int times = 0;
    while (!end.isDone()) {
      attempt.interrupt();
      times++;
      attempt.join(Duration.ofMillis(20));
    }
    assertThat(end.join()).isInstanceOf(InterruptedException.class);
    assertThat(times).isGreaterThan(1);
  }

  /// The JDK tells of exits in its common pool, if it is asked to; a grandchild that keeps a pipe
  /// open may hold that pool up.
  @Test
  void a_child_that_is_killed_is_noticed_however_busy_the_common_pool_is() throws Exception {
    var free = new CountDownLatch(1);
    try (var session = stdio.connect()) {
      for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism(); i++) {
        var _ =
            ForkJoinPool.commonPool()
                .submit(() -> {
                  free.await();
                  return null;
                });
      }
      assertThat(session.process().orElseThrow().destroyForcibly()).isTrue();
      assertThat(Heard.next(stdio.heard.ends).sentence()).contains("137 (signal 9)");
    } finally {
      free.countDown();
    }
  }

  @Test
  void a_line_that_ends_in_the_middle_is_dropped_and_counted() throws Exception {
    try (var session = stdio.connect("--die-mid-line", "1")) {
      var failure =
          catchThrowableOfType(
              UpstreamBroken.class, () -> Talk.say(session, "echo", "{\"text\":\"a\"}"));
      assertThat(failure.trouble()).isEqualTo(new Trouble.Exited(7));
      assertThat(session.oddities()).isEqualTo(new Oddities(1, 0, 0));
    }
  }

  @Test
  void a_grandchild_that_keeps_the_pipes_open_hides_nothing_and_ends_too() throws Exception {
    var session = stdio.connect("--grandchild");
    List<ProcessHandle> started = session.process().orElseThrow().descendants().toList();
    assertThat(started).hasSize(1);
    assertThat(Victims.of(session.process().orElseThrow()).kill()).isEqualTo(1);
    assertThat(Heard.next(stdio.heard.ends)).isEqualTo(new Trouble.Exited(137));
    session.close();
    assertThat(started).noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void a_process_whose_parent_has_ended_belongs_to_the_child_all_the_same() throws Exception {
    var upstream = stdio.upstream(shell("(sleep 987 & echo \"orphan $!\" >&2) ; exec sleep 986"));
    stdio.settings = impatient(stdio.settings);
    stdio.errors.reset();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<ConnectFailed> connecting =
          threads.submit(() ->
              catchThrowableOfType(
                  ConnectFailed.class, () -> upstream.connect(Talk.CLIENT, stdio.heard)));
      while (!stdio.errors.toString(UTF_8).contains("\n")) {
        Thread.onSpinWait();
      }
      long orphan = Long.parseLong(stdio.errors.toString(UTF_8).strip().replace("orphan ", ""));
      assertThat(ProcessHandle.of(orphan)).isPresent();
      var parents = Stdio.children().stream().filter(child -> child.pid() != orphan).toList();
      assertThat(Victims.of(parents).kill()).isPositive();
      assertThat(connecting.get().trouble()).isEqualTo(new Trouble.Exited(137));
      assertThat(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive)).isEmpty();
    }
  }

  @Test
  void a_child_that_neither_hears_its_end_of_input_nor_sigterm_is_killed() throws Exception {
    stdio.settings = impatient(stdio.settings);
    var session = stdio.connect("--ignore-term", "--ignore-eof", "--grandchild");
    session.close();
    assertThat(session.process().orElseThrow().isAlive()).isFalse();
  }

  @Test
  void a_line_that_is_too_long_fails_the_request_that_it_answers_and_nothing_else()
      throws Exception {
    var message = new JsonLimits(20_000, 64, 20_000, 1_024, 1_000, 200_000);
    stdio.settings = new StdioSettings(message, 20_000, 1_000, 1 << 20, 2_000, 500, 3_000, 2_000);
    try (var session = stdio.connect()) {
      var failure =
          catchThrowableOfType(
              UpstreamBroken.class, () -> Talk.say(session, "huge", "{\"bytes\":5000000}"));
      assertThat(failure.trouble())
          .isEqualTo(new Trouble.MessageTooLong("message.documentBytes is 20000"));
      assertThat(failure.sent()).isEqualTo(Sent.MAYBE_SENT);
      assertThat(Talk.say(session, "huge", "{\"bytes\":19000}")).hasSize(19_000);
      assertThat(session.oddities()).isEqualTo(new Oddities(1, 0, 0));
    }
  }

  @Test
  void a_child_that_reads_nothing_makes_nobody_wait_and_is_ended() throws Exception {
    stdio.settings = impatient(stdio.settings);
    // Reads and answers the two lines of the handshake, and nothing more.
    var deafAfterHandshake =
        shell(
            "read a; echo"
                + " '{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2025-11-25\"}}';"
                + " read b; exec sleep 985");
    try (var session = stdio.upstream(deafAfterHandshake).connect(Talk.CLIENT, stdio.heard);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      String large = "{\"text\":\"" + "x".repeat(100_000) + "\"}";
      var calls = new ArrayList<Future<UpstreamBroken>>();
      for (int i = 0; i < 12; i++) {
        calls.add(
            threads.submit(() ->
                catchThrowableOfType(
                    UpstreamBroken.class, () -> Talk.say(session, "echo", large))));
      }
      var found = new ArrayList<UpstreamBroken>();
      for (Future<UpstreamBroken> call : calls) {
        found.add(call.get());
      }
      assertThat(found).allMatch(failure -> failure.trouble() instanceof Trouble.InputBlocked);
      assertThat(found)
          .anyMatch(failure -> failure.sent() == Sent.MAYBE_SENT)
          .anyMatch(failure -> failure.sent() == Sent.NEVER_SENT)
          .anyMatch(failure -> failure.trouble().sentence().contains("queueBytes is 65536"))
          .anyMatch(failure -> failure.trouble().sentence().contains("writeMillis is 300"));
      assertThat(Heard.next(stdio.heard.ends).code()).isEqualTo("input_blocked");
    }
  }

  @Test
  void a_child_that_closes_its_input_or_its_output_has_ended_for_us() throws Exception {
    stdio.settings = impatient(stdio.settings);
    var closesInput =
        shell(
            "read a; echo"
                + " '{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2025-11-25\"}}';"
                + " read b; exec 0<&-; echo '{\"jsonrpc\":\"2.0\",\"method\":\"deaf\"}'; exec sleep"
                + " 984");
    try (var session = stdio.upstream(closesInput).connect(Talk.CLIENT, stdio.heard)) {
      assertThat(Heard.next(stdio.heard.notifications)).startsWith("deaf");
      var failure =
          catchThrowableOfType(UpstreamBroken.class, () -> Talk.say(session, "get", "{}"));
      assertThat(failure.sent()).isEqualTo(Sent.NEVER_SENT);
      assertThat(failure.trouble()).isEqualTo(new Trouble.InputClosed());
      assertThat(Heard.next(stdio.heard.ends)).isEqualTo(new Trouble.InputClosed());
    }
    try (var session = stdio.connect("--close-output", "1")) {
      var failure =
          catchThrowableOfType(UpstreamBroken.class, () -> Talk.say(session, "get", "{}"));
      assertThat(failure.trouble()).isEqualTo(new Trouble.OutputClosed());
    }
  }

  @Test
  void a_flood_of_errors_is_read_and_stops_nothing() throws Exception {
    try (var session = stdio.connect("--flood-errors", "3000000")) {
      assertThat(Talk.say(session, "echo", "{\"text\":\"a\"}")).isEqualTo("a");
      assertThat(stdio.errors.size()).isGreaterThanOrEqualTo(3_000_000);
    }
  }

  @Test
  void silence_at_the_beginning_is_a_failure_that_leaves_nothing_behind() throws Exception {
    stdio.settings = new StdioSettings(Stdio.MESSAGE, 300, 300, 1 << 20, 300, 300, 300, 300);
    var failure = catchThrowableOfType(ConnectFailed.class, () -> stdio.connect("--silent"));
    assertThat(failure.trouble()).isEqualTo(new Trouble.NoAnswer("initialize", 300));
    assertThat(stdio.heard.ends).isEmpty();
  }

  @Test
  void a_revision_that_nobody_knows_is_refused() {
    var failure =
        catchThrowableOfType(ConnectFailed.class, () -> stdio.connect("--version", "1999-01-01"));
    assertThat(failure.trouble()).isEqualTo(new Trouble.VersionRefused("1999-01-01"));
  }
}

package dev.planaria.app.gateway.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.upstreams.Sent;
import dev.planaria.app.gateway.upstreams.Trouble;
import dev.planaria.app.gateway.upstreams.UpstreamBroken;
import dev.planaria.app.gateway.upstreams.UpstreamSession;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallClass;
import dev.planaria.engine.state.CallStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a call, with a real record and a server that does what the test says.
class DeskTest {
  private static final Desk.Durability KEPT = new Desk.Durability(true, false);
  private static final Desk.Durability SENSITIVE = new Desk.Durability(false, false);
  private static final Trouble DEATH = new Trouble.Exited(137);

  @TempDir Path directory;

  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private DeskStage stage;

  @BeforeEach
  void begin() {
    stage = new DeskStage(directory);
  }

  @AfterEach
  void end() throws Exception {
    callers.shutdownNow();
    assertThat(callers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    stage.close();
  }

  private Future<RawAnswer> calling(String id, CallClass callClass, Desk.Durability durability) {
    return callers.submit(() -> stage.desk.call(DeskStage.ask(id), callClass, durability));
  }

  private RawAnswer call(String id, CallClass callClass) throws Exception {
    return calling(id, callClass, KEPT).get(10, TimeUnit.SECONDS);
  }

  private CallStatus status(String id) {
    return stage.ledger.find(DeskStage.ask(id).id()).map(Call::status).orElseThrow();
  }

  @Test
  void a_call_is_written_down_before_it_is_sent_and_its_result_before_it_is_told()
      throws Exception {
    stage.line.openIf(stage.session(), () -> true);
    var seen = new ArrayList<CallStatus>();
    stage.server =
        (_, ask) -> {
          seen.add(status(ask.id().operationId()));
          return DeskStage.result("done");
        };
    assertThat(DeskStage.text(call("a", CallClass.EFFECT))).isEqualTo("done");
    assertThat(seen).containsExactly(CallStatus.SENT);
    assertThat(status("a")).isEqualTo(CallStatus.COMPLETED);
  }

  @Test
  void calls_that_waited_are_sent_once_and_in_order() throws Exception {
    var sent = new ArrayList<String>();
    stage.server =
        (_, ask) -> {
          sent.add(ask.id().operationId());
          return DeskStage.result(ask.id().operationId());
        };
    var names = IntStream.range(0, 20).mapToObj(each -> "op" + each).toList();
    List<Future<RawAnswer>> waiting = new ArrayList<>();
    for (String name : names) {
      waiting.add(calling(name, CallClass.EFFECT, KEPT));
      stage.awaitStatus(name, CallStatus.QUEUED);
    }
    UpstreamSession session = stage.session();
    assertThat(stage.desk.drain(session)).isTrue();
    assertThat(stage.line.present()).isSameAs(session);
    assertThat(sent).containsExactlyElementsOf(names);
    for (int each = 0; each < names.size(); each++) {
      RawAnswer answer = waiting.get(each).get(10, TimeUnit.SECONDS);
      assertThat(DeskStage.text(answer)).isEqualTo(names.get(each));
    }
    assertThat(stage.desk.drain(session)).isTrue();
    assertThat(sent).hasSize(names.size());
  }

  @Test
  void who_comes_while_the_last_that_waited_is_sent_is_held_until_the_line_opens()
      throws Exception {
    var sent = Collections.synchronizedList(new ArrayList<String>());
    var third = new CompletableFuture<Future<RawAnswer>>();
    var written = new CountDownLatch(1);
    stage.server =
        (_, ask) -> {
          String id = ask.id().operationId();
          sent.add(id);
          switch (id) {
            case "first" -> {
              var _ = calling("second", CallClass.EFFECT, KEPT);
              stage.awaitStatus("second", CallStatus.QUEUED);
            }
            case "second" -> {
              third.complete(calling("third", CallClass.EFFECT, KEPT));
              // Nobody counts it down: this is how long it is given to be written down.
              var _ = written.await(300, TimeUnit.MILLISECONDS);
              assertThat(stage.ledger.find(DeskStage.ask("third").id())).isEmpty();
            }
            default -> assertThat(id).isEqualTo("third");
          }
          return DeskStage.result(id);
        };
    var first = calling("first", CallClass.EFFECT, KEPT);
    stage.awaitStatus("first", CallStatus.QUEUED);
    assertThat(stage.desk.drain(stage.session())).isTrue();
    assertThat(DeskStage.text(first.get(10, TimeUnit.SECONDS))).isEqualTo("first");
    assertThat(DeskStage.text(third.get().get(10, TimeUnit.SECONDS))).isEqualTo("third");
    assertThat(sent).containsExactly("first", "second", "third");
  }

  @Test
  void who_is_held_waits_like_everybody_when_the_conversation_breaks() throws Exception {
    stage.line.hold();
    var call = calling("a", CallClass.EFFECT, KEPT);
    stage.line.close();
    stage.awaitStatus("a", CallStatus.QUEUED);
    stage.server = (_, _) -> DeskStage.result("late");
    assertThat(stage.desk.drain(stage.session())).isTrue();
    assertThat(DeskStage.text(call.get(10, TimeUnit.SECONDS))).isEqualTo("late");
  }

  @Test
  void who_waits_too_long_is_told_that_the_call_is_queued_and_gets_its_result_later()
      throws Exception {
    stage.server = (_, _) -> DeskStage.result("late");
    Future<RawAnswer> waiting = calling("a", CallClass.EFFECT, KEPT);
    stage.awaitStatus("a", CallStatus.QUEUED);
    while (!waiting.isDone()) { // it counts as waiting a moment after that was written down
      stage.desk.answerWaiting("gone for good");
    }
    assertThat(DeskStage.text(waiting.get(10, TimeUnit.SECONDS)))
        .contains("is queued as operation a")
        .contains("gone for good")
        .contains("Do not repeat it");
    assertThat(stage.desk.drain(stage.session())).isTrue();
    assertThat(DeskStage.text(call("a", CallClass.EFFECT))).isEqualTo("late");
  }

  @Test
  void the_same_call_attaches_to_the_one_that_runs() throws Exception {
    stage.line.openIf(stage.session(), () -> true);
    var gate = stage.gate();
    stage.server =
        (_, _) -> {
          gate.arriveAndWait();
          return DeskStage.result("once");
        };
    Future<RawAnswer> first = calling("a", CallClass.EFFECT, KEPT);
    gate.awaitArrival();
    Future<RawAnswer> second = calling("a", CallClass.EFFECT, KEPT);
    gate.open();
    assertThat(DeskStage.text(first.get(10, TimeUnit.SECONDS))).isEqualTo("once");
    assertThat(DeskStage.text(second.get(10, TimeUnit.SECONDS))).isEqualTo("once");
    assertThat(gate.arrivals()).isEqualTo(1);
  }

  @Test
  void a_name_that_was_used_for_another_call_is_refused() throws Exception {
    stage.line.openIf(stage.session(), () -> true);
    stage.server = (_, _) -> DeskStage.result("one");
    call("a", CallClass.EFFECT);
    RawAnswer answer =
        callers
            .submit(() -> stage.desk.call(DeskStage.ask("a", "{\"n\":2}"), CallClass.EFFECT, KEPT))
            .get(10, TimeUnit.SECONDS);
    assertThat(DeskStage.text(answer)).contains("names another call already");
  }

  @Test
  void a_call_under_which_the_server_dies_is_unknown_and_not_sent_again() throws Exception {
    stage.line.openIf(stage.session(), () -> true);
    stage.server =
        (_, _) -> {
          throw new UpstreamBroken(DEATH, Sent.MAYBE_SENT);
        };
    assertThat(DeskStage.text(call("a", CallClass.EFFECT)))
        .contains("outcome of this call is unknown")
        .contains("signal 9")
        .contains("operation a names it");
    assertThat(status("a")).isEqualTo(CallStatus.UNKNOWN);
    assertThat(stage.broken).hasSize(1);
    stage.server = (_, _) -> DeskStage.result("twice");
    assertThat(stage.desk.drain(stage.session())).isTrue();
    assertThat(DeskStage.text(call("a", CallClass.EFFECT))).contains("unknown");
  }

  @Test
  void a_call_of_which_no_byte_left_or_that_may_run_twice_waits_for_the_next_conversation()
      throws Exception {
    stage.line.openIf(stage.session(), () -> true);
    stage.server =
        (_, ask) -> {
          boolean effect = ask.id().operationId().equals("effect");
          throw new UpstreamBroken(DEATH, effect ? Sent.NEVER_SENT : Sent.MAYBE_SENT);
        };
    Future<RawAnswer> effect = calling("effect", CallClass.EFFECT, KEPT);
    Future<RawAnswer> idempotent = calling("idempotent", CallClass.IDEMPOTENT, KEPT);
    stage.awaitStatus("effect", CallStatus.QUEUED);
    stage.awaitStatus("idempotent", CallStatus.QUEUED);
    stage.server = (_, ask) -> DeskStage.result(ask.id().operationId());
    assertThat(stage.desk.drain(stage.session())).isTrue();
    assertThat(DeskStage.text(effect.get(10, TimeUnit.SECONDS))).isEqualTo("effect");
    assertThat(DeskStage.text(idempotent.get(10, TimeUnit.SECONDS))).isEqualTo("idempotent");
  }

  @Test
  void a_call_whose_arguments_must_not_be_written_down_is_not_queued() throws Exception {
    RawAnswer answer = calling("a", CallClass.EFFECT, SENSITIVE).get(10, TimeUnit.SECONDS);
    assertThat(DeskStage.text(answer)).contains("was not run").contains("are not queued");
    assertThat(stage.ledger.find(DeskStage.ask("a").id())).isEmpty();
    stage.line.openIf(stage.session(), () -> true);
    stage.server = (_, _) -> DeskStage.result("secret done");
    answer = calling("b", CallClass.EFFECT, SENSITIVE).get(10, TimeUnit.SECONDS);
    assertThat(DeskStage.text(answer)).isEqualTo("secret done");
    assertThat(stage.ledger.find(DeskStage.ask("b").id()).orElseThrow().params()).isNull();
  }

  @Test
  void a_queued_call_can_be_taken_back_and_is_never_sent() throws Exception {
    Future<RawAnswer> waiting = calling("a", CallClass.EFFECT, KEPT);
    stage.awaitStatus("a", CallStatus.QUEUED);
    assertThat(stage.desk.cancelQueued(DeskStage.ask("a").id(), "not wanted any more")).isTrue();
    assertThat(DeskStage.text(waiting.get(10, TimeUnit.SECONDS)))
        .contains("was not run: not wanted any more");
    var sent = new ArrayList<String>();
    stage.server =
        (_, ask) -> {
          sent.add(ask.id().operationId());
          return DeskStage.result("");
        };
    assertThat(stage.desk.drain(stage.session())).isTrue();
    assertThat(sent).isEmpty();
    assertThat(stage.desk.cancelQueued(DeskStage.ask("a").id(), "again")).isFalse();
  }

  @Test
  void a_server_that_dies_while_the_queue_is_sent_gets_the_rest_next_time() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      var _ = calling(name, CallClass.EFFECT, KEPT);
      stage.awaitStatus(name, CallStatus.QUEUED);
    }
    stage.server =
        (_, ask) -> {
          if (ask.id().operationId().equals("b")) {
            throw new UpstreamBroken(DEATH, Sent.MAYBE_SENT);
          }
          return DeskStage.result("");
        };
    assertThat(stage.desk.drain(stage.session())).isFalse();
    assertThat(stage.line.present()).isNull();
    assertThat(status("a")).isEqualTo(CallStatus.COMPLETED);
    assertThat(status("b")).isEqualTo(CallStatus.UNKNOWN);
    assertThat(status("c")).isEqualTo(CallStatus.QUEUED);
    stage.server = (_, _) -> DeskStage.result("");
    assertThat(stage.desk.drain(stage.session())).isTrue();
    assertThat(status("c")).isEqualTo(CallStatus.COMPLETED);
  }

  @Test
  void what_the_process_before_had_sent_is_settled_by_its_class() {
    stage.accept("effect", CallClass.EFFECT, CallStatus.SENT, "{}");
    stage.accept("idempotent", CallClass.IDEMPOTENT, CallStatus.SENT, "{}");
    stage.accept("waiting", CallClass.EFFECT, CallStatus.QUEUED, "{}");
    stage.accept("secret", CallClass.IDEMPOTENT, CallStatus.SENT, null);
    stage.desk.settle();
    assertThat(status("effect")).isEqualTo(CallStatus.UNKNOWN);
    assertThat(status("idempotent")).isEqualTo(CallStatus.QUEUED);
    assertThat(status("waiting")).isEqualTo(CallStatus.QUEUED);
    assertThat(status("secret")).isEqualTo(CallStatus.UNKNOWN);
  }

  @Test
  void a_call_that_runs_is_left_alone_when_others_are_settled() throws Exception {
    stage.line.openIf(stage.session(), () -> true);
    var gate = stage.gate();
    stage.server =
        (_, _) -> {
          gate.arriveAndWait();
          return DeskStage.result("slow");
        };
    Future<RawAnswer> running = calling("a", CallClass.EFFECT, KEPT);
    gate.awaitArrival();
    stage.desk.settle();
    stage.desk.answerWaiting("gone");
    gate.open();
    assertThat(DeskStage.text(running.get(10, TimeUnit.SECONDS))).isEqualTo("slow");
    assertThat(status("a")).isEqualTo(CallStatus.COMPLETED);
  }

  @Test
  void a_result_that_cannot_be_written_down_is_told_all_the_same() throws Exception {
    stage.line.openIf(stage.session(), () -> true);
    stage.server =
        (_, _) -> {
          stage.closeStore();
          return DeskStage.result("it ran");
        };
    assertThat(DeskStage.text(call("a", CallClass.EFFECT))).isEqualTo("it ran");
    assertThat(stage.warnings).anyMatch(line -> line.contains("could not be written down"));
  }

  @Test
  void a_call_that_cannot_be_written_down_is_not_sent() throws Exception {
    stage.line.openIf(stage.session(), () -> true);
    var sent = new ArrayList<String>();
    stage.server =
        (_, ask) -> {
          sent.add(ask.id().operationId());
          return DeskStage.result("");
        };
    stage.closeStore();
    assertThat(DeskStage.text(call("a", CallClass.EFFECT))).contains("was not run");
    assertThat(sent).isEmpty();
  }
}

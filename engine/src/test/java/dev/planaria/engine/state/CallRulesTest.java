package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.state.Refusal.Code;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The ledger of calls: what may become of a call, how many there may be, and what is kept.
final class CallRulesTest {

  private static final CallLimits DEFAULT = CallLimits.DEFAULT;

  private final TestSession session = new TestSession();

  @BeforeEach
  void anUpstream() {
    session.connect("files");
  }

  @Test
  void a_call_is_written_down_before_it_is_sent_and_its_result_before_it_is_told() {
    Call call = session.accept("op", "files");
    assertThat(call.status()).isEqualTo(CallStatus.ACCEPTED);
    assertThat(call.order()).isEqualTo(session.seq());
    assertThat(call.expiresAtMillis()).isEqualTo(session.now() + DEFAULT.queueMillis());
    assertThat(session.tick(5).move("op", CallStatus.SENT).attempts()).isEqualTo(1);
    assertThat(session.call("op").expiresAtMillis()).isNull();
    Call done = session.tick(5).move("op", CallStatus.COMPLETED, "{ \"x\" : 1.50 }", null);
    assertThat(done.outcome()).isEqualTo("{ \"x\" : 1.50 }");
    assertThat(done.params()).as("arguments are let go once they cannot be sent again").isNull();
    assertThat(done.expiresAtMillis()).isEqualTo(session.now() + DEFAULT.resultMillis());
    assertThat(session.state().counts().calls().count(CallStatus.COMPLETED)).isEqualTo(1);
    assertThat(Consistency.check(session.state())).isEmpty();
  }

  @Test
  void every_move_that_the_table_lacks_is_refused_and_every_other_is_possible() {
    int number = 0;
    int legal = 0;
    for (CallStatus from : CallStatus.values()) {
      for (CallStatus to : CallStatus.values()) {
        String id = "op-" + number++;
        reach(id, from);
        var command =
            new Command.MoveCall(
                TestSession.callId(id),
                to,
                to == CallStatus.COMPLETED ? "{}" : null,
                "a test says so");
        boolean byHand = from == CallStatus.UNKNOWN && to == CallStatus.QUEUED;
        if (byHand) {
          session.refuses(command, Code.WRONG_STATE, "but by hand");
          session.submit(new Command.RetryCall(TestSession.callId(id)));
        } else if (from.next().contains(to)) {
          session.submit(command);
        } else {
          session.refuses(command, Code.WRONG_STATE, "cannot become " + name(to));
          continue;
        }
        legal++;
        assertThat(session.call(id).status()).isEqualTo(to);
      }
    }
    assertThat(legal).isEqualTo(14);
    assertThat(Consistency.check(session.state())).isEmpty();
  }

  private static String name(CallStatus status) {
    return status.name().toLowerCase(java.util.Locale.ROOT);
  }

  /// A call that may repeat, in that status.
  private void reach(String id, CallStatus status) {
    session.accept(id, "files", CallClass.IDEMPOTENT, false);
    if (Set.of(CallStatus.COMPLETED, CallStatus.FAILED, CallStatus.UNKNOWN).contains(status)) {
      session.move(id, CallStatus.SENT);
    }
    if (status != CallStatus.ACCEPTED) {
      session.move(id, status);
    }
  }

  @Test
  void a_call_with_an_effect_is_never_sent_twice_unless_a_person_says_so() {
    session.accept("op", "files");
    session.move("op", CallStatus.SENT);
    session.refuses(
        new Command.MoveCall(TestSession.callId("op"), CallStatus.QUEUED, null, "x"),
        Code.WRONG_STATE,
        "it may have an effect, and may have run");
    session.refuses(
        new Command.RetryCall(TestSession.callId("op")), Code.WRONG_STATE, "of unknown outcome");
    session.move("op", CallStatus.UNKNOWN);
    session.submit(new Command.RetryCall(TestSession.callId("op")));
    assertThat(session.call("op").status()).isEqualTo(CallStatus.QUEUED);
    assertThat(session.move("op", CallStatus.SENT).attempts()).isEqualTo(2);
    session.accept("again", "files", CallClass.READ_ONLY, false);
    session.move("again", CallStatus.SENT);
    session.move("again", CallStatus.QUEUED, null, null);
    assertThat(session.move("again", CallStatus.SENT).attempts()).isEqualTo(2);
  }

  @Test
  void what_must_not_be_written_down_is_neither_queued_nor_kept_for_replay() {
    session.refuses(accept("op", null, false, true), Code.INVALID_ARGUMENT, "`params`");
    session.refuses(accept("op", null, true, false), Code.INVALID_ARGUMENT, "`params`");
    session.submit(accept("op", null, false, false));
    session.refuses(
        new Command.MoveCall(TestSession.callId("op"), CallStatus.QUEUED, null, null),
        Code.WRONG_STATE,
        "its arguments were not written down");
    session.move("op", CallStatus.SENT);
    session.move("op", CallStatus.UNKNOWN);
    session.refuses(
        new Command.RetryCall(TestSession.callId("op")), Code.WRONG_STATE, "were not written down");
    session.move("op", CallStatus.COMPLETED);
  }

  @Test
  void words_are_asked_for_where_they_are_needed() {
    session.accept("op", "files");
    refusesMove(CallStatus.CANCELLED, null, null, "`reason` must say why the call is cancelled");
    session.move("op", CallStatus.SENT);
    refusesMove(CallStatus.COMPLETED, null, null, "`outcome` must be given");
    refusesMove(CallStatus.UNKNOWN, "{}", "x", "`outcome` belongs to");
    refusesMove(CallStatus.FAILED, null, null, "`reason` must say why");
    refusesMove(CallStatus.FAILED, " ", null, "`outcome` must not be blank");
    refusesMove(CallStatus.FAILED, "\"\ud800\"", null, "`outcome` must not hold unpaired");
    session.move("op", CallStatus.FAILED, "{\"code\":-32601}", null);
    session.refuses(
        new Command.MoveCall(TestSession.callId("other"), CallStatus.SENT, null, null),
        Code.NOT_FOUND,
        "no call `other`");
    session.refuses(accept("op", "{}", false, false), Code.OPERATION_ID_REUSED, "`op` already");
    session.refuses(
        new Command.AcceptCall(
            TestSession.callId("x"),
            "web",
            "m",
            null,
            CallClass.EFFECT,
            "{}",
            null,
            false,
            CallStatus.ACCEPTED),
        Code.NOT_FOUND,
        "no connection `web`");
  }

  private void refusesMove(
      CallStatus to, @Nullable String outcome, @Nullable String reason, String words) {
    session.refuses(
        new Command.MoveCall(TestSession.callId("op"), to, outcome, reason),
        Code.INVALID_ARGUMENT,
        words);
  }

  @Test
  void operation_ids_of_different_principals_never_meet() {
    session.accept("op", "files");
    var other = new CallId("bob", "op");
    session.submit(
        new Command.AcceptCall(
            other,
            "files",
            "tools/call",
            null,
            CallClass.EFFECT,
            "{}",
            null,
            false,
            CallStatus.ACCEPTED));
    session.submit(new Command.MoveCall(other, CallStatus.SENT, null, null));
    assertThat(session.call("op").status()).isEqualTo(CallStatus.ACCEPTED);
  }

  @Test
  void calls_that_wait_too_long_expire_and_ended_ones_are_forgotten_in_a_sweep() {
    session.accept("waits", "files");
    session.accept("runs", "files");
    session.move("runs", CallStatus.SENT);
    session.accept("done", "files");
    session.move("done", CallStatus.SENT);
    session.move("done", CallStatus.FAILED);
    assertThat(session.state().nextDueMillis()).isEqualTo(session.now() + DEFAULT.queueMillis());
    session.tick(DEFAULT.queueMillis());
    var swept = (Operation.Swept) session.submit(new Command.Sweep());
    assertThat(swept.forgotten()).containsExactly(TestSession.callId("done"));
    assertThat(session.call("waits").status()).isEqualTo(CallStatus.EXPIRED);
    assertThat(session.call("waits").reason()).contains("`limits.calls.queueMillis`");
    assertThat(session.call("waits").params()).isNull();
    assertThat(session.call("runs").status()).isEqualTo(CallStatus.SENT);
    assertThat(session.state().call(TestSession.callId("done"))).isNull();
    session.tick(DEFAULT.resultMillis()).submit(new Command.Sweep());
    assertThat(session.state().calls()).containsOnlyKeys(TestSession.callId("runs"));
    assertThat(session.state().nextDueMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void a_sweep_settles_a_bounded_number_of_calls() {
    var limits = new TestLimits();
    limits.sweepItems = 3;
    session.limits(limits.toLimits());
    for (int i = 0; i < 5; i++) {
      session.accept("op-" + i, "files");
    }
    session.tick(DEFAULT.queueMillis());
    assertThat(((Operation.Swept) session.submit(new Command.Sweep())).calls()).hasSize(3);
    assertThat(((Operation.Swept) session.submit(new Command.Sweep())).calls()).hasSize(2);
    session.refuses(new Command.Sweep(), Code.NOTHING_TO_SWEEP, "call");
  }

  @Test
  void the_calls_of_a_connection_stand_in_the_order_in_which_they_were_accepted() {
    session.connect("web");
    var expected = new ArrayList<String>();
    for (int i = 12; i > 0; i--) {
      session.accept("op-" + i, "files");
      session.accept("other-" + i, "web");
      expected.add("op-" + i);
    }
    session.move("op-7", CallStatus.QUEUED);
    session.move("op-9", CallStatus.CANCELLED);
    expected.remove("op-9");
    assertThat(session.state().openCalls("files").map(call -> call.id().operationId()))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void a_queue_has_a_bound_in_calls_and_in_bytes_and_one_connection_does_not_fill_anothers() {
    bounds(new CallLimits(90, 1 << 20, 100, 2, 1 << 20, 9, 1 << 20, 9, 9, 1 << 20));
    session.accept("a", "files");
    session.accept("b", "files");
    session.refuses(accept("c", "{}", false, false), Code.LIMIT_EXCEEDED, "`limits.calls.queued`");
    session.accept("d", session.connect("web"));
    session.move("a", CallStatus.SENT);
    session.refuses(accept("c", "{}", false, false), Code.LIMIT_EXCEEDED, "`limits.calls.queued`");
    session.move("a", CallStatus.UNKNOWN);
    session.submit(accept("c", "{}", false, false));
    session.refuses(
        new Command.RetryCall(TestSession.callId("a")),
        Code.LIMIT_EXCEEDED,
        "`limits.calls.queued`");
    bounds(new CallLimits(90, 1 << 20, 100, 9, 1_100, 9, 1 << 20, 9, 9, 1 << 20));
    session.submit(accept("e", "{}", false, false));
    session.refuses(
        accept("f", "{}", false, false), Code.LIMIT_EXCEEDED, "`limits.calls.queuedBytes`");
    session.refuses(
        accept("f", "x".repeat(101), false, false),
        Code.LIMIT_EXCEEDED,
        "`limits.calls.oneCallBytes`");
  }

  @Test
  void the_oldest_ended_calls_make_room_and_those_of_unknown_outcome_do_not() {
    bounds(new CallLimits(3, 1 << 20, 100, 9, 1 << 20, 9, 1 << 20, 9, 9, 1 << 20));
    end("unknown", CallStatus.UNKNOWN);
    end("first", CallStatus.FAILED);
    end("second", CallStatus.FAILED);
    var accepted = (Operation.CallAccepted) session.submit(accept("third", "{}", false, false));
    assertThat(accepted.forgotten()).containsExactly(TestSession.callId("first"));
    session.submit(accept("fourth", "{}", false, false));
    session.refuses(
        accept("fifth", "{}", false, false), Code.LIMIT_EXCEEDED, "`limits.calls.perSession`");
    assertThat(session.call("unknown").status()).isEqualTo(CallStatus.UNKNOWN);
  }

  private void end(String id, CallStatus status) {
    session.tick(1).accept(id, "files");
    session.move(id, CallStatus.SENT);
    session.move(id, status);
  }

  @Test
  void results_have_a_bound_in_bytes_and_the_newest_is_always_kept() {
    bounds(new CallLimits(90, 1 << 20, 900, 9, 1 << 20, 9, 2_000, 9, 9, 1 << 20));
    String big = "\"" + "x".repeat(800) + "\"";
    for (String id : List.of("a", "b", "c")) {
      session.tick(1).accept(id, "files");
      session.move(id, CallStatus.SENT);
      session.move(id, CallStatus.COMPLETED, big, null);
    }
    assertThat(session.state().calls().keySet())
        .extracting(CallId::operationId)
        .containsExactly("c");
    session.accept("d", "files");
    session.move("d", CallStatus.SENT);
    Call tooLong = session.move("d", CallStatus.COMPLETED, "\"" + "x".repeat(950) + "\"", null);
    assertThat(tooLong.outcome()).isNull();
    assertThat(tooLong.reason()).contains("952 bytes").contains("`limits.calls.oneCallBytes`");
  }

  @Test
  void all_calls_together_have_a_bound_in_bytes() {
    bounds(new CallLimits(90, 2_000, 900, 90, 1 << 20, 9, 1 << 20, 9, 9, 1 << 20));
    session.submit(accept("a", "x".repeat(800), false, false));
    session.refuses(
        accept("b", "x".repeat(800), false, false),
        Code.LIMIT_EXCEEDED,
        "`limits.calls.perSessionBytes`");
    session.move("a", CallStatus.CANCELLED);
    session.submit(accept("b", "x".repeat(800), false, false));
  }

  @Test
  void what_builds_up_state_is_kept_until_it_is_let_go() {
    complete("one", true);
    complete("two", true);
    complete("not", false);
    session.accept("failed", "files", CallClass.EFFECT, true);
    session.move("failed", CallStatus.SENT);
    assertThat(session.move("failed", CallStatus.FAILED).replayable()).isFalse();
    assertThat(session.call("one").params()).isNotNull();
    assertThat(session.state().replayableCalls("files").map(call -> call.id().operationId()))
        .containsExactly("one", "two");
    session.tick(2 * DEFAULT.resultMillis()).submit(new Command.Sweep());
    assertThat(session.state().replayableCalls("files")).hasSize(2);
    session.refuses(
        new Command.ForgetCall(TestSession.callId("one")), Code.WRONG_STATE, "let go of it first");
    session.submit(new Command.DropReplay("files", List.of(TestSession.callId("one"))));
    assertThat(session.call("one").outcome()).isNotNull();
    assertThat(session.call("one").expiresAtMillis())
        .isEqualTo(session.now() + DEFAULT.resultMillis());
    session.refuses(
        new Command.DropReplay("files", List.of(TestSession.callId("one"))),
        Code.NOT_FOUND,
        "kept for replay");
    session.submit(new Command.ForgetCall(TestSession.callId("one")));
    session.submit(new Command.DropReplay("files", null));
    assertThat(session.state().replayableCalls("files")).isEmpty();
    assertThat(Consistency.check(session.state())).isEmpty();
  }

  private void complete(String id, boolean replayable) {
    session.tick(1).accept(id, "files", CallClass.EFFECT, replayable);
    session.move(id, CallStatus.SENT);
    session.move(id, CallStatus.COMPLETED);
  }

  @Test
  void what_no_longer_fits_into_a_replay_is_said_and_never_evicted() {
    bounds(new CallLimits(90, 1 << 20, 100, 9, 1 << 20, 9, 1 << 20, 9, 2, 1 << 20));
    complete("one", true);
    complete("two", true);
    assertThat(memory().replayIncomplete()).isNull();
    complete("three", true);
    long order = session.call("three").order();
    assertThat(memory().replayIncomplete())
        .startsWith("replay incomplete: from call " + order)
        .contains("`limits.calls.replayed`");
    complete("four", true);
    assertThat(memory().replayIncomplete()).as("the first reason stays").contains(" " + order);
    assertThat(session.state().replayableCalls("files").map(call -> call.id().operationId()))
        .containsExactly("one", "two");
    assertThat(session.call("three").outcome()).isNotNull();
    session.submit(new Command.DropReplay("files", null));
    assertThat(memory().replayIncomplete()).isNull();
    bounds(new CallLimits(90, 1 << 20, 100, 9, 1 << 20, 9, 1 << 20, 9, 9, 500));
    complete("five", true);
    complete("six", true);
    assertThat(memory().replayIncomplete()).contains("`limits.calls.replayedBytes`");
  }

  private Connection.Memory memory() {
    return TestSession.present(session.state().connections().get("files")).memory();
  }

  @Test
  void a_connection_that_is_removed_ends_its_calls_and_says_of_each_what_became_of_it() {
    complete("kept", true);
    session.accept("waits", "files");
    session.accept("runs", "files");
    session.move("runs", CallStatus.SENT);
    session.accept("other", session.connect("web"));
    var removed =
        (Operation.ConnectionRemoved) session.submit(new Command.RemoveConnection("files"));
    assertThat(removed.calls()).hasSize(2);
    assertThat(session.call("waits").status()).isEqualTo(CallStatus.CANCELLED);
    assertThat(session.call("waits").reason())
        .isEqualTo("its connection was removed before it was sent");
    assertThat(session.call("runs").status()).isEqualTo(CallStatus.UNKNOWN);
    assertThat(session.call("runs").reason()).contains("so it may have run");
    assertThat(session.call("kept").isKeptForReplay()).isFalse();
    assertThat(session.call("kept").outcome()).isNotNull();
    assertThat(session.call("other").status()).isEqualTo(CallStatus.ACCEPTED);
    assertThat(Consistency.check(session.state())).isEmpty();
    session.move("runs", CallStatus.COMPLETED);
  }

  @Test
  void closing_a_session_ends_its_calls() {
    session.accept("waits", "files");
    session.accept("runs", "files");
    session.move("runs", CallStatus.SENT);
    session.submit(new Command.CloseSession(null));
    assertThat(session.call("waits").status()).isEqualTo(CallStatus.CANCELLED);
    assertThat(session.call("runs").status()).isEqualTo(CallStatus.UNKNOWN);
    assertThat(Consistency.check(session.state())).isEmpty();
  }

  @Test
  void a_restore_revives_no_queue_and_takes_no_call_back() {
    session.accept("done", "files");
    SessionState then = session.state();
    long seq = session.seq();
    session.move("done", CallStatus.SENT);
    session.move("done", CallStatus.COMPLETED);
    session.accept("waits", "files");
    session.accept("runs", "files");
    session.move("runs", CallStatus.SENT);
    session.submit(new Command.RestoreSession(seq, null, then));
    assertThat(session.call("done").status()).isEqualTo(CallStatus.COMPLETED);
    assertThat(session.call("waits").status()).isEqualTo(CallStatus.CANCELLED);
    assertThat(session.call("waits").reason())
        .isEqualTo("the session was restored before it was sent");
    assertThat(session.call("runs").status()).isEqualTo(CallStatus.UNKNOWN);
    assertThat(session.state().openCalls("files")).isEmpty();
    assertThat(Consistency.check(session.state())).isEmpty();
  }

  @Test
  void what_seems_to_wait_in_a_session_that_has_lost_operations_may_have_run() {
    session.accept("effect", "files");
    session.accept("safe", "files", CallClass.IDEMPOTENT, false);
    session.accept("queued", "files");
    session.move("queued", CallStatus.QUEUED);
    session.apply(new Operation.Recovered("r", null, List.of(), List.of(), null));
    assertThat(session.call("effect").status()).isEqualTo(CallStatus.ACCEPTED);
    session.apply(new Operation.Recovered("r", null, List.of(new SeqRange(4, 4)), List.of(), null));
    assertThat(session.call("effect").status()).isEqualTo(CallStatus.UNKNOWN);
    assertThat(session.call("effect").reason()).contains("may have been sent");
    assertThat(session.call("queued").status()).isEqualTo(CallStatus.UNKNOWN);
    assertThat(session.call("safe").status()).isEqualTo(CallStatus.ACCEPTED);
    assertThat(Consistency.check(session.state())).isEmpty();
    session.submit(new Command.RetryCall(TestSession.callId("effect")));
  }

  @Test
  void a_fork_has_neither_connections_nor_calls() {
    session.accept("waits", "files");
    var forked =
        Decide.fork(
            TestSession.SESSION,
            "copy",
            session.state(),
            session.seq(),
            session.now(),
            Limits.DEFAULT);
    assertThat(forked.state().calls()).isEmpty();
    assertThat(forked.state().connections()).isEmpty();
  }

  @Test
  void only_calls_that_may_repeat_may_be_sent_again() {
    assertThat(EnumSet.allOf(CallClass.class).stream().filter(CallClass::mayRepeat))
        .containsExactly(CallClass.READ_ONLY, CallClass.IDEMPOTENT);
  }

  private void bounds(CallLimits calls) {
    var limits = new TestLimits();
    limits.calls = calls;
    session.limits(limits.toLimits());
  }

  private static Command accept(
      String id, @Nullable String params, boolean replayable, boolean queued) {
    return new Command.AcceptCall(
        TestSession.callId(id),
        "files",
        "tools/call",
        "echo",
        CallClass.EFFECT,
        params,
        null,
        replayable,
        queued ? CallStatus.QUEUED : CallStatus.ACCEPTED);
  }
}

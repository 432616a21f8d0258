package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.state.Refusal.Code;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Where a call begins, and how it comes to wait again.
final class CallBeginningTest {

  private static final CallLimits DEFAULT = CallLimits.DEFAULT;

  private final TestSession session = new TestSession();

  @BeforeEach
  void anUpstream() {
    session.connect("files");
  }

  @Test
  void a_call_of_which_nothing_was_run_waits_again_whatever_it_does() {
    session.submit(
        new Command.AcceptCall(
            TestSession.callId("op"),
            "files",
            "tools/call",
            null,
            CallClass.EFFECT,
            "{}",
            null,
            false,
            CallStatus.SENT));
    assertThat(session.call("op").status()).isEqualTo(CallStatus.SENT);
    assertThat(session.call("op").attempts()).isEqualTo(1);
    assertThat(session.call("op").expiresAtMillis()).isNull();
    session.submit(new Command.UnsendCall(TestSession.callId("op"), "the pipe was closed"));
    assertThat(session.call("op").status()).isEqualTo(CallStatus.QUEUED);
    assertThat(session.call("op").reason()).isEqualTo("the pipe was closed");
    assertThat(session.call("op").expiresAtMillis())
        .isEqualTo(session.now() + DEFAULT.queueMillis());
    session.refuses(
        new Command.UnsendCall(TestSession.callId("op"), "again"),
        Code.WRONG_STATE,
        "about to be sent");
    assertThat(Consistency.check(session.state())).isEmpty();
  }

  @Test
  void a_call_cannot_begin_where_calls_end() {
    session.refuses(
        new Command.AcceptCall(
            TestSession.callId("op"),
            "files",
            "tools/call",
            null,
            CallClass.EFFECT,
            "{}",
            null,
            false,
            CallStatus.COMPLETED),
        Code.INVALID_ARGUMENT,
        "accepted, queued or sent");
  }
}

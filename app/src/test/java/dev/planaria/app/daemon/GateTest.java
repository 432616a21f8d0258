package dev.planaria.app.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who is inside is waited for; who comes late is neither refused nor served.
@Timeout(30)
class GateTest {
  private final Gate gate = new Gate();

  @Test
  void who_is_inside_is_waited_for() throws Exception {
    gate.enter();
    var leaving = new CountDownLatch(1);
    Thread.ofVirtual()
        .start(() -> {
          leaving.countDown();
          gate.leave();
        });
    leaving.await();
    assertThat(gate.closeAndAwait(10_000)).isTrue();
    assertThat(gate.inside()).isZero();
  }

  @Test
  void nobody_is_waited_for_longer_than_said() throws Exception {
    gate.enter();
    assertThat(gate.closeAndAwait(10)).isFalse();
    assertThat(gate.inside()).isEqualTo(1);
  }

  @Test
  void who_comes_after_the_gate_is_closed_stays_outside() throws Exception {
    assertThat(gate.closeAndAwait(10)).isTrue();
    var entered = new AtomicBoolean();
    Thread late =
        Thread.ofVirtual()
            .start(() -> {
              try {
                gate.enter();
                entered.set(true);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    while (late.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(entered).isFalse();
    late.interrupt();
    late.join();
    assertThat(entered).isFalse();
  }
}

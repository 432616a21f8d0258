package dev.planaria.app.gateway.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.wire.EventStream;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What a server says before its answer costs bounded memory when the client does not read.
class ReplyTest {
  private final CountDownLatch reads = new CountDownLatch(1);
  private final AtomicInteger written = new AtomicInteger();

  private final class Slow implements EventStream {
    @Override
    public void write(byte[] bytes) throws IOException {
      try {
        assertThat(reads.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      written.incrementAndGet();
    }

    @Override
    public void close() {}
  }

  @Test
  void a_client_that_does_not_read_misses_what_exceeds_the_bound_and_gets_its_answer()
      throws Exception {
    Reply reply = Reply.over(new Slow());
    int taken = 0;
    for (int i = 0; i < 200; i++) {
      taken += reply.tell(new byte[1 << 20]) ? 1 : 0;
    }
    // The bound, and the one that is being written.
    assertThat(taken).isBetween(8, 9);
    reads.countDown();
    reply.send("answer-1", new byte[10]);
    assertThat(written.get()).isEqualTo(taken + 1);
  }
}

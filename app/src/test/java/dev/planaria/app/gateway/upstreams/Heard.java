package dev.planaria.app.gateway.upstreams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.RpcId;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Everything that a server said unasked.
final class Heard implements UpstreamEvents {
  private static final long DEADLINE_SECONDS = 20;

  final BlockingQueue<String> notifications = new LinkedBlockingQueue<>();
  final BlockingQueue<RpcId> requests = new LinkedBlockingQueue<>();
  final BlockingQueue<Boolean> missed = new LinkedBlockingQueue<>();
  final BlockingQueue<Trouble> ends = new LinkedBlockingQueue<>();

  @Override
  public void notification(String method, RawObject params, @Nullable UpstreamRequest during) {
    notifications.add(
        method
            + (during == null ? "" : " during " + during.method())
            + " "
            + new String(params.bytes(), StandardCharsets.UTF_8));
  }

  @Override
  public void request(RpcId id, String method, RawObject params, @Nullable UpstreamRequest during) {
    notifications.add("? " + method);
    requests.add(id);
  }

  @Override
  public void missed() {
    missed.add(true);
  }

  @Override
  public void ended(Trouble reason) {
    ends.add(reason);
  }

  /// Waits for the next of something.
  static <T> T next(BlockingQueue<T> of) throws InterruptedException {
    T next = of.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    assertThat(next).as("something within %s s", DEADLINE_SECONDS).isNotNull();
    return next;
  }

  /// Waits for a notification like that, and passes over others.
  String notification(Predicate<String> like) throws InterruptedException {
    for (String heard = next(notifications); ; heard = next(notifications)) {
      if (like.test(heard)) {
        return heard;
      }
    }
  }
}

package dev.planaria.engine.session;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// A world of a test's own: a clock that moves when it is told to, ids that count. Thread-safe.
public final class TestEnvironment {

  private final AtomicLong nowMillis = new AtomicLong(1_800_000_000_000L);
  private final AtomicLong ids = new AtomicLong();

  /// The world as the engine sees it.
  public EngineEnvironment environment() {
    return new EngineEnvironment(
        nowMillis::get,
        () -> nowMillis.get() * 1_000_000,
        this::newId,
        () -> "token-" + ids.incrementAndGet());
  }

  /// A UUIDv7 of this moment.
  public UUID newId() {
    long high = nowMillis.get() << 16 | 0x7000L | (ids.get() >>> 32 & 0xfff);
    return new UUID(high, 0x8000_0000_0000_0000L | ids.incrementAndGet());
  }

  /// Unix time.
  public long nowMillis() {
    return nowMillis.get();
  }

  /// Lets time pass.
  public void pass(long millis) {
    nowMillis.addAndGet(millis);
  }
}

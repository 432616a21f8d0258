package dev.planaria.app.daemon;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Makes UUIDv7 texts (RFC 9562, section 5.7) cheaply: the time, a random number of this process,
/// and a counter that never repeats in it. Thread-safe.
final class Stamps implements Supplier<String> {

  private static final long VERSION = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final int COUNTER_BITS = 30;

  private final LongSupplier nowMillis;
  private final long processBits;
  private final AtomicLong counter = new AtomicLong();

  Stamps(LongSupplier nowMillis) {
    this.nowMillis = nowMillis;
    this.processBits = new SecureRandom().nextInt() & 0xffff_ffffL;
  }

  @Override
  public String get() {
    // 74 bits beside the time: 42 of the counter, split over both halves, and 32 of the process.
    var count = counter.getAndIncrement();
    var high = nowMillis.getAsLong() << 16 | VERSION | (count >>> COUNTER_BITS & 0xfff);
    var low = VARIANT | processBits << COUNTER_BITS | (count & (1L << COUNTER_BITS) - 1);
    return new UUID(high, low).toString();
  }
}

package dev.planaria.app.gateway.calls;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One call: running, or answered. Its fields are guarded by the lock of the [Calls] that made it.
public final class Call {
  private final CallRecord record;

  /// Those who wait for the answer wait here; null once it is in a file.
  @Nullable CompletableFuture<byte[]> answer = new CompletableFuture<>();

  /// Where the answer lies; null while there is none, or while it is in memory alone.
  @Nullable Place place;

  /// Where bytes lie in a generation of the file.
  record Place(InflightFile file, long offset, int length) {}

  Call(CallRecord record) {
    this.record = record;
  }

  /// What was written down of it.
  public CallRecord record() {
    return record;
  }
}

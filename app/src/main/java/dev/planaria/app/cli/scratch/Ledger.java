package dev.planaria.app.cli.scratch;

import dev.planaria.engine.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// What was acknowledged to the callers, written down on their side: the daemon cannot reach it, so
/// it can be held against the daemon afterwards. Thread-safe.
final class Ledger {

  /// One acknowledged operation.
  ///
  /// @param caller who asked
  /// @param operationId the caller's name for it
  /// @param tool what was called
  /// @param arguments with which arguments, the operation id among them
  /// @param receipt the daemon's proof
  /// @param seq the operation's number, from the receipt
  record Acknowledged(
      int caller,
      String operationId,
      String tool,
      JsonObject arguments,
      JsonObject receipt,
      long seq) {}

  private final LongSupplier nanoTime;
  private final List<Acknowledged> acknowledged = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private int inFlight;
  private int broken;
  private long lastNanos;
  private long longestSilenceNanos;

  /// @param nanoTime a monotonic clock
  Ledger(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// A call begins.
  synchronized void begins() {
    inFlight++;
  }

  /// A call was acknowledged.
  synchronized void acknowledged(Acknowledged entry) {
    long nowNanos = nanoTime.getAsLong();
    inFlight--;
    acknowledged.add(entry);
    longestSilenceNanos = Math.max(longestSilenceNanos, nowNanos - lastNanos);
    lastNanos = nowNanos;
    notifyAll();
  }

  /// A call got no answer; its caller will repeat it.
  synchronized void broke() {
    inFlight--;
    broken++;
  }

  /// A call was refused, which nothing in the demo should be.
  synchronized void failed(String sentence) {
    inFlight--;
    failures.add(sentence);
    notifyAll();
  }

  /// What happened since the last call of [#startPhase].
  ///
  /// @param inFlight calls that were under way when the phase began
  /// @param broken calls that got no answer in it
  /// @param silenceMillis the longest time without any acknowledgement
  record Phase(int inFlight, int broken, long silenceMillis) {}

  /// Begins to measure anew.
  ///
  /// @return how many calls are under way
  synchronized int startPhase() {
    lastNanos = nanoTime.getAsLong();
    longestSilenceNanos = 0;
    broken = 0;
    return inFlight;
  }

  /// What was measured since.
  synchronized Phase endPhase(int inFlightAtStart) {
    return new Phase(inFlightAtStart, broken, longestSilenceNanos / 1_000_000);
  }

  /// Returns when so many more operations were acknowledged, or a call failed.
  ///
  /// @return false when that took too long
  synchronized boolean await(int more, long patienceMillis) throws InterruptedException {
    int target = acknowledged.size() + more;
    long deadline = nanoTime.getAsLong() + patienceMillis * 1_000_000;
    long leftMillis = patienceMillis;
    while (acknowledged.size() < target && failures.isEmpty() && leftMillis > 0) {
      wait(leftMillis);
      leftMillis = (deadline - nanoTime.getAsLong()) / 1_000_000;
    }
    return acknowledged.size() >= target;
  }

  /// All that was acknowledged, in the order in which it arrived.
  synchronized List<Acknowledged> all() {
    return List.copyOf(acknowledged);
  }

  /// What should not have happened.
  synchronized List<String> failures() {
    return List.copyOf(failures);
  }
}

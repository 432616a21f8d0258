package dev.planaria.app.alerts.watch;

import dev.planaria.app.alerts.Patience;
import dev.planaria.app.alerts.Patience.Outcome;
import dev.planaria.app.alerts.Readings.Part;
import dev.planaria.app.alerts.Readings.Unread;
import dev.planaria.app.gateway.wire.Log;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Reads parts of [Readings], each by itself, and remembers which could not be read, since when and
/// why; the log hears of each once. Used by one thread at a time.
final class Attempts {
  private final Patience patience;
  private final WatchGuarantees guarantees;
  private final Log log;
  private final Map<Part, Unread> unread = new EnumMap<>(Part.class);

  Attempts(Patience patience, WatchGuarantees guarantees, Log log) {
    this.patience = patience;
    this.guarantees = guarantees;
    this.log = log;
  }

  /// What could not be read when it was tried last.
  List<Unread> unread() {
    return List.copyOf(unread.values());
  }

  /// A reading that has begun; its outcome comes no later than patience lasts.
  record Begun<T>(Part part, CompletableFuture<Outcome<T>> outcome) {}

  /// Begins to read a part, so that parts which hang are waited for at the same time.
  <T> Begun<T> begin(Part part, Callable<T> reading) {
    return new Begun<>(
        part,
        CompletableFuture.supplyAsync(() -> of(part.words(), reading), Thread::startVirtualThread));
  }

  /// Reads a part; null when it cannot be read, or does not come back.
  <T> @Nullable T read(Part part, Callable<T> reading, long nowMillis) {
    return taken(part, of(part.words(), reading), nowMillis);
  }

  /// What was read; null when it cannot be read, or does not come back.
  <T> @Nullable T end(Begun<T> begun, long nowMillis) {
    return taken(begun.part(), begun.outcome().join(), nowMillis);
  }

  private <T> @Nullable T taken(Part part, Outcome<T> outcome, long nowMillis) {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> {
        answered(part);
        yield value;
      }
      case Outcome.Failed<T>(Exception reason) -> {
        unanswered(part, words(reason), reason, nowMillis);
        yield null;
      }
      case Outcome.Hanging<T>(long limitMillis) -> {
        unanswered(part, words(limitMillis), null, nowMillis);
        yield null;
      }
    };
  }

  /// Tries to read something.
  ///
  /// @param kind of which only one thing is read at a time
  <T> Outcome<T> of(String kind, Callable<T> reading) {
    Outcome<T> outcome =
        guarantees.limited() ? patience.await(kind, reading) : withoutLimit(reading);
    if (!guarantees.failsAlone() && outcome instanceof Outcome.Failed<T>(Exception reason)) {
      throw new IllegalStateException("a reading failed, and all others with it", reason);
    }
    return outcome;
  }

  private static <T> Outcome<T> withoutLimit(Callable<T> reading) {
    try {
      return new Outcome.Done<>(reading.call());
    } catch (Exception e) {
      return new Outcome.Failed<>(e);
    }
  }

  /// A part was read.
  void answered(Part part) {
    if (unread.remove(part) != null) {
      log.info(part.words() + " can be read again");
    }
  }

  /// A part was not.
  ///
  /// @param cause what the log is to show, or null
  void unanswered(Part part, String reason, @Nullable Exception cause, long nowMillis) {
    Unread before = unread.get(part);
    if (before == null) {
      log.warn(part.words() + " cannot be read; that is tried again: " + reason, cause);
    }
    unread.put(part, new Unread(part, before == null ? nowMillis : before.sinceMillis(), reason));
  }

  static String words(Exception reason) {
    String message = reason.getMessage();
    return message == null ? reason.toString() : message;
  }

  static String words(long limitMillis) {
    return "no answer within " + limitMillis + " ms";
  }
}

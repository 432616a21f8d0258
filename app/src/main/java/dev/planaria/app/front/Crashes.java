package dev.planaria.app.front;

import dev.planaria.engine.recovery.CrashEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The crashes that the monitor has seen. Not thread-safe.
final class Crashes {

  private final int limit;
  private final List<CrashEvent> kept = new ArrayList<>();
  private @Nullable CrashEvent undealtWith;

  /// @param limit how many are kept
  Crashes(int limit) {
    this.limit = limit;
  }

  void note(CrashEvent crash) {
    kept.add(crash);
    if (kept.size() > limit) {
      kept.removeFirst();
    }
    if (undealtWith == null) {
      undealtWith = crash;
    }
  }

  /// A worker is ready, and has dealt with what it was told.
  void dealtWith() {
    undealtWith = null;
  }

  /// What the next worker is to be told: the first crash that none has dealt with, since that is
  /// when serving ended.
  @Nullable CrashEvent undealtWith() {
    return undealtWith;
  }

  /// The last ones, oldest first.
  List<CrashEvent> kept() {
    return List.copyOf(kept);
  }
}

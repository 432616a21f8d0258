package dev.planaria.app.alerts.watch;

import dev.planaria.app.alerts.Readings.Loss;
import dev.planaria.app.alerts.Subject;
import dev.planaria.app.alerts.Thresholds;
import dev.planaria.engine.recovery.RecoveryRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/// Runs of recoveries, and the sessions that were lost in them as a whole: those belong to no
/// session, so that nobody else remembers them. Used by one thread.
final class LostRuns {

  /// A week with a crash every two minutes. Read once; some 500 bytes each.
  static final int RUNS_AT_FIRST = 5_000;

  /// A process has one run of its own, and whatever was before it was read at first.
  static final int RUNS_EACH_TURN = 20;

  /// What is older is told to nobody.
  static final long KEPT_MILLIS = Thresholds.DEFAULT.lossShownMillis();

  /// Of more runs with losses than this the oldest are forgotten.
  static final int MOST = 1_000;

  private final IntFunction<List<RecoveryRun>> newest;
  private final Map<String, Loss> losses = new LinkedHashMap<>();
  private volatile boolean begun;

  /// @param newest gives so many runs at most, newest first
  LostRuns(IntFunction<List<RecoveryRun>> newest) {
    this.newest = newest;
  }

  /// The newest runs, as far back as they are needed. Changes nothing, so that it may be given up.
  List<RecoveryRun> read() {
    return newest.apply(begun ? RUNS_EACH_TURN : RUNS_AT_FIRST);
  }

  /// Remembers what was lost in runs that were read.
  ///
  /// @return the newest of them
  List<RecoveryRun> take(List<RecoveryRun> runs, long nowMillis) {
    begun = true;
    for (RecoveryRun run : runs.reversed()) {
      if (!run.lostSessions().isEmpty()) {
        losses.put(run.recoveryId(), loss(run));
      }
    }
    losses.values().removeIf(loss -> nowMillis - loss.finishedMillis() >= KEPT_MILLIS);
    var oldest = losses.keySet().iterator();
    for (int tooMany = losses.size() - MOST; tooMany > 0; tooMany--) {
      oldest.next();
      oldest.remove();
    }
    return runs.subList(0, Math.min(RUNS_EACH_TURN, runs.size()));
  }

  /// What was lost in the last week, oldest first.
  List<Loss> losses() {
    return List.copyOf(losses.values());
  }

  private static Loss loss(RecoveryRun run) {
    return new Loss(
        Subject.DAEMON,
        run.recoveryId(),
        run.crash().detectedAtMillis(),
        run.lostSessions().size(),
        "lost sessions: " + String.join("; ", run.lostSessions()));
  }
}

package dev.planaria.app.alerts.watch;

import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.Readings.Figure;
import dev.planaria.engine.recovery.RecoveryRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Figures from recovery records alone: how many recoveries there were, how long they took, and
/// what they lost. Nothing in them says how long the daemon was there. Thread-safe.
final class RecordedFigures implements Figures {
  private static final long HOUR_MILLIS = 3_600_000;
  private static final long DAY_MILLIS = 86_400_000;

  /// So many recoveries of the last day are kept; the oldest go.
  private static final int MOST = 50_000;

  // Guarded by this. By recovery and session.
  private final Map<String, Kept> kept =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
          return size() > MOST;
        }
      };

  private record Kept(
      long finishedMillis, long tookMillis, boolean success, long lost, double acknowledged) {}

  /// A recovery, which may have been seen before.
  ///
  /// @param seq the session's newest operation: about what was acknowledged
  synchronized void saw(RecoveryRecord record, long seq, long nowMillis) {
    if (record.failure() == RecoveryRecord.Failure.NONE
        || nowMillis - record.finishedAtMillis() >= DAY_MILLIS) {
      return;
    }
    long lost = record.operationsLost();
    double percent = record.dataLossPercent();
    double acknowledged = lost > 0 && percent > 0 ? lost / percent * 100 : seq;
    kept.put(
        record.recoveryId() + " " + record.sessionId(),
        new Kept(
            record.finishedAtMillis(),
            Math.max(0, record.finishedAtMillis() - record.failedAtMillis()),
            record.success(),
            lost,
            acknowledged));
  }

  @Override
  public synchronized Readings.Kpis kpis(long nowMillis) {
    kept.values().removeIf(one -> nowMillis - one.finishedMillis() >= DAY_MILLIS);
    List<Kept> lastHour = new ArrayList<>();
    long lost = 0;
    double acknowledged = 0;
    for (Kept one : kept.values()) {
      lost += one.lost();
      acknowledged += one.acknowledged();
      if (nowMillis - one.finishedMillis() < HOUR_MILLIS) {
        lastHour.add(one);
      }
    }
    List<Kept> recovered = lastHour.stream().filter(Kept::success).toList();
    double time = recovered.stream().mapToLong(Kept::tookMillis).average().orElse(0);
    return new Readings.Kpis(
        ratio(recovered.size(), lastHour.size()),
        new Figure(recovered.isEmpty() ? null : time, recovered.size()),
        new Figure(acknowledged == 0 ? null : lost / acknowledged, (long) acknowledged),
        null);
  }

  private static Figure ratio(int part, int whole) {
    @Nullable Double share = whole == 0 ? null : (double) part / whole;
    return new Figure(share, whole);
  }
}

package dev.planaria.engine.metrics;

import dev.planaria.engine.metrics.Minute.Counts;
import dev.planaria.engine.recovery.RecoveryRecord.Failure;
import dev.planaria.engine.state.SessionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The key figures of the specification ("Recovery Metrics Dashboard") over one window. A figure
/// without a sample is null: neither good nor bad is known.
///
/// @param window over which
/// @param recoveries attempts to bring a session back that ended in the window, well or not; a
///   session that was lost as a whole is one that failed
/// @param recoverySuccessRate share of them that ended well, 0 to 1
/// @param recoverySuccessRateByType the same for each kind of failure that occurred
/// @param meanTimeToRecoveryMillis mean time from a failure (the exit where somebody saw it, else
///   the last sign of life before it) to the first success; attempts in between that failed do not
///   end it
/// @param recoveryTimeP95Millis of the same times, the smallest that at least 95 % do not exceed
/// @param recoveryTimeP99Millis the same with 99 %
/// @param dataLossPercent lost over acknowledged operations, 0 to 100. What was lost had been
///   acknowledged, so where more was lost than was acknowledged in the window, it is 100. Null too
///   when no minute of the window is known
/// @param operationsAcknowledged in the window
/// @param operationsLost acknowledged operations that recoveries in the window found to be gone
/// @param integrityValidationSuccessRate checks passed over checks run, 0 to 1
/// @param availability share of the observed seconds in which a probe was served, 0 to 1
/// @param secondsObserved how many seconds these were
/// @param checksumFailures bytes that did not match the sum, hash or chain they were written with
/// @param detectionAccuracy true positives over all of the next three, 0 to 1, with those of the
///   trials: what was found there is a true positive, what names an innocent session a false one
/// @param truePositives damage that a check found, and a second reading confirmed
/// @param falsePositives what a check took for damage, and a second reading did not confirm
/// @param missed damage that a caller's request met before any check did
/// @param trials what became of damage that was planted elsewhere in the window; in none of the
///   three before
public record Kpis(
    Window window,
    long recoveries,
    @Nullable Double recoverySuccessRate,
    SortedMap<Failure, Double> recoverySuccessRateByType,
    @Nullable Double meanTimeToRecoveryMillis,
    @Nullable Long recoveryTimeP95Millis,
    @Nullable Long recoveryTimeP99Millis,
    @Nullable Double dataLossPercent,
    long operationsAcknowledged,
    long operationsLost,
    @Nullable Double integrityValidationSuccessRate,
    @Nullable Double availability,
    long secondsObserved,
    long checksumFailures,
    @Nullable Double detectionAccuracy,
    long truePositives,
    long falsePositives,
    long missed,
    DetectionTrial trials) {

  /// Copies the map.
  public Kpis {
    recoverySuccessRateByType =
        Collections.unmodifiableSortedMap(new TreeMap<>(recoverySuccessRateByType));
  }

  /// Computes the figures. Pure.
  ///
  /// @param nowMillis Unix time; the window ends with this minute
  /// @param samples of recoveries, in their [RecoverySample#ORDER]; also of those before the
  ///   window, since a failure may have begun there
  /// @param minutes of the book
  public static Kpis over(
      Window window, long nowMillis, List<RecoverySample> samples, List<Minute> minutes) {
    return over(window, nowMillis, samples, minutes, List.of());
  }

  /// As the other, with trials of the detection.
  ///
  /// @param trials of the same build; those outside the window are left out
  public static Kpis over(
      Window window,
      long nowMillis,
      List<RecoverySample> samples,
      List<Minute> minutes,
      List<DetectionTrial> trials) {
    return new Kpis.Sum(window, Minute.of(nowMillis)).of(samples, minutes, trials);
  }

  private static @Nullable Double share(long part, long whole) {
    return whole == 0 ? null : (Double) ((double) part / whole);
  }

  /// The value that so many percent of the others do not exceed (nearest rank).
  private static @Nullable Long percentile(List<Long> sorted, int percent) {
    if (sorted.isEmpty()) {
      return null;
    }
    long rank = Math.ceilDiv((long) sorted.size() * percent, 100);
    return sorted.get((int) rank - 1);
  }

  /// A session that does not serve.
  ///
  /// @param sinceMillis when it failed first, Unix time
  /// @param failure of what it failed last
  private record Down(long sinceMillis, Failure failure) {

    static Down of(RecoverySample sample) {
      return new Down(sample.failedAtMillis(), sample.failure());
    }

    /// After another attempt. One that finds nothing wrong ends the failure that was there.
    Down then(RecoverySample sample) {
      return sample.failure() == Failure.NONE
          ? this
          : new Down(Math.min(sinceMillis, sample.failedAtMillis()), sample.failure());
    }
  }

  /// The figures as they add up.
  private static final class Sum {
    private final Window window;
    private final long nowMinute;
    private final List<Long> times = new ArrayList<>();
    private final Map<Failure, Long> attempts = new EnumMap<>(Failure.class);
    private final Map<Failure, Long> successes = new EnumMap<>(Failure.class);

    private final Map<SessionId, Down> down = new HashMap<>();

    private long lost;
    private long checksRun;
    private long checksPassed;
    private long observed;
    private long served;
    private Counts counts = Counts.NONE;
    private DetectionTrial tried = DetectionTrial.NONE;

    Sum(Window window, long nowMinute) {
      this.window = window;
      this.nowMinute = nowMinute;
    }

    Kpis of(List<RecoverySample> samples, List<Minute> minutes, List<DetectionTrial> trials) {
      samples.forEach(this::add);
      minutes.forEach(this::add);
      trials.forEach(this::add);
      Collections.sort(times);
      long all = attempts.values().stream().mapToLong(Long::longValue).sum();
      long well = successes.values().stream().mapToLong(Long::longValue).sum();
      var byType = new TreeMap<Failure, Double>();
      attempts.forEach(
          (type, count) -> byType.put(type, (double) successes.getOrDefault(type, 0L) / count));
      // Without a book nobody knows what was acknowledged.
      Double lossShare =
          minutes.isEmpty() ? null : share(lost, Math.max(lost, counts.operations()));
      return new Kpis(
          window,
          all,
          share(well, all),
          byType,
          share(times.stream().mapToLong(Long::longValue).sum(), times.size()),
          percentile(times, 95),
          percentile(times, 99),
          lossShare == null ? null : (Double) (100 * lossShare),
          counts.operations(),
          lost,
          share(checksPassed, checksRun),
          share(served, observed),
          observed,
          counts.checksumFailures(),
          accuracy(),
          counts.truePositives(),
          counts.falsePositives(),
          counts.missed(),
          tried);
    }

    private @Nullable Double accuracy() {
      long right = counts.truePositives() + tried.found();
      long wrong = counts.falsePositives() + counts.missed() + tried.innocent() + tried.missed();
      return share(right, right + wrong);
    }

    private void add(DetectionTrial trial) {
      if (window.contains(Minute.of(trial.atMillis()), nowMinute)) {
        tried = tried.plus(trial);
      }
    }

    private void add(RecoverySample sample) {
      boolean inside = window.contains(Minute.of(sample.finishedAtMillis()), nowMinute);
      if (inside) {
        checksRun += sample.checksRun();
        checksPassed += sample.checksPassed();
      }
      SessionId session = sample.session();
      Down before = session == null ? null : down.remove(session);
      if (before == null && sample.failure() == Failure.NONE) {
        return; // somebody asked, and nothing was wrong
      }
      Down failed = before == null ? Down.of(sample) : before.then(sample);
      if (session != null && !sample.success()) {
        down.put(session, failed);
      }
      if (inside) {
        add(sample, failed);
      }
    }

    private void add(RecoverySample sample, Down failed) {
      attempts.merge(failed.failure(), 1L, Long::sum);
      lost += sample.operationsLost();
      if (sample.success()) {
        successes.merge(failed.failure(), 1L, Long::sum);
        times.add(Math.max(0, sample.finishedAtMillis() - failed.sinceMillis()));
      }
    }

    private void add(Minute minute) {
      if (window.contains(minute.number(), nowMinute)) {
        observed += minute.secondsObserved();
        served += minute.secondsServed();
        counts = counts.plus(minute.counts());
      }
    }
  }
}

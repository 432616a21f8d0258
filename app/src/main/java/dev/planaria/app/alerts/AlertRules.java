package dev.planaria.app.alerts;

import dev.planaria.app.alerts.Readings.Figure;
import dev.planaria.app.alerts.Readings.Part;
import dev.planaria.app.alerts.Signal.Verdict;
import dev.planaria.app.alerts.Thresholds.Limit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What of some readings is bad. Pure.
final class AlertRules {
  private static final double GIB = 1 << 30;

  private final Thresholds thresholds;
  private final AlertGuarantees guarantees;
  private final Readings readings;
  private final long nowMillis;
  private final List<Signal> signals = new ArrayList<>();
  private final Set<AlertType> unknown = EnumSet.noneOf(AlertType.class);

  private AlertRules(
      Thresholds thresholds, AlertGuarantees guarantees, Readings readings, long nowMillis) {
    this.thresholds = thresholds;
    this.guarantees = guarantees;
    this.readings = readings;
    this.nowMillis = nowMillis;
  }

  /// What is said of each alert.
  ///
  /// @param said by alert id; who is not in it is well, unless it is unknown
  /// @param unknownTypes nobody can tell anything of these
  /// @param unseen nobody can tell anything of these
  record Judgement(Map<String, Signal> said, Set<AlertType> unknownTypes, Unseen unseen) {
    /// The verdict about an alert of which nothing was said.
    Verdict silence(Alert alert) {
      return unknownTypes.contains(alert.type()) || unseen.concerns(alert.subject())
          ? Verdict.UNKNOWN
          : Verdict.GOOD;
    }
  }

  /// Sessions of which nobody can tell anything.
  ///
  /// @param all every one of them
  /// @param ids these
  record Unseen(boolean all, Set<String> ids) {
    static final Unseen NONE = new Unseen(false, Set.of());

    boolean concerns(Subject subject) {
      if (subject.equals(Subject.OTHERS)) { // any of them may be among the others
        return all || !ids.isEmpty();
      }
      String id = subject.sessionId();
      return id != null && (all || ids.contains(id));
    }
  }

  static Judgement judge(
      Thresholds thresholds, AlertGuarantees guarantees, Readings readings, long nowMillis) {
    var rules = new AlertRules(thresholds, guarantees, readings, nowMillis);
    rules.kpis(readings.kpis());
    rules.losses();
    rules.stuck();
    rules.connections();
    rules.checkpoints();
    rules.crashes();
    rules.disk(readings.disk());
    rules.flaws(readings.flaws());
    rules.unread();
    return rules.judgement();
  }

  private Judgement judgement() {
    Map<String, Signal> said = new HashMap<>();
    for (Signal signal : signals) {
      // Of two that concern one alert the worse counts, and of two losses the newer.
      said.merge(
          Alert.idOf(signal.type(), signal.subject()),
          signal,
          (one, other) -> other.verdict().compareTo(one.verdict()) <= 0 ? other : one);
    }
    return guarantees.unknownHolds()
        ? new Judgement(
            said,
            unknown,
            new Unseen(readings.unread(Part.SESSIONS) != null, readings.unseenSessions()))
        : new Judgement(said, Set.of(), Unseen.NONE);
  }

  private void kpis(Readings.Kpis kpis) {
    Thresholds.Samples samples = thresholds.samples();
    Figure success = kpis.recoverySuccess();
    Double rate = success == null ? null : success.value();
    figure(
        AlertType.RECOVERY_FAILURE_RATE_HIGH,
        success == null ? null : new Figure(rate == null ? null : 1 - rate, success.sample()),
        samples.recoveries(),
        thresholds.recoveryFailures(),
        "%.2f %% of the recoveries of the last hour failed");
    figure(
        AlertType.RECOVERY_TIME_HIGH,
        kpis.recoveryMillis(),
        samples.recoveryTimes(),
        thresholds.recoveryMillis(),
        "recoveries of the last hour took %.0f ms on average");
    figure(
        AlertType.DATA_LOSS_HIGH,
        kpis.loss(),
        samples.operations(),
        thresholds.loss(),
        "%.3f %% of what was acknowledged in the last day is lost");
    figure(
        AlertType.AVAILABILITY_LOW,
        kpis.availability(),
        samples.seconds(),
        thresholds.availability(),
        "the daemon was there in %.3f %% of the last day's seconds");
  }

  private void figure(
      AlertType type, @Nullable Figure figure, long least, Limit limit, String words) {
    if (figure == null) {
      unknown.add(type);
      return;
    }
    Double value = figure.value();
    boolean enough = !guarantees.minimumSample() || figure.sample() >= least;
    if (value == null || !enough) {
      return; // as if it were well: what fired clears, after its time
    }
    double shown = words.contains("%%") ? value * 100 : value;
    add(
        type,
        Subject.DAEMON,
        verdict(value, limit),
        String.format(Locale.ROOT, words, shown) + " (of " + figure.sample() + ")",
        value,
        limit.fire());
  }

  /// A limit whose good side lies below the bad one, or above it.
  private static Verdict verdict(double value, Limit limit) {
    boolean highIsBad = limit.fire() >= limit.clear();
    if (highIsBad ? value > limit.fire() : value < limit.fire()) {
      return Verdict.BAD;
    }
    boolean good = highIsBad ? value <= limit.clear() : value >= limit.clear();
    return good ? Verdict.GOOD : Verdict.BETWEEN;
  }

  private void losses() {
    List<Readings.Loss> oldestFirst =
        readings.losses().stream()
            .sorted((one, other) -> Long.compare(one.finishedMillis(), other.finishedMillis()))
            .toList();
    for (Readings.Loss loss : oldestFirst) {
      if (nowMillis - loss.finishedMillis() < thresholds.lossShownMillis()) {
        signals.add(
            new Signal(
                AlertType.OPERATIONS_LOST,
                loss.subject(),
                Verdict.BAD,
                loss.recoveryId(),
                loss.subject().words() + " " + loss.words(),
                (double) loss.operations(),
                0.0));
      }
    }
  }

  private void stuck() {
    Thresholds.Ages ages = thresholds.ages();
    for (Readings.Stuck stuck : readings.stuck()) {
      switch (stuck.what()) {
        case QUARANTINED_SESSION -> still(AlertType.SESSION_STUCK, stuck, 0, "is quarantined");
        case SESSION ->
            still(AlertType.SESSION_STUCK, stuck, ages.sessionMillis(), "takes no commands");
        case AGENT -> {}
        case TASK -> still(AlertType.TASK_STUCK, stuck, ages.taskMillis(), "has tasks that wait");
        case CALL -> still(AlertType.CALL_STUCK, stuck, ages.callMillis(), "leaves calls waiting");
        case CONNECTION ->
            still(AlertType.CONNECTION_STUCK, stuck, ages.connectionMillis(), "does not connect");
      }
    }
  }

  private void still(AlertType type, Readings.Stuck stuck, long longestMillis, String words) {
    aged(
        type,
        stuck.subject(),
        stuck.sinceMillis(),
        longestMillis,
        words
            + (stuck.count() > 1 ? " (" + stuck.count() + ")" : "")
            + (stuck.reason().isEmpty() ? "" : ": " + stuck.reason()));
  }

  private void aged(
      AlertType type, Subject subject, long sinceMillis, long longestMillis, String words) {
    long age = Math.max(0, nowMillis - sinceMillis);
    add(
        type,
        subject,
        age >= longestMillis ? Verdict.BAD : Verdict.BETWEEN,
        subject.words() + ", for " + Words.duration(age) + ", " + words,
        (double) age,
        (double) longestMillis);
  }

  private void connections() {
    for (Readings.Away away : readings.away()) {
      aged(
          AlertType.CONNECTION_LOST,
          away.subject(),
          away.sinceMillis(),
          thresholds.ages().offlineMillis(),
          "is offline: " + away.reason());
    }
    for (Readings.Queue queue : readings.queues()) {
      Limit limit = thresholds.queue();
      add(
          AlertType.QUEUE_NEARLY_FULL,
          queue.subject(),
          queue.share() >= limit.fire() ? Verdict.BAD : verdict(queue.share(), limit),
          String.format(
              Locale.ROOT,
              "%d calls wait for %s, %.0f %% of what may",
              queue.waiting(),
              queue.subject().words(),
              queue.share() * 100),
          queue.share(),
          limit.fire());
    }
  }

  private void checkpoints() {
    for (Readings.Uncheckpointed tail : readings.uncheckpointed()) {
      aged(
          AlertType.CHECKPOINT_OVERDUE,
          tail.subject(),
          tail.sinceMillis(),
          thresholds.ages().checkpointMillis(),
          "has " + tail.operations() + " operations that are in no checkpoint");
    }
  }

  private void crashes() {
    long crashes =
        readings.crashesMillis().stream()
            .filter(at -> nowMillis - at < thresholds.crashWindowMillis())
            .count();
    Limit limit = thresholds.crashes();
    Verdict verdict = crashes >= limit.fire() ? Verdict.BAD : verdict((double) crashes, limit);
    if (readings.unread(Part.RECOVERIES) != null) {
      unknown.add(AlertType.OPERATIONS_LOST); // of sessions of which nothing is left
      if (verdict != Verdict.BAD) { // there may be more of them
        unknown.add(AlertType.CRASH_LOOP);
        return;
      }
    }
    add(
        AlertType.CRASH_LOOP,
        Subject.DAEMON,
        verdict,
        "the worker died "
            + crashes
            + " times in "
            + Words.duration(thresholds.crashWindowMillis()),
        (double) crashes,
        limit.fire());
  }

  private void disk(Readings.@Nullable Disk disk) {
    if (disk == null) {
      unknown.add(AlertType.DISK_LOW);
      return;
    }
    double required = thresholds.disk().required(disk.totalBytes());
    add(
        AlertType.DISK_LOW,
        Subject.DAEMON,
        verdict(
            (double) disk.freeBytes(),
            new Limit(required, required * thresholds.disk().clearFactor())),
        String.format(
            Locale.ROOT,
            "%.2f GiB are free of %.2f GiB",
            (double) disk.freeBytes() / GIB,
            (double) disk.totalBytes() / GIB),
        (double) disk.freeBytes(),
        required);
  }

  private void flaws(Readings.@Nullable Flaws flaws) {
    if (flaws == null || !flaws.complete()) {
      unknown.add(AlertType.INTEGRITY_FINDING);
    }
    if (flaws == null) {
      return;
    }
    for (Subject subject : flaws.sound()) {
      add(AlertType.INTEGRITY_FINDING, subject, Verdict.GOOD, "all was read again", 0.0, 0.0);
    }
    for (Readings.Flaw flaw : flaws.found()) {
      add(AlertType.INTEGRITY_FINDING, flaw.subject(), Verdict.BAD, flaw.sentence(), 1.0, 0.0);
    }
  }

  /// What cannot be read is told once for all of it: most often one disk is to blame.
  private void unread() {
    List<Readings.Unread> unread = readings.unread();
    if (unread.isEmpty()) {
      return;
    }
    Readings.Unread first = unread.getFirst();
    // Who waited for an answer comes here late: the wait counts too.
    long since = unread.stream().mapToLong(Readings.Unread::sinceMillis).min().orElse(nowMillis);
    signals.add(
        new Signal(
            AlertType.STORE_UNANSWERED,
            Subject.DAEMON,
            Verdict.BAD,
            "",
            first.part().words()
                + " cannot be read: "
                + first.reason()
                + (unread.size() == 1 ? "" : " (and " + (unread.size() - 1) + " more)"),
            (double) unread.size(),
            0.0,
            since));
  }

  private void add(
      AlertType type,
      Subject subject,
      Verdict verdict,
      String message,
      double value,
      double threshold) {
    signals.add(new Signal(type, subject, verdict, "", message, value, threshold));
  }
}

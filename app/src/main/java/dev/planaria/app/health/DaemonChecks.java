package dev.planaria.app.health;

import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.Readings.Part;
import dev.planaria.app.alerts.Readings.Still;
import dev.planaria.app.alerts.Thresholds;
import dev.planaria.engine.recovery.RecoveryRun;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The components of a whole daemon, from the readings that alerts are made of, so that the two
/// never contradict each other. Pure.
public final class DaemonChecks {
  private static final double HEAP_LIMIT = 0.85;
  private static final double BACKLOG_LIMIT = 0.8;

  /// A journal writer that is idle answers in less than a millisecond.
  private static final double ROUND_TRIP_MILLIS = 1_000;

  private static final int SHOWN = 5;
  private static final double GIB = 1 << 30;

  private final Readings readings;
  private final Thresholds thresholds;
  private final Machine machine;
  private final long nowMillis;

  /// What is known besides the readings.
  ///
  /// @param heapUsedBytes after the last collection
  /// @param heapMostBytes it may become
  /// @param runs recoveries after crashes, newest first; the first is enough; null when they cannot
  ///   be read
  /// @param roundTripsMillis how long the journal writer took to answer lately
  public record Machine(
      long heapUsedBytes,
      long heapMostBytes,
      @Nullable List<RecoveryRun> runs,
      List<Double> roundTripsMillis) {
    /// Copies the lists.
    public Machine {
      runs = runs == null ? null : List.copyOf(runs);
      roundTripsMillis = List.copyOf(roundTripsMillis);
    }
  }

  /// @param readings of the last turn
  /// @param thresholds from where on something is bad
  /// @param machine what is known besides
  /// @param nowMillis Unix time
  public DaemonChecks(Readings readings, Thresholds thresholds, Machine machine, long nowMillis) {
    this.readings = readings;
    this.thresholds = thresholds;
    this.machine = machine;
    this.nowMillis = nowMillis;
  }

  /// All components, always in the same order.
  ///
  /// @param store whether the journal writer answers
  public List<Check> checks(Check store) {
    return List.of(
        store.status() == Wellness.OK ? integrity() : store,
        recovery(),
        connections(),
        still("agents", "every busy agent was heard of lately", "have agents that are silent"),
        still("tasks", "every open task can move", "have tasks that cannot move"),
        disk(),
        memory());
  }

  private Check integrity() {
    Readings.Flaws known = readings.flaws();
    if (known == null) {
      return Check.unknown(
          "store", "the journal writer answers; nobody has read yet what is stored");
    }
    List<Readings.Flaw> flaws = known.found();
    if (flaws.isEmpty()) {
      return Check.ok(
          "store",
          known.complete()
              ? "the journal writer answers, and nothing that is stored is damaged"
              : "the journal writer answers, and no damage was found so far in what is stored");
    }
    return new Check(
        "store",
        Wellness.FAIL,
        flaws.size(),
        flaws.size() + " findings in what is stored; the first: " + flaws.getFirst().sentence());
  }

  private Check recovery() {
    long quarantined = count(Still.QUARANTINED_SESSION);
    if (quarantined > 0) {
      return new Check(
          "recovery",
          Wellness.FAIL,
          (double) quarantined,
          quarantined + " sessions are quarantined; planaria sessions names them");
    }
    List<RecoveryRun> runs = machine.runs();
    RecoveryRun run = runs == null || runs.isEmpty() ? null : runs.getFirst();
    if (run != null && !run.finished()) {
      return new Check(
          "recovery",
          Wellness.WARN,
          run.sessionsWaiting(),
          "under way: " + run.sessionsWaiting() + " sessions wait for their turn");
    }
    if (run != null && !run.lostSessions().isEmpty()) {
      return new Check(
          "recovery",
          Wellness.WARN,
          run.lostSessions().size(),
          "the last one lost: " + String.join("; ", run.lostSessions()));
    }
    if (runs == null) {
      return Check.unknown("recovery", "the recoveries after crashes cannot be read now");
    }
    return seen(
        "recovery",
        run == null
            ? "nothing had to be recovered"
            : "the last one brought back " + run.sessionsRecovered() + " sessions");
  }

  /// Well, if all sessions were looked at; so far nothing is wrong with any.
  private Check seen(String component, String well) {
    Readings.Unread list = readings.unread(Part.SESSIONS);
    Readings.Unread looks = readings.unread(Part.LOOKS);
    Readings.Unread unread = list == null ? looks : list;
    if (unread != null) {
      return Check.unknown(component, unread.part().words() + " is not known: " + unread.reason());
    }
    int unseen = readings.unseenSessions().size();
    return unseen == 0
        ? Check.ok(component, well)
        : Check.unknown(
            component, unseen + " sessions were not looked at yet; so far nothing is wrong");
  }

  private long count(Still what) {
    return readings.stuck().stream().filter(stuck -> stuck.what() == what).count();
  }

  private Check connections() {
    List<Readings.Away> away = readings.away();
    long hanging = count(Still.CONNECTION);
    if (away.isEmpty() && hanging == 0) {
      return seen("connections", "every server that is in use is connected");
    }
    boolean lost =
        away.stream()
            .anyMatch(one -> nowMillis - one.sinceMillis() >= thresholds.ages().offlineMillis());
    return new Check(
        "connections",
        lost ? Wellness.FAIL : Wellness.WARN,
        away.size() + (double) hanging,
        away.size()
            + " servers are offline, "
            + hanging
            + " are being connected to"
            + (away.isEmpty()
                ? ""
                : ": "
                    + away.stream()
                        .limit(SHOWN)
                        .map(one -> one.subject().server() + " (" + one.reason() + ")")
                        .collect(Collectors.joining("; "))));
  }

  private Check still(String component, String well, String ill) {
    Still what = component.equals("agents") ? Still.AGENT : Still.TASK;
    List<Readings.Stuck> stuck =
        readings.stuck().stream()
            .filter(one -> one.what() == what)
            .filter(one -> nowMillis - one.sinceMillis() >= thresholds.ages().taskMillis())
            .toList();
    return stuck.isEmpty()
        ? seen(component, well)
        : new Check(
            component,
            Wellness.WARN,
            stuck.stream().mapToInt(Readings.Stuck::count).sum(),
            stuck.size()
                + " sessions "
                + ill
                + ": "
                + stuck.stream()
                    .limit(SHOWN)
                    .map(one -> one.subject().sessionName() + ": " + one.reason())
                    .collect(Collectors.joining("; ")));
  }

  private Check disk() {
    Readings.Disk disk = readings.disk();
    if (disk == null) {
      Readings.Unread unread = readings.unread(Part.DISK);
      return Check.unknown(
          "disk",
          "how much room is left is not known" + (unread == null ? "" : ": " + unread.reason()));
    }
    String room =
        String.format(
            Locale.ROOT,
            "%.2f GiB are free of %.2f GiB",
            (double) disk.freeBytes() / GIB,
            (double) disk.totalBytes() / GIB);
    double required = thresholds.disk().required(disk.totalBytes());
    Wellness status =
        (double) disk.freeBytes() < required
            ? Wellness.FAIL
            : (double) disk.freeBytes() < 2 * required ? Wellness.WARN : Wellness.OK;
    // In whole hundredths: a trend is more than a file.
    long used =
        Math.round(
            100.0 * (double) (disk.totalBytes() - disk.freeBytes()) / (double) disk.totalBytes());
    return new Check("disk", status, (double) used, room);
  }

  private double heap() {
    return (double) machine.heapUsedBytes() / (double) machine.heapMostBytes();
  }

  private Check memory() {
    double share = heap();
    return new Check(
        "memory",
        share >= HEAP_LIMIT ? Wellness.WARN : Wellness.OK,
        (double) Math.round(share * 10),
        Math.round(share * 100) + " % of the heap was in use after its last collection");
  }

  /// What may become a fault.
  public List<Risk> risks() {
    Readings.Disk disk = readings.disk();
    Double p99 = p99();
    return List.of(
        Risk.share("memory_pressure", heap(), HEAP_LIMIT, "the heap"),
        backlog(),
        errors(),
        p99 == null
            ? Risk.unknown(
                "store_p99", "ms", ROUND_TRIP_MILLIS, "the journal writer has not answered yet")
            : Risk.above(
                "store_p99",
                p99,
                "ms",
                ROUND_TRIP_MILLIS,
                "99 of 100 round trips through the journal writer"),
        Risk.share(
            "disk_pressure",
            disk == null
                ? null
                : (Double)
                    (thresholds.disk().required(disk.totalBytes())
                        / Math.max(1.0, (double) disk.freeBytes())),
            0.5,
            "the room that must be left, against what is left"));
  }

  private Risk backlog() {
    double fullest = readings.queues().stream().mapToDouble(Readings.Queue::share).max().orElse(0);
    boolean known = seen("backlog", "").status() == Wellness.OK;
    return known || fullest >= BACKLOG_LIMIT
        ? Risk.share("backlog", fullest, BACKLOG_LIMIT, "the fullest queue")
        : Risk.unknown(
            "backlog", "ratio", BACKLOG_LIMIT, "not all sessions could be looked at so far");
  }

  private Risk errors() {
    Readings.Figure success = readings.kpis().recoverySuccess();
    double limit = thresholds.recoveryFailures().fire();
    if (success == null) {
      return Risk.unknown("error_rate", "ratio", limit, "nothing is known of recoveries");
    }
    Double rate = success.value();
    Double failures = rate == null ? null : (Double) (1 - rate);
    return Risk.above(
        "error_rate",
        failures,
        "ratio",
        limit,
        failures == null ? "recovery in the last hour" : "share of failed recoveries");
  }

  private @Nullable Double p99() {
    double[] sorted =
        machine.roundTripsMillis().stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted.length == 0 ? null : (Double) sorted[(int) Math.ceil(sorted.length * 0.99) - 1];
  }
}

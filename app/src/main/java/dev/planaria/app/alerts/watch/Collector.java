package dev.planaria.app.alerts.watch;

import dev.planaria.app.alerts.Patience;
import dev.planaria.app.alerts.Patience.Outcome;
import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.Readings.Part;
import dev.planaria.app.alerts.Readings.Still;
import dev.planaria.app.alerts.Subject;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.session.ScrubReport;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.session.SessionUnavailable;
import dev.planaria.engine.state.CallLimits;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Collects readings of a daemon, turn by turn. A turn looks at sessions that have changed since
/// they were looked at last, and at ones that were never looked at, until its share is used up; of
/// all others it knows what it knew. A session that is on disk alone stays there, unless an alert
/// names it. What fails or hangs is unknown in the readings, and nothing else is. Used by one
/// thread at a time.
public final class Collector {
  private static final int RECORDS = 5;

  /// A loss is told for a week, whatever befell the session since.
  private static final int RECORDS_AT_FIRST = 100;

  private static final int FLAWS = 100;

  private final SessionEngine engine;
  private final CallLimits limits;
  private final Surroundings surroundings;
  private final Share share;
  private final Attempts attempts;
  private final Map<SessionId, Watched> watched = new HashMap<>();
  private final LostRuns lostRuns;

  /// Those that could not be looked at when they were to be, each with the reason.
  private final Map<SessionId, Blind> blind = new LinkedHashMap<>();

  /// Why a session could not be looked at.
  ///
  /// @param reason in a sentence; empty when the store is not to blame
  /// @param hung whether no answer came: the store's fault, and over once it answers anybody
  private record Blind(String reason, boolean hung) {
    static final Blind UNSEEN = new Blind("", false);
  }

  /// What else a turn reads: begun together and with the looks, so that a disk which hangs as a
  /// whole costs a turn one wait.
  private record Others(
      Attempts.Begun<Boolean> writer,
      Attempts.Begun<List<RecoveryRun>> recoveries,
      Attempts.Begun<Readings.Kpis> figures,
      Attempts.Begun<Readings.Disk> disk) {}

  private int position;

  /// What a collector takes from the outside world.
  ///
  /// @param nowMillis Unix time
  /// @param nanoTime a monotonic clock
  /// @param inUse whether somebody uses a server of a session, by its name
  /// @param disk the room under the data directory
  /// @param named ids of sessions that an alert names which fires
  /// @param patience waits for what the store and the disk say
  public record Surroundings(
      LongSupplier nowMillis,
      LongSupplier nanoTime,
      BiPredicate<SessionId, String> inUse,
      Callable<Readings.Disk> disk,
      Supplier<Set<String>> named,
      Patience patience) {}

  /// What a turn may cost.
  ///
  /// @param looks at how many sessions it may look; each is two small reads of the store
  /// @param nanos after so much time it looks at no more
  /// @param largeTasks of sessions with more tasks than this each look takes milliseconds
  /// @param largeMillis so they are looked at only so often
  public record Share(int looks, long nanos, int largeTasks, long largeMillis) {
    /// With a turn every 5 s, a hundredth of one processor.
    public static final Share DEFAULT = new Share(500, 50_000_000, 2_000, 60_000);
  }

  /// @param engine holds the sessions
  /// @param limits of calls, for how full queues are
  /// @param log hears of what cannot be read
  public Collector(
      SessionEngine engine, CallLimits limits, Surroundings surroundings, Share share, Log log) {
    this(engine, limits, surroundings, share, log, WatchGuarantees.ALL);
  }

  Collector(
      SessionEngine engine,
      CallLimits limits,
      Surroundings surroundings,
      Share share,
      Log log,
      WatchGuarantees guarantees) {
    this.engine = engine;
    this.limits = limits;
    this.surroundings = surroundings;
    this.share = share;
    this.lostRuns = new LostRuns(engine::recoveryRuns);
    this.attempts = new Attempts(surroundings.patience(), guarantees, log);
  }

  /// One turn.
  ///
  /// @param figures who knows the figures over windows
  public Readings runOnce(Figures figures) {
    long now = surroundings.nowMillis().getAsLong();
    var others =
        new Others(
            attempts.begin(Part.WRITER, this::roundTrip),
            attempts.begin(Part.RECOVERIES, lostRuns::read),
            attempts.begin(Part.FIGURES, () -> figures.kpis(now)),
            attempts.begin(Part.DISK, surroundings.disk()));
    List<SessionSummary> listed = attempts.read(Part.SESSIONS, engine::sessions, now);
    if (listed == null) {
      return readings(List.of(), others, now);
    }
    Set<SessionId> present = ids(listed);
    watched.keySet().retainAll(present);
    blind.keySet().retainAll(present);
    if (look(listed, now)) {
      blind.replaceAll((id, before) -> before.hung() ? Blind.UNSEEN : before);
    }
    List<String> reasons =
        blind.values().stream().map(Blind::reason).filter(reason -> !reason.isEmpty()).toList();
    if (reasons.isEmpty()) {
      attempts.answered(Part.LOOKS);
    } else {
      attempts.unanswered(Part.LOOKS, reasons.getFirst(), null, now);
    }
    return readings(listed, others, now);
  }

  /// True when there were looks, and the store answered all of them.
  private boolean look(List<SessionSummary> sessions, long now) {
    Set<String> named = surroundings.named().get();
    long end = surroundings.nanoTime().getAsLong() + share.nanos();
    int looks = 0;
    boolean answers = true;
    for (SessionSummary summary : sessions) { // those of alerts first: people wait for them
      if (named.contains(summary.id().toString()) && isDue(summary, now) && looks < share.looks()) {
        looks++;
        answers &= look(summary, true, now);
      }
    }
    int count = sessions.size();
    int tried = 0;
    for (; tried < count; tried++) {
      boolean spent = looks >= share.looks() || surroundings.nanoTime().getAsLong() > end;
      if (spent && answers) {
        break;
      }
      SessionSummary summary = sessions.get((position + tried) % count);
      if (isDue(summary, now)) {
        looks++;
        // While the store hangs, this says so at once of each that would have to be looked at.
        answers &= look(summary, false, now);
      }
    }
    position = count == 0 ? 0 : (position + tried) % count;
    return looks > 0 && answers;
  }

  private static Set<SessionId> ids(List<SessionSummary> sessions) {
    Set<SessionId> ids = new HashSet<>();
    sessions.forEach(summary -> ids.add(summary.id()));
    return ids;
  }

  private boolean isDue(SessionSummary summary, long now) {
    Watched before = watched.get(summary.id());
    if (before == null || blind.containsKey(summary.id())) {
      return true;
    }
    boolean uncovered =
        before.tail().sinceMillis() != null
            && now - Math.max(before.tail().sinceMillis(), before.lookedMillis())
                > share.largeMillis();
    return before.isStale(summary) || uncovered || !before.look().away().isEmpty();
  }

  /// False when the store does not come back.
  private boolean look(SessionSummary summary, boolean load, long now) {
    SessionId id = summary.id();
    Watched before = watched.get(id);
    switch (attempts.of(Part.LOOKS.words(), () -> looked(summary, before, load, now))) {
      case Outcome.Done<Watched>(Watched fresh) -> {
        watched.put(id, fresh);
        blind.remove(id);
      }
      case Outcome.Failed<Watched>(Exception reason) -> {
        // That it was taken out of service just now is seen in the next turn.
        boolean gone = reason instanceof Refusal || reason instanceof SessionUnavailable;
        blind.put(
            id,
            gone
                ? Blind.UNSEEN
                : new Blind("session " + id + ": " + Attempts.words(reason), false));
      }
      case Outcome.Hanging<Watched>(long limitMillis) -> {
        blind.put(id, new Blind("session " + id + ": " + Attempts.words(limitMillis), true));
        return false;
      }
    }
    return true;
  }

  private Watched looked(SessionSummary summary, @Nullable Watched before, boolean load, long now) {
    SessionId id = summary.id();
    List<RecoveryRecord> records =
        engine.recoveries(id, before == null ? RECORDS_AT_FIRST : RECORDS);
    long updated = now;
    SessionLook look = SessionLook.NOTHING;
    boolean sound = summary.status() == SessionStatus.ACTIVE;
    if (sound && (summary.resident() || load)) {
      var state = engine.view(id).state();
      updated = state.updatedAtMillis();
      boolean large = state.tasks().size() > share.largeTasks();
      look =
          large && before != null && now - before.lookedMillis() < share.largeMillis()
              ? before.look()
              : SessionLook.at(state, limits, server -> surroundings.inUse().test(id, server));
    }
    return new Watched(
        summary,
        before != null && before.summary().status() == summary.status()
            ? before.statusSinceMillis()
            : now,
        now,
        look,
        reason(records),
        losses(summary, records, before),
        tail(summary, before, updated, now));
  }

  private Watched.Tail tail(
      SessionSummary summary, @Nullable Watched before, long updated, long now) {
    if (summary.status() != SessionStatus.ACTIVE || !summary.resident()) {
      return new Watched.Tail(summary.seq(), null);
    }
    if (before == null) {
      return Watched.Tail.of(engine.checkpoints(summary.id()), summary.seq(), updated);
    }
    Long since = before.tail().sinceMillis();
    boolean old = since != null && now - since > share.largeMillis();
    return old
        ? before.tail().after(engine.checkpoints(summary.id()), summary.seq())
        : before.tail().grown(summary.seq(), now);
  }

  private static String reason(List<RecoveryRecord> records) {
    if (records.isEmpty()) {
      return "";
    }
    String reason = records.getFirst().reason();
    return reason == null ? "" : reason;
  }

  /// Those in these records, and those that were known before.
  private static List<Readings.Loss> losses(
      SessionSummary summary, List<RecoveryRecord> records, @Nullable Watched before) {
    var subject = Subject.session(summary.id().toString(), summary.name());
    Map<String, Readings.Loss> losses = new LinkedHashMap<>();
    for (RecoveryRecord record : records) {
      if (!record.loss().isEmpty()) {
        losses.put(
            record.recoveryId(),
            new Readings.Loss(
                subject,
                record.recoveryId(),
                record.finishedAtMillis(),
                record.operationsLost(),
                record.loss()));
      }
    }
    if (before != null) {
      before.losses().forEach(loss -> losses.putIfAbsent(loss.recoveryId(), loss));
    }
    return losses.values().stream().limit(RECORDS_AT_FIRST).toList();
  }

  private Readings readings(List<SessionSummary> sessions, Others others, long now) {
    var stuck = new ArrayList<Readings.Stuck>();
    var away = new ArrayList<Readings.Away>();
    var queues = new ArrayList<Readings.Queue>();
    var tails = new ArrayList<Readings.Uncheckpointed>();
    var losses = new ArrayList<Readings.Loss>();
    Set<String> unseen = new HashSet<>();
    for (SessionSummary summary : sessions) {
      Watched known = watched.get(summary.id());
      if (known == null || blind.containsKey(summary.id())) {
        unseen.add(summary.id().toString());
        continue;
      }
      status(known, stuck);
      stuck.addAll(known.look().stuck());
      away.addAll(known.look().away());
      queues.addAll(known.look().queues());
      losses.addAll(known.losses());
      Long since = known.tail().sinceMillis();
      if (since != null) {
        long operations = known.summary().seq() - known.tail().coveredSeq();
        tails.add(new Readings.Uncheckpointed(known.subject(), since, operations));
      }
    }
    var _ = attempts.end(others.writer(), now);
    List<RecoveryRun> runs = attempts.end(others.recoveries(), now);
    List<RecoveryRun> known = runs == null ? List.of() : lostRuns.take(runs, now);
    losses.addAll(lostRuns.losses());
    Readings.Kpis kpis = attempts.end(others.figures(), now);
    return new Readings(
        kpis == null ? Readings.Kpis.UNKNOWN : kpis,
        stuck,
        away,
        queues,
        tails,
        losses,
        known.stream().map(run -> run.crash().detectedAtMillis()).toList(),
        attempts.end(others.disk(), now),
        engine.scrubbed().map(report -> flaws(report, sessions)).orElse(null),
        unseen,
        attempts.unread());
  }

  private boolean roundTrip() {
    engine.probe();
    return true;
  }

  private static void status(Watched known, List<Readings.Stuck> stuck) {
    switch (known.summary().status()) {
      case ACTIVE, PAUSED, TERMINATING, TERMINATED -> {}
      case QUARANTINED ->
          stuck.add(
              new Readings.Stuck(
                  Still.QUARANTINED_SESSION,
                  known.subject(),
                  known.statusSinceMillis(),
                  1,
                  known.reason()));
      case INITIALIZING, RECOVERING ->
          stuck.add(
              new Readings.Stuck(
                  Still.SESSION, known.subject(), known.statusSinceMillis(), 1, known.reason()));
    }
  }

  /// The first findings of a pass count at once.
  private static Readings.Flaws flaws(ScrubReport report, List<SessionSummary> sessions) {
    Map<String, String> names = new HashMap<>();
    if (!report.findings().isEmpty()) {
      sessions.forEach(summary -> names.put(summary.id().toString(), summary.name()));
    }
    var flaws = new ArrayList<Readings.Flaw>();
    for (Finding finding : report.findings().stream().limit(FLAWS).toList()) {
      flaws.add(FoundDamage.flaw(finding, id -> names.getOrDefault(id, id)));
    }
    return new Readings.Flaws(flaws, report.finished());
  }
}

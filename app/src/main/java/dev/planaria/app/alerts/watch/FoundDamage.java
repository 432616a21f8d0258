package dev.planaria.app.alerts.watch;

import dev.planaria.app.alerts.Alert;
import dev.planaria.app.alerts.AlertType;
import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.Readings.Flaw;
import dev.planaria.app.alerts.Subject;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.integrity.VerificationReport;
import dev.planaria.engine.integrity.VerificationReport.SessionCheck;
import dev.planaria.engine.session.EngineEvent;
import dev.planaria.engine.session.ScrubReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Damage that the engine has told of, whoever came upon it: a recovery, a request, or the reading
/// in the background. That a recovery has made up for it is no proof that what is stored is sound;
/// so it is told until everything was read again, by a later pass in the background or by a deep
/// verification, and nothing was found. Thread-safe.
public final class FoundDamage implements Consumer<EngineEvent> {

  /// Some 400 bytes each. Alerts are by session, and beyond a hundred of them nobody is told one by
  /// one; the log has every finding.
  static final int MOST = 1_000;

  /// Before anything that this process reads.
  private static final long BEFORE = 0;

  private final LongSupplier nowMillis;
  // Guarded by this: when it was heard of last, and what a verification has not found any more.
  private final Map<Cause, Long> found = new LinkedHashMap<>();
  private final Set<Cause> gone = new LinkedHashSet<>();

  /// One damage, however often it is come upon.
  private record Cause(@Nullable String sessionId, String words) {

    static Cause of(Finding finding) {
      return new Cause(finding.sessionId(), finding.sentence() + " (" + finding.code() + ")");
    }

    Subject subject(UnaryOperator<String> names) {
      String id = sessionId;
      return id == null ? Subject.DAEMON : Subject.session(id, names.apply(id));
    }

    Flaw flaw(UnaryOperator<String> names) {
      return new Flaw(subject(names), words);
    }
  }

  /// @param nowMillis Unix time
  public FoundDamage(LongSupplier nowMillis) {
    this.nowMillis = nowMillis;
  }

  @Override
  public void accept(EngineEvent event) {
    switch (event) {
      case EngineEvent.DamageFound(Finding finding) ->
          heard(Cause.of(finding), nowMillis.getAsLong());
      case EngineEvent.SessionRecovered _,
          EngineEvent.SessionQuarantined _,
          EngineEvent.RecoveryBegun _,
          EngineEvent.RecoveryFinished _,
          EngineEvent.CheckpointTaken _,
          EngineEvent.CheckpointFailed _ -> {
        // what became of it changes nothing of what was found
      }
    }
  }

  /// Goes on with what the last process has left: nobody has found it to be gone.
  ///
  /// @param alerts that are known
  public void leftBy(List<Alert> alerts) {
    for (Alert alert : alerts) {
      Subject subject = alert.subject();
      boolean ofOne = subject.server() == null;
      if (alert.type() == AlertType.INTEGRITY_FINDING && alert.isFiring() && ofOne) {
        heard(new Cause(subject.sessionId(), alert.seen().message()), BEFORE);
      }
    }
  }

  private synchronized void heard(Cause cause, long atMillis) {
    gone.remove(cause);
    found.remove(cause);
    found.put(cause, atMillis);
    shorten(found.keySet());
  }

  private static void shorten(Set<Cause> causes) {
    while (causes.size() > MOST) {
      causes.remove(causes.iterator().next());
    }
  }

  /// Somebody has had stored data verified. What is newest alone says nothing of the rest.
  ///
  /// @param begunMillis when that began, Unix time: what was found after that stays
  public synchronized void verified(VerificationReport report, long begunMillis) {
    if (!report.scope().deep()) {
      return;
    }
    found
        .entrySet()
        .removeIf(entry -> {
          boolean sound = entry.getValue() < begunMillis && isSound(report, entry.getKey());
          if (sound) {
            gone.add(entry.getKey());
          }
          return sound;
        });
    shorten(gone);
  }

  private static boolean isSound(VerificationReport report, Cause cause) {
    String id = cause.sessionId();
    if (id == null) {
      return report.scope().session() == null && report.ofStore().isEmpty();
    }
    List<SessionCheck> checks =
        report.sessions().stream().filter(check -> check.id().toString().equals(id)).toList();
    return !checks.isEmpty() && checks.stream().allMatch(check -> check.findings().isEmpty());
  }

  /// The same readings with what was heard of, and without what a verification has not found any
  /// more since the pass in the background has.
  ///
  /// @param scrubbed the pass that is under way, or the last one; null before the first
  /// @param names of sessions, by id
  public synchronized Readings in(
      Readings readings, @Nullable ScrubReport scrubbed, UnaryOperator<String> names) {
    if (scrubbed != null && scrubbed.finished()) {
      // What is still there, that pass has told of once more.
      found.values().removeIf(atMillis -> atMillis < scrubbed.startedAtMillis());
    }
    Readings.Flaws read = readings.flaws();
    if (read == null && found.isEmpty() && gone.isEmpty()) {
      return readings;
    }
    var flaws = new LinkedHashSet<Flaw>();
    var sound = new LinkedHashSet<Subject>();
    if (read != null) {
      flaws.addAll(read.found());
    }
    for (Cause cause : gone) {
      flaws.remove(cause.flaw(names));
      sound.add(cause.subject(names));
    }
    found.keySet().forEach(cause -> flaws.add(cause.flaw(names)));
    return readings.with(
        new Readings.Flaws(
            new ArrayList<>(flaws), new ArrayList<>(sound), read != null && read.complete()));
  }

  /// What the alert says of a finding.
  static Flaw flaw(Finding finding, UnaryOperator<String> names) {
    return Cause.of(finding).flaw(names);
  }
}

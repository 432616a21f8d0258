package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.DaemonRefused;
import dev.planaria.chaos.client.ToolRefused;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.process.NeverReady;
import dev.planaria.chaos.report.Detections;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.integrity.StateIntegrityValidator;
import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import dev.planaria.engine.integrity.VerificationReport;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.JournalException;
import dev.planaria.engine.session.Inspection;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.storage.sqlite.StoreBehindWitness;
import java.io.IOException;
import java.util.List;

/// What becomes of a damage: the daemon is started on it, and what it answers is held against what
/// it answered before.
final class Examination {

  private final Stage stage;
  private final SessionState sound;
  private final Neighbour neighbour;
  private boolean told;
  private boolean differs;
  private long innocent;

  /// @param stage whose daemon is started
  /// @param sound what the session was before any damage
  /// @param neighbour a session that no damage is meant for
  Examination(Stage stage, SessionState sound, Neighbour neighbour) {
    this.stage = stage;
    this.sound = sound;
    this.neighbour = neighbour;
  }

  /// Starts the daemon on what was damaged, and notes what came of it.
  ///
  /// @param damaged the file
  void startOnDamage(Target damaged) throws InterruptedException {
    told = false;
    differs = false;
    innocent = 0;
    try {
      stage.scratch().startAgain();
    } catch (NeverReady silent) {
      stuck(silent);
      return;
    } catch (IOException refused) {
      told = true;
      stage.notes.tell(Moment.Lane.STATE, "the store was refused: " + refused.getMessage());
      return;
    }
    try {
      stage.meetAgain();
      examine();
      Neighbour.Visit visit = neighbour.visit(damaged);
      differs |= visit.differs();
      if (mayConcernOthers(damaged)) {
        told |= visit.findings() > 0;
      } else {
        innocent += visit.findings();
      }
    } catch (IOException unanswered) {
      // A database may be damaged so that it opens, and nothing can be read from it.
      boolean whole = damaged == Target.DATABASE;
      if (whole && unanswered instanceof DaemonRefused refused && refused.isUnavailable()) {
        told = true;
        stage.notes.tell(Moment.Lane.STATE, "clients were refused: " + refused.getMessage());
        return;
      }
      stuck(unanswered);
    }
  }

  /// Without a reason, or without any answer, nobody can act.
  private void stuck(IOException silent) {
    differs = true;
    stage.notes.violation(
        Violation.Kind.STUCK,
        "the daemon was started on damaged files and did not answer: " + silent.getMessage());
  }

  /// The database and the archive hold things of every session; the other files, of those that have
  /// worked since they were checkpointed.
  private static boolean mayConcernOthers(Target damaged) {
    return damaged == Target.DATABASE || damaged == Target.ARCHIVE;
  }

  private void examine() throws IOException, InterruptedException {
    long began = stage.notes.clocks().nanoTime().getAsLong();
    try {
      String standing = stage.newestStanding();
      Validation validation = StateIntegrityValidator.validate(sound, stage.capture());
      stage.notes.recovered((stage.notes.clocks().nanoTime().getAsLong() - began) / 1_000_000);
      boolean reported = stage.findingsOf(stage.session) > 0;
      told |= reported;
      boolean same = standing.equals("held") && validation.overallSuccess();
      if (same) {
        stage.notes.tell(Moment.Lane.STATE, "nothing that is answered differs");
      } else if (reported) {
        stage.notes.tell(Moment.Lane.STATE, "recovered with a report, newest receipt: " + standing);
      } else {
        differs = true;
        stage.notes.violation(
            Violation.Kind.UNDETECTED,
            "nothing was reported, but the newest receipt is "
                + standing
                + " and "
                + validation.dataLossPercent()
                + " % of the state is missing or differs");
      }
    } catch (ToolRefused refused) {
      refused(refused);
    }
  }

  /// A session that was there before is there, or it is said what became of it.
  private void refused(ToolRefused refused) {
    if (saysNeverThere(refused)) {
      differs = true;
      stage.notes.violation(
          Violation.Kind.UNDETECTED,
          "the session is said never to have been: " + refused.getMessage());
    } else {
      told = true;
      stage.notes.tell(Moment.Lane.STATE, "the session was refused: " + refused.getMessage());
    }
  }

  static boolean saysNeverThere(ToolRefused refused) {
    String reason = String.valueOf(refused.getMessage());
    return reason.contains("NOT_FOUND") || reason.contains("no such session");
  }

  /// Reads the whole store without a daemon: what the daemon does not need for its answers, old
  /// frames in the archive among it, is damaged with a finding as well.
  ///
  /// @param damaged the file; of another one than the archive, nothing may be left that is damaged,
  ///   and nothing found
  void verify(Target damaged) {
    try (Inspection store = Inspection.open(stage.daemon.data())) {
      List<Finding> findings =
          store
              .verify(VerificationReport.Scope.EVERYTHING, stage.notes.clocks().nanoTime())
              .findings();
      if (!mayConcernOthers(damaged)) {
        innocent += findings.stream().filter(neighbour::isNamedBy).count();
      }
      if (!findings.isEmpty()) {
        told = true;
        stage.notes.tell(
            Moment.Lane.STATE, "a verification finds: " + findings.getFirst().sentence());
      } else if (damaged == Target.ARCHIVE) {
        differs = true;
        stage.notes.violation(
            Violation.Kind.UNDETECTED, "the archive was damaged, and a verification finds nothing");
      }
    } catch (StoreBehindWitness | JournalException | DamagedException refused) {
      told = true;
      stage.notes.tell(Moment.Lane.STATE, "a verification is refused: " + refused.getMessage());
    }
  }

  /// What became of the damage that was looked at last.
  Detections detections() {
    return new Detections(1, told ? 1 : 0, !told && differs ? 1 : 0, innocent);
  }
}

package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.ToolRefused;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.integrity.StateIntegrityValidator;
import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import dev.planaria.engine.state.SessionState;
import java.io.IOException;

/// What becomes of a damage: the daemon is started on it, and what it answers is held against what
/// it answered before.
final class Examination {

  private final Stage stage;
  private final SessionState sound;

  /// @param stage whose daemon is started
  /// @param sound what the session was before any damage
  Examination(Stage stage, SessionState sound) {
    this.stage = stage;
    this.sound = sound;
  }

  /// Starts the daemon on what was damaged, and notes what came of it.
  void startOnDamage() throws InterruptedException {
    long began = stage.notes.clocks().nanoTime().getAsLong();
    try {
      stage.scratch().startAgain();
    } catch (IOException refused) {
      stage.notes.tell(Moment.Lane.STATE, "the store was refused: " + refused.getMessage());
      return;
    }
    try {
      stage.meetAgain();
      String standing = stage.newestStanding();
      Validation validation = StateIntegrityValidator.validate(sound, stage.capture());
      stage.notes.recovered((stage.notes.clocks().nanoTime().getAsLong() - began) / 1_000_000);
      boolean same = standing.equals("held") && validation.overallSuccess();
      if (same) {
        stage.notes.tell(Moment.Lane.STATE, "nothing that is answered differs");
      } else if (stage.isLossReported()) {
        stage.notes.tell(Moment.Lane.STATE, "recovered with a report, newest receipt: " + standing);
      } else {
        stage.notes.violation(
            Violation.Kind.UNDETECTED,
            "nothing was reported, but the newest receipt is "
                + standing
                + " and "
                + validation.dataLossPercent()
                + " % of the state is missing or differs");
      }
    } catch (ToolRefused refused) {
      refused(String.valueOf(refused.getMessage()));
    } catch (IOException unanswered) {
      // A reason was given, or there was no answer at all: that, nobody can act on.
      stage.notes.violation(
          Violation.Kind.STUCK,
          "the daemon started on damaged files and did not answer: " + unanswered.getMessage());
    }
  }

  /// A session that was there before is there, or it is said what became of it.
  private void refused(String reason) {
    if (reason.contains("NOT_FOUND") || reason.contains("no such session")) {
      stage.notes.violation(
          Violation.Kind.UNDETECTED, "the session is said never to have been: " + reason);
    } else {
      stage.notes.tell(Moment.Lane.STATE, "the session was refused: " + reason);
    }
  }
}

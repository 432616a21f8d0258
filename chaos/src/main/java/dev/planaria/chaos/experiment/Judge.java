package dev.planaria.chaos.experiment;

import dev.planaria.chaos.ledger.LedgerCheck;
import dev.planaria.chaos.ledger.StoredSession;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.integrity.StateIntegrityValidator;
import dev.planaria.engine.integrity.VerificationReport;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.session.Inspection;
import dev.planaria.engine.state.SessionState;
import java.io.IOException;
import java.util.Optional;

/// What is looked at when the faults are over: the daemon is asked, then stopped, and its store is
/// read without it.
final class Judge {

  private Judge() {}

  /// Ends the work and the daemon, and judges.
  static RunReport judge(Stage stage) throws IOException, InterruptedException {
    stage.finish();
    Optional<SessionState> live = capture(stage);
    stage.daemon.stop();
    try (Inspection store = Inspection.open(stage.daemon.launch().data())) {
      store
          .verify(VerificationReport.Scope.EVERYTHING, stage.notes.clocks().nanoTime())
          .findings()
          .forEach(finding -> stage.notes.violation(Violation.Kind.UNSOUND, finding.sentence()));
      var stored = new StoredSession();
      try {
        store.journal(stage.session, 1, Integer.MAX_VALUE, stored::add);
        SessionState left = store.view(stage.session, stage.notes.clocks().nanoTime()).state();
        live.ifPresent(state ->
            stage.notes.compared(
                StateIntegrityValidator.validate(state, left),
                "what the store holds after the end"));
      } catch (DamagedException damaged) {
        stage.notes.violation(
            Violation.Kind.UNSOUND, "the store cannot be read: " + damaged.getMessage());
      }
      LedgerCheck.run(stage.ledger.lines(), stored).forEach(stage.notes::violation);
    }
    return stage.notes.report(stage.ledger);
  }

  /// What the daemon says; one that cannot say it has promised more than it has.
  private static Optional<SessionState> capture(Stage stage) throws InterruptedException {
    try {
      return Optional.of(stage.capture());
    } catch (IOException refused) {
      stage.notes.violation(
          Violation.Kind.UNSOUND, "the session cannot be exported: " + refused.getMessage());
      return Optional.empty();
    }
  }
}

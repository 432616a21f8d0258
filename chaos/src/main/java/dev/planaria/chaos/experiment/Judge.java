package dev.planaria.chaos.experiment;

import dev.planaria.chaos.ledger.LedgerCheck;
import dev.planaria.chaos.ledger.StoredSession;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.integrity.StateIntegrityValidator;
import dev.planaria.engine.integrity.VerificationReport;
import dev.planaria.engine.session.Inspection;
import dev.planaria.engine.state.SessionState;
import java.io.IOException;

/// What is looked at when the faults are over: the daemon is asked, then stopped, and its store is
/// read without it.
final class Judge {

  private Judge() {}

  /// Ends the work and the daemon, and judges.
  static RunReport judge(Stage stage) throws IOException, InterruptedException {
    stage.finish();
    SessionState live = stage.capture();
    stage.scratch().stop();
    try (Inspection store = Inspection.open(stage.scratch().launch().data())) {
      store
          .verify(VerificationReport.Scope.EVERYTHING, stage.notes.clocks().nanoTime())
          .findings()
          .forEach(finding -> stage.notes.violation(Violation.Kind.UNSOUND, finding.sentence()));
      var stored = new StoredSession();
      store.journal(stage.session, 1, Integer.MAX_VALUE, stored::add);
      LedgerCheck.run(stage.ledger.lines(), stored).forEach(stage.notes::violation);
      SessionState left = store.view(stage.session, stage.notes.clocks().nanoTime()).state();
      stage.notes.compared(
          StateIntegrityValidator.validate(live, left), "what the store holds after the end");
    }
    return stage.notes.report(stage.ledger);
  }
}

package dev.planaria.chaos.experiment;

import dev.planaria.chaos.ledger.StoreCheck;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.engine.integrity.StateIntegrityValidator;
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
      StoreCheck.run(store, stage.ledger.lines(), stage.notes.clocks().nanoTime())
          .forEach(stage.notes::violation);
      SessionState left = store.view(stage.session, stage.notes.clocks().nanoTime()).state();
      stage.notes.compared(
          StateIntegrityValidator.validate(live, left), "what the store holds after the end");
    }
    return stage.notes.report(stage.ledger);
  }
}

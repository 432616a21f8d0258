package dev.planaria.chaos.experiment;

import dev.planaria.chaos.ledger.StoreCheck;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.integrity.StateIntegrityValidator;
import dev.planaria.engine.session.Inspection;
import dev.planaria.engine.state.SessionState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What is looked at when the faults are over: the daemon is asked, then stopped, and its store is
/// read without it.
final class Judge {

  private Judge() {}

  /// Ends the work and the daemon, and judges.
  static RunReport judge(Stage stage) throws IOException, InterruptedException {
    stage.finish();
    Optional<SessionState> live = capture(stage);
    stage.scratch().stop();
    LongSupplier nanoTime = stage.notes.clocks().nanoTime();
    try (Inspection store = Inspection.open(stage.daemon.data())) {
      List<Violation> found = StoreCheck.run(store, stage.ledger.lines(), nanoTime);
      found.forEach(stage.notes::violation);
      if (live.isPresent() && found.isEmpty()) {
        SessionState left = store.view(stage.session, nanoTime).state();
        stage.notes.compared(
            StateIntegrityValidator.validate(live.get(), left),
            "what the store holds after the end");
      }
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

package dev.planaria.chaos.experiment;

import dev.planaria.chaos.ledger.LedgerLog;
import dev.planaria.chaos.report.Moment;
import java.io.IOException;

/// Is told what happens while a run goes on. Called by the thread that runs it.
public interface RunListener {

  /// Wants to know nothing.
  RunListener NONE = _ -> {};

  /// Something has happened just now.
  void happened(Moment moment);

  /// Where the ledger of a run is taken down, if anywhere.
  ///
  /// @param experiment the experiment's name
  /// @param seed the run's
  /// @throws IOException when it cannot be
  default LedgerLog ledger(String experiment, long seed) throws IOException {
    return LedgerLog.NONE;
  }
}

package dev.planaria.chaos.experiment;

import dev.planaria.chaos.report.Moment;

/// Is told what happens while a run goes on. Called by the thread that runs it.
public interface RunListener {

  /// Wants to know nothing.
  RunListener NONE = _ -> {};

  /// Something has happened just now.
  void happened(Moment moment);
}

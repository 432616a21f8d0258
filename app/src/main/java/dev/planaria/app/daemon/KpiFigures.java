package dev.planaria.app.daemon;

import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.Readings.Figure;
import dev.planaria.app.alerts.watch.Figures;
import dev.planaria.app.metrics.KpiBoard;
import dev.planaria.engine.metrics.Kpis;
import dev.planaria.engine.metrics.Window;

/// The key figures that alerts look at, as everybody else is shown them. Thread-safe.
///
/// @param board computes them
record KpiFigures(KpiBoard board) implements Figures {
  private static final double PERCENT = 100;

  @Override
  public Readings.Kpis kpis(long nowMillis) {
    KpiBoard.Shown shown = board.now();
    Kpis hour = shown.of(Window.HOUR);
    Kpis day = shown.of(Window.DAY);
    Double percent = day.dataLossPercent();
    return new Readings.Kpis(
        new Figure(hour.recoverySuccessRate(), hour.recoveries()),
        new Figure(hour.meanTimeToRecoveryMillis(), hour.recoveries()),
        shown.bookRead()
            ? new Figure(percent == null ? null : percent / PERCENT, day.operationsAcknowledged())
            : null,
        shown.bookRead() ? new Figure(day.availability(), day.secondsObserved()) : null);
  }
}

package dev.planaria.app.metrics;

import dev.planaria.app.alerts.Alert;
import dev.planaria.engine.session.SessionEngine;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What `GET /metrics` answers: everything that is measured, in the text format of Prometheus
/// (version 0.0.4). Made when it is first asked for, so that no start waits for it, nor for the
/// classes that it is made of ([Meters]). Thread-safe.
public final class Scrape {

  /// The media type of the answer.
  public static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final SessionEngine engine;
  private final KpiBoard board;
  private final Self self;
  private @Nullable Meters meters;

  /// What the process says of itself.
  ///
  /// @param startedAtMillis Unix time
  /// @param requests how many are being answered
  /// @param alerts all that are known
  public record Self(long startedAtMillis, DoubleSupplier requests, Supplier<List<Alert>> alerts) {}

  /// @param engine whose figures
  /// @param board the key figures
  /// @param self what this process says of itself
  public Scrape(SessionEngine engine, KpiBoard board, Self self) {
    this.engine = engine;
    this.board = board;
    this.self = self;
  }

  /// All metrics as they are now.
  public String text() {
    return ready().text();
  }

  private synchronized Meters ready() {
    Meters known = meters;
    if (known == null) {
      known = new Meters(engine, board, self);
      meters = known;
    }
    return known;
  }
}

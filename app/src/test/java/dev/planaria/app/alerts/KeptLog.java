package dev.planaria.app.alerts;

import dev.planaria.app.gateway.wire.Log;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A log that a test can read. Thread-safe.
public final class KeptLog implements Log {
  private final List<String> infos = new CopyOnWriteArrayList<>();
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  @Override
  public void info(String message) {
    infos.add(message);
  }

  @Override
  public void warn(String message, @Nullable Throwable cause) {
    warnings.add(message + (cause == null ? "" : ": " + cause));
  }

  /// What was worth a line.
  public List<String> infos() {
    return infos;
  }

  /// What somebody should look at.
  public List<String> warnings() {
    return warnings;
  }
}

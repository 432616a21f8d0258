package dev.planaria.app.api;

import dev.planaria.app.alerts.AlertBoard;
import dev.planaria.app.alerts.AlertViews;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.util.Optional;
import java.util.function.Supplier;

/// What an operator does with alerts: `alerts` lists them, `alerts/{id}/acknowledge` takes note of
/// one, `alerts/{id}/silence` keeps it from being told for `duration_ms`; 0 ends that. Thread-safe.
public final class AlertActions implements ApiPart {
  /// A silence that nobody remembers is an alert that nobody gets.
  private static final long MOST_SILENCE_MILLIS = 30L * 86_400_000;

  private final Supplier<AlertBoard> board;

  /// @param board the standing; waits, within bounds, while it is still being read
  public AlertActions(Supplier<AlertBoard> board) {
    this.board = board;
  }

  @Override
  public Optional<JsonValue> get(String path, String query) {
    return path.equals("alerts")
        ? Optional.of(AlertViews.list(board.get().list()))
        : Optional.empty();
  }

  @Override
  public Optional<JsonObject> post(String path, JsonObject body) {
    String[] parts = path.split("/", -1);
    if (parts.length != 3 || !parts[0].equals("alerts")) {
      return Optional.empty();
    }
    String id = SessionActions.decoded(parts[1]);
    return switch (parts[2]) {
      case "acknowledge" -> Optional.of(AlertViews.alert(board.get().acknowledge(id)));
      case "silence" -> {
        long millis = Fields.of(body).requiredLong("duration_ms", 0, MOST_SILENCE_MILLIS);
        yield Optional.of(AlertViews.alert(board.get().silence(id, millis)));
      }
      default -> Optional.empty();
    };
  }
}

package dev.planaria.app.api;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.util.Optional;
import java.util.function.Supplier;

/// `health`: how well the daemon is, component by component. Thread-safe.
///
/// @param health looks at everything, as JSON
public record HealthPart(Supplier<JsonObject> health) implements ApiPart {
  @Override
  public Optional<JsonValue> get(String path, String query) {
    return path.equals("health") ? Optional.of(health.get()) : Optional.empty();
  }

  @Override
  public Optional<JsonObject> post(String path, JsonObject body) {
    return Optional.empty();
  }
}

package dev.planaria.app.api;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.util.Optional;

/// Paths below `/api/v1/` that belong together. Thread-safe.
public interface ApiPart {
  /// The JSON at a path below `/api/v1/`, or nothing when nothing of this part is there.
  ///
  /// @param query what follows the question mark, or an empty text
  /// @throws dev.planaria.engine.json.FieldException when a parameter breaks a rule
  Optional<? extends JsonValue> get(String path, String query);

  /// Does what a path below `/api/v1/` stands for, or nothing when it stands for nothing here.
  ///
  /// @throws dev.planaria.engine.json.FieldException when a member of the body breaks a rule
  /// @throws dev.planaria.engine.state.Refusal when it cannot be done; nothing was changed
  Optional<JsonObject> post(String path, JsonObject body);
}

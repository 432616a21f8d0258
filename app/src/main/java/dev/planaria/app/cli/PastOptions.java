package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonValue;
import org.jspecify.annotations.Nullable;

/// What the commands that go back in a session's history have in common.
final class PastOptions {

  private PastOptions() {}

  /// A number as JSON, or null.
  static @Nullable JsonValue number(@Nullable Long number) {
    return number == null ? null : JsonNumber.of(number);
  }

  /// An id under which the daemon does a thing once, whatever happens on the way.
  static String newOperationId(CliEnvironment environment) {
    return environment.sources().newId().get().toString();
  }
}

package dev.planaria.engine.session;

import dev.planaria.engine.state.Refusal;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What is to be imported.
///
/// @param file the export
/// @param name null to take the session over as it is, else the name of a session of its own that
///   begins with the state in the file
/// @param isAllowed whether a session may have that name
public record ImportRequest(Path file, @Nullable String name, Predicate<String> isAllowed) {

  /// Refuses a name that no session from outside may have.
  void requireAllowed(String nameInFile) {
    String chosen = name == null ? nameInFile : name;
    if (!isAllowed.test(chosen)) {
      throw new Refusal(
          Refusal.Code.INVALID_ARGUMENT,
          "`name` is one that an imported session may not have; choose another");
    }
  }
}

package dev.planaria.engine.storage;

import java.util.List;
import java.util.Optional;

/// What was found when a store was opened by looking at it from outside: at its witness, and at its
/// log before the database's own recovery cut it short.
///
/// @param witnessedFrame the newest frame that the witness names; 0 when it names none
/// @param missing what the store has lost at its end, when it has
/// @param findings what is wrong, in sentences; none when all is well
public record StoreEvidence(long witnessedFrame, Optional<Missing> missing, List<String> findings) {

  /// Nothing is known, and nothing is wrong.
  public static final StoreEvidence NONE = new StoreEvidence(0, Optional.empty(), List.of());

  /// Copies the list.
  public StoreEvidence {
    findings = List.copyOf(findings);
  }
}

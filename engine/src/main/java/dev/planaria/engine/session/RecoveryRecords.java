package dev.planaria.engine.session;

import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.storage.RecoveryPage;
import java.util.List;
import java.util.Optional;

/// Some of the recoveries of all sessions, newest first.
///
/// @param records those that can be read
/// @param damaged how many more there are among them that cannot
/// @param next where to go on, or empty when there are no more
public record RecoveryRecords(
    List<RecoveryRecord> records, int damaged, Optional<RecoveryPage.Place> next) {

  /// Copies the list.
  public RecoveryRecords {
    records = List.copyOf(records);
  }
}

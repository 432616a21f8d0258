package dev.planaria.engine.storage;

import dev.planaria.engine.state.SessionId;
import java.util.List;
import java.util.Optional;

/// Some of the recovery records of all sessions and runs, newest first.
///
/// @param records those that are intact
/// @param damaged how many more there are in this page that cannot be read
/// @param next where the next page begins, or empty when this is the last
public record RecoveryPage(List<StoredRecovery> records, int damaged, Optional<Place> next) {

  /// Copies the list.
  public RecoveryPage {
    records = List.copyOf(records);
  }

  /// A record's place in the order: by time, then by the other two, from the highest down.
  ///
  /// @param timeMillis when it happened, Unix time
  /// @param recoveryId the run, or the recovery of one session
  /// @param session the session's id, or empty for the record of a run
  public record Place(long timeMillis, String recoveryId, String session)
      implements Comparable<Place> {

    /// Before every record.
    public static final Place START = new Place(Long.MAX_VALUE, "", "");

    /// Where a record stands.
    public static Place of(StoredRecovery record) {
      return new Place(
          record.timeMillis(),
          record.recoveryId(),
          record.sessionId().map(SessionId::toString).orElse(""));
    }

    @Override
    public int compareTo(Place other) {
      int byTime = Long.compare(timeMillis, other.timeMillis);
      int byId = byTime != 0 ? byTime : recoveryId.compareTo(other.recoveryId);
      return byId != 0 ? byId : session.compareTo(other.session);
    }
  }
}

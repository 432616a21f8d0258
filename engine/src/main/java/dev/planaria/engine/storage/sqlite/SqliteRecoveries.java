package dev.planaria.engine.storage.sqlite;

import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.RecoveryPage;
import dev.planaria.engine.storage.RecoveryPage.Place;
import dev.planaria.engine.storage.StoredRecovery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Optional;

/// Reads the recovery records of all sessions, a page at a time, so that nobody waits long for the
/// connection of the readers.
final class SqliteRecoveries {

  private SqliteRecoveries() {}

  static RecoveryPage page(Connection connection, long sinceMillis, Place before, int limit)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT at_millis, id, session, body, sum FROM recovery WHERE at_millis >= ?"
                + " AND (at_millis, id, session) < (?, ?, ?)"
                + " ORDER BY at_millis DESC, id DESC, session DESC LIMIT ?")) {
      SqliteConnections.bind(
          statement,
          sinceMillis,
          before.timeMillis(),
          before.recoveryId(),
          before.session(),
          limit);
      var records = new ArrayList<StoredRecovery>();
      int damaged = 0;
      Place last = before;
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          last = place(rows);
          Optional<StoredRecovery> record = record(rows, last);
          record.ifPresent(records::add);
          damaged += record.isPresent() ? 0 : 1;
        }
      }
      boolean whole = records.size() + damaged == limit;
      return new RecoveryPage(records, damaged, whole ? Optional.of(last) : Optional.empty());
    }
  }

  private static Place place(ResultSet row) throws SQLException {
    return new Place(
        row.getLong(1), String.valueOf(row.getString(2)), String.valueOf(row.getString(3)));
  }

  private static Optional<StoredRecovery> record(ResultSet row, Place place) throws SQLException {
    String body = String.valueOf(row.getString(4));
    boolean sound =
        row.getLong(5) == RowSum.of(place.recoveryId(), place.session(), place.timeMillis(), body)
            && (place.session().isEmpty() || SessionId.looksLikeId(place.session()));
    return sound
        ? Optional.of(
            new StoredRecovery(
                place.recoveryId(),
                place.session().isEmpty()
                    ? Optional.empty()
                    : Optional.of(SessionId.parse(place.session())),
                place.timeMillis(),
                body))
        : Optional.empty();
  }
}

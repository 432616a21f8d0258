package dev.planaria.engine.storage.sqlite;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.CheckpointInfo.Kind;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.SessionRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The table of checkpoints, and what is written together with one.
final class SqliteCheckpoints {

  private static final String COLUMNS =
      "id, parent, seq, created_at_millis, label, length(body), verified";

  private SqliteCheckpoints() {}

  static void save(Connection connection, StoredCheckpoint checkpoint) throws SQLException {
    CheckpointInfo info = checkpoint.info();
    SqliteConnections.update(
        connection,
        "INSERT INTO checkpoint (id, session, parent, kind, seq, hash, created_at_millis,"
            + " label, sha256, verified, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
        info.id(),
        info.sessionId().toString(),
        info.parentId(),
        info.kind().name(),
        info.seq(),
        checkpoint.hash().toString(),
        info.createdAtMillis(),
        info.label(),
        checkpoint.sha256().toString(),
        checkpoint.body());
  }

  static void markVerified(
      Connection connection, String checkpointId, SessionRow row, FrameSpans entries)
      throws SQLException {
    int marked =
        SqliteConnections.update(
            connection, "UPDATE checkpoint SET verified = 1 WHERE id = ?", checkpointId);
    if (marked != 1) {
      throw new SQLException("there is no checkpoint " + checkpointId);
    }
    String session = row.id().toString();
    SqliteConnections.update(
        connection,
        "INSERT OR REPLACE INTO session (id, name, status, created_at_millis, seq, hash)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        session,
        row.name(),
        row.status().name(),
        row.createdAtMillis(),
        row.seq(),
        row.hash().toString());
    if (!entries.spans().isEmpty()) {
      SqliteConnections.update(
          connection,
          "INSERT OR REPLACE INTO frame_index (session, last_seq, spans) VALUES (?, ?, ?)",
          session,
          row.seq(),
          entries.encode());
    }
  }

  static void delete(Connection connection, List<String> checkpointIds) throws SQLException {
    for (String id : checkpointIds) {
      SqliteConnections.update(connection, "DELETE FROM checkpoint WHERE id = ?", id);
    }
  }

  /// A session's checkpoints, newest first; of two at one seq, the one that was written last.
  static List<CheckpointInfo> of(Connection connection, SessionId sessionId) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT "
                + COLUMNS
                + " FROM checkpoint WHERE session = ?"
                + " ORDER BY seq DESC, created_at_millis DESC, rowid DESC")) {
      statement.setString(1, sessionId.toString());
      var found = new ArrayList<CheckpointInfo>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(info(rows, sessionId));
        }
      }
      return found;
    }
  }

  static Optional<StoredCheckpoint> read(Connection connection, String checkpointId)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT " + COLUMNS + ", session, hash, sha256, body FROM checkpoint WHERE id = ?")) {
      statement.setString(1, checkpointId);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(stored(row, checkpointId)) : Optional.empty();
      }
    }
  }

  private static StoredCheckpoint stored(ResultSet row, String id) throws SQLException {
    try {
      return new StoredCheckpoint(
          info(row, SessionId.parse(String.valueOf(row.getString(8)))),
          Hash.parse(String.valueOf(row.getString(9))),
          Hash.parse(String.valueOf(row.getString(10))),
          row.getBytes(11));
    } catch (IllegalArgumentException e) {
      throw new DamagedException(
          "the row of checkpoint " + id + " cannot be read: " + e.getMessage());
    }
  }

  /// The kind follows from the parent: its column is for people, and a damaged text in it must not
  /// keep a session's other checkpoints from being listed.
  private static CheckpointInfo info(ResultSet row, SessionId sessionId) throws SQLException {
    String parent = row.getString(2);
    return new CheckpointInfo(
        String.valueOf(row.getString(1)),
        sessionId,
        parent,
        parent == null ? Kind.FULL : Kind.INCREMENTAL,
        row.getLong(3),
        row.getLong(4),
        row.getString(5),
        row.getLong(6),
        row.getInt(7) == 1);
  }
}

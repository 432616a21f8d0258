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
      "id, session, parent, kind, seq, created_at_millis, label, length(body), hash, sha256, sum,"
          + " verified";

  private SqliteCheckpoints() {}

  static void save(Connection connection, StoredCheckpoint checkpoint) throws SQLException {
    CheckpointInfo info = checkpoint.info();
    SqliteConnections.update(
        connection,
        "INSERT INTO checkpoint (id, session, parent, kind, seq, hash, created_at_millis,"
            + " label, sha256, sum, verified, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
        info.id(),
        info.sessionId().toString(),
        info.parentId(),
        info.kind().name(),
        info.seq(),
        checkpoint.hash().toString(),
        info.createdAtMillis(),
        info.label(),
        checkpoint.sha256().toString(),
        RowSum.of(
            info.id(),
            info.sessionId(),
            info.parentId(),
            info.kind(),
            info.seq(),
            info.createdAtMillis(),
            info.label(),
            info.bytes(),
            checkpoint.hash(),
            checkpoint.sha256()),
        checkpoint.body());
  }

  static void markVerified(
      Connection connection, List<String> checkpointIds, SessionRow row, FrameSpans entries)
      throws SQLException {
    for (String id : checkpointIds) {
      int marked =
          SqliteConnections.update(
              connection, "UPDATE checkpoint SET verified = sum WHERE id = ?", id);
      if (marked != 1) {
        throw new SQLException("there is no checkpoint " + id);
      }
    }
    String session = row.id().toString();
    SqliteConnections.update(
        connection,
        "INSERT OR REPLACE INTO session (id, name, status, created_at_millis, seq, hash, sum)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        session,
        row.name(),
        row.status().name(),
        row.createdAtMillis(),
        row.seq(),
        row.hash().toString(),
        SqliteReader.sumOf(row));
    if (!entries.spans().isEmpty()) {
      SqliteConnections.update(
          connection,
          "INSERT OR REPLACE INTO frame_index (session, last_seq, spans, sum)"
              + " VALUES (?, ?, ?, ?)",
          session,
          row.seq(),
          entries.encode(),
          RowSum.of(session, row.seq(), entries.encode()));
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
        connection.prepareStatement("SELECT " + COLUMNS + ", body FROM checkpoint WHERE id = ?")) {
      statement.setString(1, checkpointId);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(stored(row, checkpointId)) : Optional.empty();
      }
    }
  }

  private static StoredCheckpoint stored(ResultSet row, String id) throws SQLException {
    try {
      if (!isSumRight(row)) {
        throw new DamagedException(
            "the checksum of the row of checkpoint " + id + " does not hold");
      }
      return new StoredCheckpoint(
          info(row, SessionId.parse(String.valueOf(row.getString(2)))),
          Hash.parse(String.valueOf(row.getString(9))),
          Hash.parse(String.valueOf(row.getString(10))),
          row.getBytes(13));
    } catch (IllegalArgumentException e) {
      throw new DamagedException(
          "the row of checkpoint " + id + " cannot be read: " + e.getMessage());
    }
  }

  /// A damaged row must not keep a session's other checkpoints from being listed: it counts as not
  /// verified, and reading it says why. The kind follows from the parent for the same reason.
  private static CheckpointInfo info(ResultSet row, SessionId sessionId) throws SQLException {
    String parent = row.getString(3);
    return new CheckpointInfo(
        String.valueOf(row.getString(1)),
        sessionId,
        parent,
        parent == null ? Kind.FULL : Kind.INCREMENTAL,
        row.getLong(5),
        row.getLong(6),
        row.getString(7),
        row.getLong(8),
        isSumRight(row) && row.getLong(12) == row.getLong(11));
  }

  /// The checksum of a checkpoint's row, and its mark; the body has a checksum of its own.
  private static boolean isSumRight(ResultSet row) throws SQLException {
    long sum = row.getLong(11);
    long verified = row.getLong(12);
    return (verified == 0 || verified == sum)
        && sum
            == RowSum.of(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getLong(5),
                row.getLong(6),
                row.getString(7),
                row.getLong(8),
                row.getString(9),
                row.getString(10));
  }
}

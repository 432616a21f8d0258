package dev.planaria.engine.storage.sqlite;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Journal.FrameVisitor;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionStatus;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.SessionRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The questions that are asked of a store, on one connection. Not thread-safe.
final class SqliteReader implements AutoCloseable {

  private final Connection connection;
  private final PreparedStatement slice;

  SqliteReader(Connection connection) throws SQLException {
    this.connection = connection;
    this.slice = connection.prepareStatement("SELECT substr(body, ?, ?) FROM frame WHERE id = ?");
  }

  FrameHead head() throws SQLException {
    return one("SELECT id, body FROM frame ORDER BY id DESC LIMIT 1", SqliteReader::frameHead)
        .orElse(FrameHead.START);
  }

  private static FrameHead frameHead(ResultSet row) throws SQLException {
    return new FrameHead(row.getLong(1), Hash.sha256(blob(row, 2)));
  }

  /// Frames that have no row any more come from the archive. The index is read while the rows are,
  /// so that a frame which is moved meanwhile is seen once.
  void scan(long afterFrameId, SqliteArchive archive, FrameVisitor visitor) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT id, body FROM frame WHERE id > ? ORDER BY id")) {
      statement.setLong(1, afterFrameId);
      try (ResultSet rows = statement.executeQuery()) {
        boolean first = true;
        while (rows.next()) {
          long id = rows.getLong(1);
          if (first && id > afterFrameId + 1) {
            archive.scan(connection, afterFrameId, id, visitor);
          }
          first = false;
          visitor.frame(id, blob(rows, 2));
        }
      }
    }
  }

  Connection connection() {
    return connection;
  }

  Optional<byte[]> slice(long frameId, int from, int to) throws SQLException {
    slice.setInt(1, from + 1);
    slice.setInt(2, to - from);
    slice.setLong(3, frameId);
    try (ResultSet rows = slice.executeQuery()) {
      return rows.next() ? Optional.of(blob(rows, 1)) : Optional.empty();
    }
  }

  /// A stored frame, intact or not.
  Optional<byte[]> frame(long id) throws SQLException {
    return one("SELECT body FROM frame WHERE id = ?", row -> blob(row, 1), id);
  }

  List<SessionId> sessions(Consumer<SessionRow> visitor) throws SQLException {
    var unlisted = new ArrayList<String>();
    each(
        "SELECT id, name, status, created_at_millis, seq, hash, sum FROM session ORDER BY id",
        row -> {
          try {
            visitor.accept(sessionRow(row));
            return true;
          } catch (DamagedException | IllegalArgumentException e) {
            return unlisted.add(String.valueOf(row.getString(1)));
          }
        });
    unlisted.addAll(
        each(
            "SELECT DISTINCT session FROM checkpoint WHERE session NOT IN (SELECT id FROM session)",
            row -> text(row, 1)));
    var checkpointed = new ArrayList<SessionId>();
    for (String id : unlisted) {
      if (SessionId.looksLikeId(id)) {
        SessionId session = SessionId.parse(id);
        if (checkpoints(session).stream().anyMatch(CheckpointInfo::verified)) {
          checkpointed.add(session);
        }
      }
    }
    return checkpointed;
  }

  private static SessionRow sessionRow(ResultSet row) throws SQLException {
    var session =
        new SessionRow(
            SessionId.parse(text(row, 1)),
            text(row, 2),
            SessionStatus.valueOf(text(row, 3)),
            row.getLong(4),
            row.getLong(5),
            Hash.parse(text(row, 6)));
    requireSum("a line of the catalogue", row.getLong(7), sumOf(session));
    return session;
  }

  /// The checksum of a line of the catalogue.
  static long sumOf(SessionRow row) {
    return RowSum.of(
        row.id(), row.name(), row.status(), row.createdAtMillis(), row.seq(), row.hash());
  }

  List<CheckpointInfo> checkpoints(SessionId sessionId) throws SQLException {
    return SqliteCheckpoints.of(connection, sessionId);
  }

  Optional<StoredCheckpoint> checkpoint(String checkpointId) throws SQLException {
    return SqliteCheckpoints.read(connection, checkpointId);
  }

  Optional<FrameSpans> spansHolding(SessionId sessionId, long seq) throws SQLException {
    return one(
        "SELECT last_seq, spans, sum FROM frame_index WHERE session = ? AND last_seq >= ?"
            + " ORDER BY last_seq LIMIT 1",
        row -> {
          byte[] spans = blob(row, 2);
          requireSum(
              "an index of frames", row.getLong(3), RowSum.of(sessionId, row.getLong(1), spans));
          return FrameSpans.decode(spans);
        },
        sessionId.toString(),
        seq);
  }

  List<String> recoveries(Optional<SessionId> sessionId, int limit) throws SQLException {
    String session = sessionId.map(SessionId::toString).orElse("");
    return each(
        "SELECT id, at_millis, body, sum FROM recovery WHERE session = ?"
            + " ORDER BY at_millis DESC LIMIT ?",
        row -> {
          String body = text(row, 3);
          requireSum(
              "a recovery record",
              row.getLong(4),
              RowSum.of(text(row, 1), session, row.getLong(2), body));
          return body;
        },
        session,
        limit);
  }

  /// A text that is never absent in a sound store.
  private static String text(ResultSet row, int column) throws SQLException {
    String text = row.getString(column);
    if (text == null) {
      throw new DamagedException("a value of a row is missing");
    }
    return text;
  }

  /// Bytes as they are stored; none where a damaged row has none.
  private static byte[] blob(ResultSet row, int column) throws SQLException {
    byte[] bytes = row.getBytes(column);
    return bytes == null ? new byte[0] : bytes;
  }

  private static void requireSum(String what, long stored, long computed) {
    if (stored != computed) {
      throw new DamagedException("the checksum of " + what + " does not hold");
    }
  }

  List<String> check() throws SQLException {
    List<String> answer = each("PRAGMA integrity_check", row -> row.getString(1));
    return answer.equals(List.of("ok")) ? List.of() : answer;
  }

  @FunctionalInterface
  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> Optional<T> one(String sql, Row<T> reading, Object... values) throws SQLException {
    List<T> found = each(sql, reading, values);
    return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
  }

  private <T> List<T> each(String sql, Row<T> reading, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      SqliteConnections.bind(statement, values);
      var found = new ArrayList<T>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(reading.read(rows));
        }
      }
      return found;
    } catch (IllegalArgumentException e) {
      throw new DamagedException("a row cannot be read: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    for (AutoCloseable resource : List.of(slice, connection)) {
      try {
        resource.close();
      } catch (Exception e) {
        // A reader holds nothing that could be lost.
        System.getLogger(SqliteReader.class.getName())
            .log(System.Logger.Level.DEBUG, "closing a reader failed", e);
      }
    }
  }
}

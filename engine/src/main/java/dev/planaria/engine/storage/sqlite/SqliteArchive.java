package dev.planaria.engine.storage.sqlite;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.DroppedException;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Journal.FrameVisitor;
import dev.planaria.engine.storage.archive.ArchivedFrames;
import dev.planaria.engine.storage.archive.FrameArchive;
import dev.planaria.engine.storage.archive.SegmentFiles;
import dev.planaria.engine.storage.archive.SegmentInfo;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The index of the archive, and the rows of frames that move there. Thread-safe as its store is.
final class SqliteArchive implements FrameArchive {

  private static final String COLUMNS =
      "first_frame, hash_before, last_frame, last_hash, sha256, bytes, archived_at_millis,"
          + " dropped, sum";

  private final SqliteStore store;
  private final SegmentFiles files;
  private final ArchivedFrames archived;

  /// @param store whose rows these are
  /// @param files where the segments lie
  SqliteArchive(SqliteStore store, SegmentFiles files) {
    this.store = store;
    this.files = files;
    this.archived = new ArchivedFrames(files);
  }

  @Override
  public List<SegmentInfo> segments() {
    return store.read(
        "reading the archive's index", reading -> segments(reading.connection(), false));
  }

  @Override
  public FrameHead historyStart() {
    return store.read("reading the archive's index", reading -> historyStart(reading.connection()));
  }

  @Override
  public long firstFrame() {
    return store.read("reading the first frame", reading -> firstFrame(reading.connection()));
  }

  @Override
  public List<byte[]> frames(long fromId, long throughId, long bytes) {
    return store.read(
        "reading frames", reading -> frames(reading.connection(), fromId, throughId, bytes));
  }

  @Override
  public SegmentFiles segmentFiles() {
    return files;
  }

  @Override
  public void addSegment(SegmentInfo segment) {
    store.transaction("adding a segment", connection -> add(connection, segment));
  }

  @Override
  public void deleteFrames(long fromId, long throughId) {
    store.transaction(
        "deleting archived frames",
        connection -> {
          delete(connection, fromId, throughId);
          // Every row that goes changes about a page.
          store.grew((throughId - fromId + 1) * SqliteSchema.PAGE_BYTES);
        });
  }

  @Override
  public void dropSegment(SegmentInfo segment) {
    store.transaction("dropping a segment", connection -> drop(connection, segment));
  }

  /// A part of a frame that has no row any more.
  ///
  /// @throws DroppedException when it was dropped for its age
  /// @throws DamagedException when it is nowhere, or its segment is not what was written
  byte[] slice(long frameId, int from, int to) {
    byte[] frame =
        archived
            .frame(segments(), frameId)
            .orElseThrow(() ->
                frameId <= historyStart().id()
                    ? new DroppedException(frameId)
                    : new DamagedException("frame " + frameId + " is not in the store"));
    return Arrays.copyOfRange(
        frame, Math.min(from, frame.length), Math.max(from, Math.min(to, frame.length)));
  }

  /// Hands frames between two ids to the visitor, as the index on this connection says.
  void scan(Connection connection, long afterId, long beforeId, FrameVisitor visitor)
      throws SQLException {
    archived.scan(segments(connection, false), afterId, beforeId, visitor);
  }

  /// Reads everything and says what is wrong, in sentences.
  List<String> check() {
    try {
      return archived.check(segments());
    } catch (DamagedException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  private static List<SegmentInfo> segments(Connection connection, boolean dropped)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT " + COLUMNS + " FROM archive_segment ORDER BY first_frame")) {
      var found = new ArrayList<SegmentInfo>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          SegmentInfo segment = segment(rows);
          boolean isDropped = rows.getLong(8) != 0;
          if (rows.getLong(9) != sumOf(segment, isDropped)) {
            throw new DamagedException("a line of the archive's index has a wrong checksum");
          }
          if (isDropped == dropped) {
            found.add(segment);
          }
        }
      }
      return found;
    }
  }

  private static SegmentInfo segment(ResultSet row) throws SQLException {
    try {
      return new SegmentInfo(
          new FrameHead(row.getLong(1) - 1, Hash.parse(String.valueOf(row.getString(2)))),
          new FrameHead(row.getLong(3), Hash.parse(String.valueOf(row.getString(4)))),
          Hash.parse(String.valueOf(row.getString(5))),
          row.getLong(6),
          row.getLong(7));
    } catch (IllegalArgumentException e) {
      throw new DamagedException("a line of the archive's index cannot be read: " + e.getMessage());
    }
  }

  private static FrameHead historyStart(Connection connection) throws SQLException {
    List<SegmentInfo> dropped = segments(connection, true);
    return dropped.isEmpty() ? FrameHead.START : dropped.getLast().last();
  }

  private static long firstFrame(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT min(id) FROM frame");
        ResultSet row = statement.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private static List<byte[]> frames(Connection connection, long fromId, long throughId, long bytes)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT id, body FROM frame WHERE id BETWEEN ? AND ? ORDER BY id")) {
      statement.setLong(1, fromId);
      statement.setLong(2, throughId);
      var found = new ArrayList<byte[]>();
      long size = 0;
      try (ResultSet rows = statement.executeQuery()) {
        while (size < bytes && rows.next()) {
          if (rows.getLong(1) != fromId + found.size()) {
            throw new DamagedException("frame " + (fromId + found.size()) + " is missing");
          }
          byte[] body = rows.getBytes(2);
          if (body == null) {
            throw new DamagedException("frame " + (fromId + found.size()) + " has no content");
          }
          found.add(body);
          size += body.length;
        }
      }
      return found;
    }
  }

  private static void add(Connection connection, SegmentInfo segment) throws SQLException {
    List<SegmentInfo> present = segments(connection, false);
    FrameHead end = present.isEmpty() ? historyStart(connection) : present.getLast().last();
    if (!segment.before().equals(end)) {
      throw new SQLException("segment " + segment.fileName() + " does not follow the archive");
    }
    SqliteConnections.update(
        connection,
        "INSERT INTO archive_segment (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)",
        segment.firstFrame(),
        segment.before().hash().toString(),
        segment.last().id(),
        segment.last().hash().toString(),
        segment.sha256().toString(),
        segment.bytes(),
        segment.archivedAtMillis(),
        sumOf(segment, false));
  }

  private static long sumOf(SegmentInfo segment, boolean dropped) {
    return RowSum.of(
        segment.firstFrame(),
        segment.before().hash(),
        segment.last().id(),
        segment.last().hash(),
        segment.sha256(),
        segment.bytes(),
        segment.archivedAtMillis(),
        dropped);
  }

  /// Deletes rows of frames; refuses when not all of them are in one segment.
  private static void delete(Connection connection, long fromId, long throughId)
      throws SQLException {
    boolean held =
        segments(connection, false).stream()
            .anyMatch(segment -> segment.holds(fromId) && segment.holds(throughId));
    if (!held) {
      throw new SQLException("frames " + fromId + " to " + throughId + " are not in the archive");
    }
    SqliteConnections.update(
        connection, "DELETE FROM frame WHERE id BETWEEN ? AND ?", fromId, throughId);
  }

  /// The line of the last one that was dropped stays: it says where the journal begins.
  private static void drop(Connection connection, SegmentInfo segment) throws SQLException {
    List<SegmentInfo> present = segments(connection, false);
    if (present.isEmpty() || !present.getFirst().equals(segment)) {
      throw new SQLException("segment " + segment.fileName() + " is not the oldest");
    }
    SqliteConnections.update(connection, "DELETE FROM archive_segment WHERE dropped = 1");
    SqliteConnections.update(
        connection,
        "UPDATE archive_segment SET dropped = 1, sum = ? WHERE first_frame = ?",
        sumOf(segment, true),
        segment.firstFrame());
  }
}

package dev.planaria.engine.storage.sqlite;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.JournalException.Fenced;
import dev.planaria.engine.journal.Witnessed;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/// The one row that describes a store, with a checksum over its values: a flipped bit in a header
/// field of SQLite's (`user_version`, say) would go unnoticed.
///
/// @param format of the tables
/// @param epoch fencing token of the process that may write
/// @param closedEpoch the epoch whose process closed the store in order; 0 for none
/// @param lowWater frames up to here need not be read
/// @param writes how many transactions beside the frames there were: the witness tells when some of
///   them are missing
record StoreRow(int format, long epoch, long closedEpoch, FrameHead lowWater, long writes) {

  /// Makes the tables in a store that has none, then raises the epoch, all in one transaction.
  ///
  /// @param witnessed what the store must be above from here on, if anything
  static StoreRow begin(Connection connection, Optional<Witnessed> witnessed) throws SQLException {
    SqliteConnections.run(connection, "BEGIN IMMEDIATE");
    if (isEmpty(connection)) {
      for (String table : SqliteSchema.TABLES) {
        SqliteConnections.run(connection, table);
      }
      new StoreRow(SqliteSchema.FORMAT, 0, 0, FrameHead.START, 0).insert(connection);
    }
    StoreRow before = read(connection);
    StoreRow now =
        new StoreRow(
            before.format,
            Math.max(before.epoch, witnessed.map(Witnessed::epoch).orElse(0L)) + 1,
            before.closedEpoch,
            before.lowWater,
            Math.max(before.writes, witnessed.map(Witnessed::writes).orElse(0L)) + 1);
    now.update(connection);
    SqliteConnections.run(connection, "COMMIT");
    return now;
  }

  /// What the store says of itself, without claiming it; empty when it has no tables yet.
  static Optional<StoreRow> look(Connection connection) throws SQLException {
    return isEmpty(connection) ? Optional.empty() : Optional.of(read(connection));
  }

  /// True when the process that had the epoch closed the store in order.
  boolean isClosed() {
    return closedEpoch == epoch;
  }

  /// Begins the part of a transaction that writes: refuses to go on when another process has raised
  /// the epoch, and counts.
  ///
  /// @return how many writes there are with this one
  static long countWrite(Connection connection, long epoch) throws SQLException {
    StoreRow row = read(connection);
    if (row.epoch != epoch) {
      SqliteConnections.run(connection, "ROLLBACK");
      throw new Fenced(epoch);
    }
    new StoreRow(row.format, row.epoch, row.closedEpoch, row.lowWater, row.writes + 1)
        .update(connection);
    return row.writes + 1;
  }

  static void moveLowWater(Connection connection, FrameHead lowWater) throws SQLException {
    StoreRow row = read(connection);
    new StoreRow(row.format, row.epoch, row.closedEpoch, lowWater, row.writes).update(connection);
  }

  static void markClosed(Connection connection) throws SQLException {
    StoreRow row = read(connection);
    new StoreRow(row.format, row.epoch, row.epoch, row.lowWater, row.writes).update(connection);
  }

  private static boolean isEmpty(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM sqlite_master")) {
      result.next();
      return result.getInt(1) == 0;
    }
  }

  /// The format first: a table of another format may lack what is asked for next.
  private static void requireFormat(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT format FROM store WHERE only = 1")) {
      if (!result.next()) {
        throw new DamagedException("the row that describes the store is missing");
      }
      if (result.getInt(1) != SqliteSchema.FORMAT) {
        throw new StoreFormatException(result.getInt(1));
      }
    }
  }

  private static StoreRow read(Connection connection) throws SQLException {
    requireFormat(connection);
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT format, epoch, closed_epoch, low_water, low_water_hash, writes, checksum"
                    + " FROM store WHERE only = 1")) {
      result.next();
      var row =
          new StoreRow(
              result.getInt(1),
              result.getLong(2),
              result.getLong(3),
              new FrameHead(result.getLong(4), Hash.parse(String.valueOf(result.getString(5)))),
              result.getLong(6));
      if (!row.checksum().equals(result.getString(7))) {
        throw new DamagedException(
            "the checksum of the row that describes the store does not hold");
      }
      return row;
    } catch (IllegalArgumentException e) {
      throw new DamagedException("the row that describes the store cannot be read");
    }
  }

  private void insert(Connection connection) throws SQLException {
    SqliteConnections.update(
        connection,
        "INSERT INTO store (only, format, epoch, closed_epoch, low_water, low_water_hash, writes,"
            + " checksum) VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
        values());
  }

  private void update(Connection connection) throws SQLException {
    SqliteConnections.update(
        connection,
        "UPDATE store SET format = ?, epoch = ?, closed_epoch = ?, low_water = ?,"
            + " low_water_hash = ?, writes = ?, checksum = ? WHERE only = 1",
        values());
  }

  private Object[] values() {
    return new Object[] {
      format, epoch, closedEpoch, lowWater.id(), lowWater.hash().toString(), writes, checksum()
    };
  }

  private String checksum() {
    String values =
        "planaria-store "
            + format
            + ' '
            + epoch
            + ' '
            + closedEpoch
            + ' '
            + lowWater.id()
            + ' '
            + lowWater.hash()
            + ' '
            + writes;
    return Hash.sha256(values.getBytes(StandardCharsets.UTF_8)).toString();
  }
}

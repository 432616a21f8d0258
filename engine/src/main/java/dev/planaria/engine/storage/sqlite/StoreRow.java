package dev.planaria.engine.storage.sqlite;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.storage.StoreMarks;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// The one row that describes a store, with a checksum over its values: a flipped bit in a header
/// field of SQLite's (`user_version`, say) would go unnoticed.
///
/// @param format of the tables
/// @param epoch fencing token of the process that may write
/// @param closedEpoch the epoch whose process closed the store in order; 0 for none
/// @param lowWater frames up to here need not be read
record StoreRow(int format, long epoch, long closedEpoch, FrameHead lowWater) {

  /// Makes the tables in a fresh store, then raises the epoch, all in one transaction.
  static StoreMarks begin(Connection connection, boolean fresh) throws SQLException {
    SqliteConnections.run(connection, "BEGIN IMMEDIATE");
    if (fresh || isEmpty(connection)) {
      for (String table : SqliteSchema.TABLES) {
        SqliteConnections.run(connection, table);
      }
      new StoreRow(SqliteSchema.FORMAT, 0, 0, FrameHead.START).insert(connection);
    }
    StoreRow before = read(connection);
    if (before.format != SqliteSchema.FORMAT) {
      throw new StoreFormatException(before.format);
    }
    StoreRow now =
        new StoreRow(before.format, before.epoch + 1, before.closedEpoch, before.lowWater);
    now.update(connection);
    SqliteConnections.run(connection, "COMMIT");
    return new StoreMarks(now.epoch, before.closedEpoch == before.epoch, before.lowWater);
  }

  /// What the store says of itself, without claiming it.
  static StoreMarks look(Connection connection) throws SQLException {
    StoreRow row = read(connection);
    return new StoreMarks(row.epoch, row.closedEpoch == row.epoch, row.lowWater);
  }

  /// Refuses to go on when another process has raised the epoch.
  static void requireEpoch(Connection connection, long epoch) throws SQLException {
    StoreRow row = read(connection);
    if (row.epoch != epoch) {
      SqliteConnections.run(connection, "ROLLBACK");
      throw new dev.planaria.engine.journal.JournalException.Fenced(epoch);
    }
  }

  static void moveLowWater(Connection connection, FrameHead lowWater) throws SQLException {
    StoreRow row = read(connection);
    new StoreRow(row.format, row.epoch, row.closedEpoch, lowWater).update(connection);
  }

  static void markClosed(Connection connection) throws SQLException {
    StoreRow row = read(connection);
    new StoreRow(row.format, row.epoch, row.epoch, row.lowWater).update(connection);
  }

  private static boolean isEmpty(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM sqlite_master")) {
      result.next();
      return result.getInt(1) == 0;
    }
  }

  private static StoreRow read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT format, epoch, closed_epoch, low_water, low_water_hash, checksum FROM store"
                    + " WHERE only = 1")) {
      if (!result.next()) {
        throw new DamagedException("the row that describes the store is missing");
      }
      int format = result.getInt(1);
      String sum = result.getString(6);
      if (format > SqliteSchema.FORMAT) {
        throw new StoreFormatException(format);
      }
      StoreRow row;
      try {
        row =
            new StoreRow(
                format,
                result.getLong(2),
                result.getLong(3),
                new FrameHead(result.getLong(4), Hash.parse(String.valueOf(result.getString(5)))));
      } catch (IllegalArgumentException e) {
        throw new DamagedException("the row that describes the store cannot be read");
      }
      if (!row.checksum().equals(sum)) {
        throw new DamagedException(
            "the checksum of the row that describes the store does not hold");
      }
      return row;
    }
  }

  private void insert(Connection connection) throws SQLException {
    SqliteConnections.update(
        connection,
        "INSERT INTO store (only, format, epoch, closed_epoch, low_water, low_water_hash, checksum)"
            + " VALUES (1, ?, ?, ?, ?, ?, ?)",
        format,
        epoch,
        closedEpoch,
        lowWater.id(),
        lowWater.hash().toString(),
        checksum());
  }

  private void update(Connection connection) throws SQLException {
    SqliteConnections.update(
        connection,
        "UPDATE store SET format = ?, epoch = ?, closed_epoch = ?, low_water = ?,"
            + " low_water_hash = ?, checksum = ? WHERE only = 1",
        format,
        epoch,
        closedEpoch,
        lowWater.id(),
        lowWater.hash().toString(),
        checksum());
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
            + lowWater.hash();
    return Hash.sha256(values.getBytes(StandardCharsets.UTF_8)).toString();
  }
}

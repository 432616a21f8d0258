package dev.planaria.engine.storage.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/// Opens the database the one way that keeps what was acknowledged.
///
/// WAL with `synchronous=FULL`: every commit is one fsync of the log. `NORMAL` lost acknowledged
/// rows in 9 of 12 simulated power losses and `OFF` corrupted the file, while killing the process
/// shows neither. On macOS `fsync` does not reach the disk, hence `fullfsync`. The log is moved by
/// [WalMover], never inside a commit.
final class SqliteConnections {

  /// How long a statement waits for another connection of this process.
  private static final int BUSY_MILLIS = 10_000;

  private SqliteConnections() {}

  /// The connection of the writer thread.
  static Connection writer(Path file) throws SQLException {
    Connection connection = open(file, false);
    expect(connection, "PRAGMA journal_mode = WAL", "wal");
    run(connection, "PRAGMA synchronous = FULL");
    run(connection, "PRAGMA wal_autocheckpoint = 0");
    run(connection, "PRAGMA fullfsync = ON");
    run(connection, "PRAGMA checkpoint_fullfsync = ON");
    return connection;
  }

  /// A connection that only reads.
  static Connection reader(Path file) throws SQLException {
    Connection connection = open(file, false);
    run(connection, "PRAGMA query_only = ON");
    return connection;
  }

  /// A connection that cannot change the files, not even when it is closed: the last one that can
  /// write moves the log into the database and deletes it.
  static Connection lookingOn(Path file) throws SQLException {
    return open(file, true);
  }

  /// The connection that moves the log into the database.
  static Connection mover(Path file) throws SQLException {
    Connection connection = open(file, false);
    run(connection, "PRAGMA fullfsync = ON");
    run(connection, "PRAGMA checkpoint_fullfsync = ON");
    run(connection, "PRAGMA wal_autocheckpoint = 0");
    return connection;
  }

  private static Connection open(Path file, boolean readOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(readOnly);
    config.setBusyTimeout(BUSY_MILLIS);
    return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
  }

  /// Runs a statement without a result.
  static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void expect(Connection connection, String sql, String answer) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      String found = result.next() ? result.getString(1) : "nothing";
      if (!answer.equals(found)) {
        throw new SQLException(sql + " answered " + found + ", not " + answer);
      }
    }
  }

  /// What a WAL checkpoint achieved.
  ///
  /// @param busy true when a reader or writer kept it from finishing
  /// @param logPages pages in the log
  /// @param movedPages pages of it that are in the database now
  record Moved(boolean busy, int logPages, int movedPages) {

    /// True when the next commit can start the log over.
    boolean isComplete() {
      return !busy && logPages == movedPages;
    }
  }

  /// Runs `PRAGMA wal_checkpoint(mode)`.
  static Moved moveLog(Connection connection, String mode) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
      result.next();
      return new Moved(result.getInt(1) != 0, result.getInt(2), result.getInt(3));
    }
  }

  /// Runs an update inside the transaction that is open.
  static int update(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeUpdate();
    }
  }

  /// Binds values in order.
  static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }
}

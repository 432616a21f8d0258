package dev.planaria.engine.storage.sqlite;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.Store;
import dev.planaria.engine.storage.StoredBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// What lies in a SQLite file that no process has open.
///
/// @param directory where the store is
public record SqliteBytes(Path directory) implements StoredBytes {

  @Override
  public Store open() {
    return SqliteStore.open(directory);
  }

  @FunctionalInterface
  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private <T> T with(Work<T> work) {
    try (Connection connection =
        SqliteConnections.writer(directory.resolve(SqliteStore.DATABASE))) {
      return work.on(connection);
    } catch (SQLException e) {
      throw new AssertionError("the test's own access to the store failed", e);
    }
  }

  @Override
  public NavigableMap<Long, byte[]> frames() {
    return with(connection -> {
      var frames = new TreeMap<Long, byte[]>();
      try (PreparedStatement select = connection.prepareStatement("SELECT id, body FROM frame");
          ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          frames.put(rows.getLong(1), rows.getBytes(2));
        }
      }
      return frames;
    });
  }

  /// The witness names the last frame; where that is another one now, a witness is made anew.
  @Override
  public void putFrames(NavigableMap<Long, byte[]> changed) {
    long last = frames().lastKey();
    with(connection -> {
      SqliteConnections.run(connection, "BEGIN IMMEDIATE");
      for (var frame : changed.entrySet()) {
        SqliteConnections.update(connection, "DELETE FROM frame WHERE id = ?", frame.getKey());
        if (frame.getValue().length > 0) {
          SqliteConnections.update(
              connection,
              "INSERT INTO frame (id, body) VALUES (?, ?)",
              frame.getKey(),
              frame.getValue());
        }
      }
      SqliteConnections.run(connection, "COMMIT");
      return true;
    });
    if (changed.containsKey(last)) {
      try {
        Files.deleteIfExists(directory.resolve(SqliteStore.WITNESS));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public List<StoredCheckpoint> checkpoints(SessionId session) {
    return with(connection -> {
      var found = new ArrayList<StoredCheckpoint>();
      for (CheckpointInfo info : SqliteCheckpoints.of(connection, session)) {
        SqliteCheckpoints.read(connection, info.id()).ifPresent(found::add);
      }
      return found;
    });
  }

  @Override
  public Optional<StoredCheckpoint> checkpoint(String id) {
    return with(connection -> SqliteCheckpoints.read(connection, id));
  }

  @Override
  public void putCheckpoint(StoredCheckpoint checkpoint) {
    with(connection -> {
      SqliteCheckpoints.delete(connection, List.of(checkpoint.info().id()));
      SqliteCheckpoints.save(connection, checkpoint);
      SqliteConnections.update(
          connection, "UPDATE checkpoint SET verified = sum WHERE id = ?", checkpoint.info().id());
      return true;
    });
  }

  @Override
  public void dropCheckpoint(String id) {
    with(connection -> {
      SqliteCheckpoints.delete(connection, List.of(id));
      return true;
    });
  }
}

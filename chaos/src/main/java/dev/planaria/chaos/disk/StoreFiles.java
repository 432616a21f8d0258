package dev.planaria.chaos.disk;

import dev.planaria.engine.storage.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The files of a store in its data directory: database, log, witness, what was under way, and the
/// archive.
///
/// @param data the data directory
public record StoreFiles(Path data) {

  private static final String INFLIGHT = "inflight";

  /// True for what a store must find again when its process and the system below it are gone.
  ///
  /// @param name a path below the data directory
  public static boolean isDurable(String name) {
    return isDurableDatabase(name)
        || name.equals(SqliteStore.WITNESS)
        || name.startsWith(SqliteStore.ARCHIVE + "/");
  }

  /// True for the database and SQLite's log beside it; its index of that log is made anew.
  ///
  /// @param name a path below the data directory
  public static boolean isDurableDatabase(String name) {
    return name.equals(SqliteStore.DATABASE) || name.equals(SqliteStore.DATABASE + "-wal");
  }

  /// The file of the database.
  public Path database() {
    return data.resolve(SqliteStore.DATABASE);
  }

  /// SQLite's log beside it.
  public Path log() {
    return data.resolve(SqliteStore.DATABASE + "-wal");
  }

  /// The witness.
  public Path witness() {
    return data.resolve(SqliteStore.WITNESS);
  }

  /// The segments of the archive, in the order of their names.
  public List<Path> segments() throws IOException {
    Path archive = data.resolve(SqliteStore.ARCHIVE);
    if (!Files.isDirectory(archive)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(archive)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /// What all of these hold now, by path. A file that is being written may be torn in it.
  public Map<Path, byte[]> copy() throws IOException {
    var copy = new TreeMap<Path, byte[]>();
    for (Path file : present()) {
      copy.put(file, Files.readAllBytes(file));
    }
    return copy;
  }

  private List<Path> present() throws IOException {
    Path index = data.resolve(SqliteStore.DATABASE + "-shm");
    return Stream.concat(
            Stream.of(database(), log(), index, witness(), data.resolve(INFLIGHT)),
            segments().stream())
        .filter(Files::isRegularFile)
        .toList();
  }

  /// Puts back what [#copy] gave, and removes what was not there then.
  public void restore(Map<Path, byte[]> copy) throws IOException {
    for (Path file : present()) {
      if (!copy.containsKey(file)) {
        Files.delete(file);
      }
    }
    for (Map.Entry<Path, byte[]> file : copy.entrySet()) {
      Files.write(file.getKey(), file.getValue());
    }
  }
}

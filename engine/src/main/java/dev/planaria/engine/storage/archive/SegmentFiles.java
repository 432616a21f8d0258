package dev.planaria.engine.storage.archive;

import java.util.List;

/// Where segments lie. Thread-safe. All methods throw
/// [dev.planaria.engine.journal.JournalException.StoreFailed] when the disk fails.
public interface SegmentFiles {

  /// Writes a file, or replaces it. It may be lost, or torn, until it is synced.
  void write(String name, byte[] content);

  /// Returns when a file and its name are on disk.
  void sync(String name);

  /// A whole file.
  ///
  /// @throws dev.planaria.engine.journal.DamagedException when there is none
  byte[] read(String name);

  /// Removes a file; one that is not there is no matter.
  void delete(String name);

  /// All files.
  List<String> names();
}

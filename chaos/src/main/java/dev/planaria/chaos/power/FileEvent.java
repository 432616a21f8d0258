package dev.planaria.chaos.power;

/// One thing that a traced process did to a file. Files are named as their paths below the traced
/// directory.
sealed interface FileEvent {

  /// The file.
  String file();

  /// Bytes were handed to the operating system.
  ///
  /// @param offset where in the file they stand
  /// @param bytes what was written; nobody changes it
  @SuppressWarnings("ArrayRecordComponent")
  record Wrote(String file, long offset, byte[] bytes) implements FileEvent {}

  /// A file was given another length.
  record Cut(String file, long length) implements FileEvent {}

  /// A sync has ended.
  ///
  /// @param begunAfter how many events of the trace had happened when it began: it is a promise for
  ///   those, and for none that happened while it ran
  record Synced(String file, int begunAfter) implements FileEvent {}

  /// A file was removed.
  record Removed(String file) implements FileEvent {}

  /// A file was given another name, and replaced what had that name.
  ///
  /// @param to the new name
  record Renamed(String file, String to) implements FileEvent {}
}

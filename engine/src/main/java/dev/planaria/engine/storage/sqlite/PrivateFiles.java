package dev.planaria.engine.storage.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// Files that nobody else on the machine may read.
final class PrivateFiles {

  private PrivateFiles() {}

  /// Makes an empty file with mode 0600 if there is none. SQLite gives its log and its index the
  /// mode of the database.
  static void create(Path file) throws IOException {
    try {
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      } else {
        Files.createFile(file);
      }
    } catch (FileAlreadyExistsException e) {
      // It is there already, which is all that was asked for.
      return;
    }
  }

  /// Returns when the name of a file is on disk; where directories cannot be opened, the file
  /// system sees to it.
  static void syncDirectoryOf(Path file) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel =
          FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}

package dev.planaria.app.api;

import dev.planaria.engine.session.EngineEnvironment;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Where whoever serves the store and the command line hand files to each other: a directory beside
/// the store, mode 0700, with files of mode 0600 whose names are made up here. No other path is
/// ever taken from a request. Thread-safe.
///
/// @param path the directory; made when it is needed
/// @param sources time, and the ids that names are made of
public record TransferDirectory(Path path, EngineEnvironment sources) {

  /// Nobody takes that long over a file; what is older was left by a process that was killed.
  private static final long ABANDONED_MILLIS = 86_400_000;

  private static final Pattern ID = Pattern.compile("[0-9a-f-]{16,36}");

  /// The directory that belongs to a data directory.
  public static TransferDirectory of(Path dataDirectory, EngineEnvironment sources) {
    return new TransferDirectory(dataDirectory.resolve("transfer"), sources);
  }

  /// A name for a new file. Removes what was left behind.
  public String newName() throws IOException {
    Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    removeAbandoned();
    return sources.newId().get().toString();
  }

  private void removeAbandoned() throws IOException {
    long before = sources.nowMillis().getAsLong() - ABANDONED_MILLIS;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        BasicFileAttributes found =
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (found.isRegularFile() && found.lastModifiedTime().toMillis() < before) {
          Files.deleteIfExists(file);
        }
      }
    } catch (NoSuchFileException gone) {
      return; // somebody else was faster
    }
  }

  /// The file of that name, be it there or not; empty when it cannot be one of ours.
  public Optional<Path> file(String name) {
    return ID.matcher(name).matches() ? Optional.of(path.resolve(name)) : Optional.empty();
  }

  /// True when a file of that name was handed in.
  public boolean holds(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  /// Copies a file so that the copy is private, whole and on disk, or not there.
  ///
  /// @param to a file that is not there
  /// @throws java.nio.file.FileAlreadyExistsException when it is
  public static void copy(Path from, Path to) throws IOException {
    boolean whole = false;
    try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel target =
            FileChannel.open(
                to,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")))) {
      try {
        long size = source.size();
        long done = 0;
        while (done < size) {
          done += source.transferTo(done, size - done, target);
        }
        target.force(true);
        whole = true;
      } finally {
        if (!whole) {
          Files.deleteIfExists(to);
        }
      }
    }
  }
}

package dev.planaria.engine.storage.archive;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.JournalException.StoreFailed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Segments in a directory of their own, mode 0700, each a file with mode 0600.
public final class DirectorySegments implements SegmentFiles {

  private final Path directory;

  /// @param directory made when the first segment is written
  public DirectorySegments(Path directory) {
    this.directory = directory;
  }

  @Override
  public void write(String name, byte[] content) {
    Path file = directory.resolve(name);
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectory(directory, mode("rwx------"));
        force(directory.resolveSibling("."));
      }
      Files.deleteIfExists(file);
      try (FileChannel channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              mode("rw-------"))) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
      }
    } catch (IOException e) {
      throw new StoreFailed("writing " + file, e);
    }
  }

  @Override
  public void sync(String name) {
    Path file = directory.resolve(name);
    try {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      force(directory);
    } catch (IOException e) {
      throw new StoreFailed("syncing " + file, e);
    }
  }

  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public byte[] read(String name) {
    Path file = directory.resolve(name);
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new DamagedException("segment " + name + " of the archive is missing");
    } catch (IOException e) {
      throw new StoreFailed("reading " + file, e);
    }
  }

  @Override
  public void delete(String name) {
    Path file = directory.resolve(name);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new StoreFailed("deleting " + file, e);
    }
  }

  @Override
  public List<String> names() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new StoreFailed("listing " + directory, e);
    }
  }

  private static FileAttribute<?>[] mode(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}

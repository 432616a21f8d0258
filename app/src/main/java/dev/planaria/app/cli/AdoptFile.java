package dev.planaria.app.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/// A client's configuration on disk, and its backups beside it: `FILE.planaria-backup`, then
/// `FILE.planaria-backup-2` and so on. Files are replaced whole, keep their modes, and a symbolic
/// link stays one. Used by one thread.
final class AdoptFile {

  /// A configuration has some kilobytes; what is larger is something else.
  private static final long MOST_BYTES = 4 << 20;

  private static final String SUFFIX = ".planaria-backup";

  private static final int MOST_BACKUPS = 1_000;

  private final Path file;

  private AdoptFile(Path file) {
    this.file = file;
  }

  /// The file that is named, through symbolic links.
  ///
  /// @throws CommandFailure when there is none that can be read
  static AdoptFile of(Path named) throws IOException {
    if (!Files.exists(named)) {
      throw new CommandFailure(ExitStatus.NOT_FOUND, "there is no " + named);
    }
    Path file = named.toRealPath();
    if (!Files.isRegularFile(file)) {
      throw new CommandFailure(ExitStatus.FAILED, named + " is not a regular file");
    }
    if (Files.size(file) > MOST_BYTES) {
      throw new CommandFailure(
          ExitStatus.FAILED, named + " is larger than " + MOST_BYTES + " bytes");
    }
    return new AdoptFile(file);
  }

  /// Where it lies.
  Path path() {
    return file;
  }

  /// What it holds.
  byte[] bytes() throws IOException {
    return Files.readAllBytes(file);
  }

  /// What those bytes say.
  ///
  /// @throws CommandFailure when they are no UTF-8
  static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new CommandFailure(ExitStatus.FAILED, "the file is not UTF-8", e);
    }
  }

  /// The newest backup.
  Optional<Path> newestBackup() {
    Path newest = null;
    for (int i = 1; i <= MOST_BACKUPS && Files.exists(backup(i), LinkOption.NOFOLLOW_LINKS); i++) {
      newest = backup(i);
    }
    return Optional.ofNullable(newest);
  }

  private Path backup(int number) {
    return file.resolveSibling(file.getFileName() + SUFFIX + (number == 1 ? "" : "-" + number));
  }

  /// Keeps what was there under a name that nothing has.
  ///
  /// @return the backup
  Path keep(byte[] before) throws IOException {
    for (int i = 1; i <= MOST_BACKUPS; i++) {
      Path backup = backup(i);
      if (!Files.exists(backup, LinkOption.NOFOLLOW_LINKS)) {
        write(backup, before);
        return backup;
      }
    }
    throw new CommandFailure(
        ExitStatus.FAILED,
        "there are " + MOST_BACKUPS + " backups beside " + file + "; remove some");
  }

  /// Replaces the content, whole or not at all.
  ///
  /// @param before what was read; when somebody has changed it since, nothing is done
  void replace(byte[] before, byte[] after) throws IOException {
    Path fresh = file.resolveSibling("." + file.getFileName() + ".planaria-new");
    Files.deleteIfExists(fresh);
    write(fresh, after);
    if (!Arrays.equals(before, bytes())) {
      Files.delete(fresh);
      throw new CommandFailure(
          ExitStatus.FAILED, file + " was changed by somebody else meanwhile; try again");
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Written under the mode of the file itself from its first byte on: it may hold secrets.
  private void write(Path path, byte[] content) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    Set<PosixFilePermission> mode = posix ? Files.getPosixFilePermissions(file) : Set.of();
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel =
        posix
            ? FileChannel.open(
                path,
                options,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
            : FileChannel.open(path, options)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    if (posix) {
      Files.setPosixFilePermissions(path, mode);
    }
  }
}

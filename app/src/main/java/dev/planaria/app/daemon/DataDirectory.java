package dev.planaria.app.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The directory that holds everything a daemon keeps: the store, the operator's token, the logs.
/// Only its owner may look into it. Thread-safe.
///
/// @param path absolute
public record DataDirectory(Path path) {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");

  /// The default place (XDG Base Directory Specification): `$XDG_STATE_HOME/planaria`, that is
  /// `~/.local/state/planaria`.
  ///
  /// @param xdgStateHome the variable's value, or null; one that is not absolute does not count
  /// @param home the user's home directory
  public static Path defaultPath(@Nullable String xdgStateHome, String home) {
    if (xdgStateHome != null && Path.of(xdgStateHome).isAbsolute()) {
      return Path.of(xdgStateHome, "planaria");
    }
    return Path.of(home, ".local", "state", "planaria");
  }

  /// Opens the directory, and creates it and `logs/` in it when they are missing.
  ///
  /// @throws IOException in one sentence: it is not a directory, not ours, or cannot be made
  public static DataDirectory open(Path path) throws IOException {
    var directory = path.toAbsolutePath().normalize();
    own(directory);
    own(directory.resolve("logs"));
    return new DataDirectory(directory);
  }

  private static void own(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
    // Without following links: a link could lead the daemon's files to somebody else's place.
    var found =
        Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isDirectory()) {
      throw new IOException(directory + " is not a directory; choose another with --data");
    }
    if (!isOurs(found)) {
      throw new IOException(
          directory + " belongs to " + found.owner().getName() + "; choose another with --data");
    }
    if (!found.permissions().equals(OWNER_ONLY)) {
      // Ours, so we may close it; whoever could have looked in before, could have.
      Files.setPosixFilePermissions(directory, OWNER_ONLY);
    }
  }

  private static boolean isOurs(PosixFileAttributes found) throws IOException {
    var self = Path.of("/proc/self");
    // A user without an entry in the password file has no name that could be compared.
    return Files.exists(self)
        ? found.owner().equals(Files.getOwner(self))
        : found.owner().getName().equals(System.getProperty("user.name"));
  }

  /// Where the log of that name is.
  public Path log(String name) {
    return path.resolve("logs").resolve(name);
  }

  /// Makes a log file ready to be appended to: mode 0600, and a fresh one when the old one is
  /// larger than given, which is then kept as `NAME.1`.
  public Path openLog(String name, long rotateBytes) throws IOException {
    var file = log(name);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(file + " is not a regular file");
      }
      if (Files.size(file) <= rotateBytes) {
        return file;
      }
      Files.move(file, log(name + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_FILE));
    return file;
  }
}

package dev.planaria.app.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Finds out who listens on a port, for an error message; Linux only, and only as far as we may
/// look.
public final class PortHolder {

  private static final String LISTENING = "0A";

  private PortHolder() {}

  /// The holder as "process 123 (name)", or nothing when it cannot be found.
  public static Optional<String> of(int port) {
    try {
      for (var table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
        var inode = inode(Path.of(table), port);
        if (inode.isPresent()) {
          return process(inode.get());
        }
      }
    } catch (IOException | UncheckedIOException _) {
      // Not Linux, or not allowed: the message does without.
    }
    return Optional.empty();
  }

  private static Optional<String> inode(Path table, int port) throws IOException {
    var suffix = String.format(Locale.ROOT, ":%04X", port);
    for (var line : Files.readAllLines(table)) {
      var columns = line.strip().split("\\s+", -1);
      if (columns.length > 9 && columns[1].endsWith(suffix) && columns[3].equals(LISTENING)) {
        return Optional.of(columns[9]);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> process(String inode) throws IOException {
    var wanted = "socket:[" + inode + "]";
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (var process : processes) {
        if (holds(process, wanted)) {
          var name = Files.readString(process.resolve("comm")).strip();
          return Optional.of("process " + process.getFileName() + " (" + name + ")");
        }
      }
    }
    return Optional.empty();
  }

  private static boolean holds(Path process, String wanted) {
    try (var descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (var descriptor : descriptors) {
        if (Files.readSymbolicLink(descriptor).toString().equals(wanted)) {
          return true;
        }
      }
    } catch (IOException _) {
      // Another user's process, or one that has just ended.
    }
    return false;
  }
}

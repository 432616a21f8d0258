package dev.planaria.app.front;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// Names the sockets on which workers listen: in the data directory when the name is short enough
/// for the kernel, else in a fresh directory of ours under the temporary one. Used by one thread.
public final class WorkerSockets {

  /// `sun_path` has 108 bytes on Linux and 104 elsewhere, with the final zero.
  private static final int PATH_BYTES = 100;

  private static final String PREFIX = "worker-";
  private static final String SUFFIX = ".sock";

  private final Path directory;
  private final boolean borrowed;
  private final long frontPid;

  private WorkerSockets(Path directory, boolean borrowed, long frontPid) {
    this.directory = directory;
    this.borrowed = borrowed;
    this.frontPid = frontPid;
  }

  /// Finds the place for a front's sockets, and deletes those that a former front left there.
  public static WorkerSockets in(Path dataDirectory, long frontPid) throws IOException {
    var longest = dataDirectory.resolve(PREFIX + frontPid + "-1000000000" + SUFFIX);
    if (longest.toString().getBytes(StandardCharsets.UTF_8).length > PATH_BYTES) {
      var fresh =
          Files.createTempDirectory(
              "planaria-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return new WorkerSockets(fresh, true, frontPid);
    }
    try (var old = Files.newDirectoryStream(dataDirectory, PREFIX + "*" + SUFFIX)) {
      for (var path : old) {
        Files.deleteIfExists(path);
      }
    }
    return new WorkerSockets(dataDirectory, false, frontPid);
  }

  /// Where the worker of that generation listens; nothing is there yet.
  public Path of(long generation) {
    return directory.resolve(PREFIX + frontPid + "-" + generation + SUFFIX);
  }

  /// The directory outside the data directory, or null when there is none.
  public @Nullable Path borrowedDirectory() {
    return borrowed ? directory : null;
  }

  /// Deletes the borrowed directory, once no socket is left in it.
  public void close() throws IOException {
    if (borrowed) {
      Files.deleteIfExists(directory);
    }
  }
}

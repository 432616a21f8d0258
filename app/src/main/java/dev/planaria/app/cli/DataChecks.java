package dev.planaria.app.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// What `planaria doctor` asks of the data directory and the disk below it. Leaves nothing behind.
final class DataChecks {

  private static final long MEBIBYTE = 1L << 20;

  /// Below this the store may fail within minutes.
  private static final long LEAST_BYTES = 100 * MEBIBYTE;

  /// Below this it is time to think about it.
  private static final long COMFORTABLE_BYTES = 1024 * MEBIBYTE;

  private static final int SYNCS = 21;

  private static final int SYNCED_BYTES = 4096;

  /// No disk syncs that fast; memory does, and so does a disk that lies.
  private static final long IMPLAUSIBLE_MICROS = 15;

  /// A single caller then gets fewer than 50 acknowledgements in a second.
  private static final long SLOW_MICROS = 20_000;

  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private final Path data;
  private final LongSupplier nanoTime;

  DataChecks(Path data, LongSupplier nanoTime) {
    this.data = data;
    this.nanoTime = nanoTime;
  }

  /// The directory is ours alone, and so is everything in it.
  Check permissions() {
    String name = "data directory";
    if (!Files.exists(data, LinkOption.NOFOLLOW_LINKS)) {
      return Check.ok(name, data + " does not exist yet; planaria up makes it");
    }
    if (!Files.isDirectory(data, LinkOption.NOFOLLOW_LINKS)) {
      return Check.fail(name, data + " is not a directory", "name another with --data");
    }
    if (!Files.isWritable(data)) {
      return Check.fail(
          name,
          data + " cannot be written by you",
          "name another with --data, or change its owner");
    }
    try {
      List<Path> open = openToOthers();
      return open.isEmpty()
          ? Check.ok(name, data.toString())
          : Check.warn(
              name,
              "others may use " + open.getFirst() + (open.size() > 1 ? " and more" : ""),
              "run chmod -R go-rwx on " + data);
    } catch (IOException failure) {
      return Check.fail(name, "cannot be read: " + failure.getMessage(), "check its owner");
    }
  }

  private List<Path> openToOthers() throws IOException {
    var open = new ArrayList<Path>();
    try (Stream<Path> inside = Files.walk(data, 2)) {
      for (Path path : inside.toList()) {
        // Files come and go while a daemon works; sockets lie behind the directory's own mode.
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || path.equals(data)) {
          var permissions = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
          if (permissions.stream().anyMatch(OTHERS::contains)) {
            open.add(path);
          }
        }
      }
    }
    return open;
  }

  /// Room for journal and checkpoints.
  Check space() {
    String name = "disk space";
    try {
      long free = Files.getFileStore(existing()).getUsableSpace();
      String found = free / MEBIBYTE + " MiB free";
      if (free < LEAST_BYTES) {
        return Check.fail(
            name, found, "free some, or name a directory on another disk with --data");
      }
      return free < COMFORTABLE_BYTES
          ? Check.warn(name, found, "free some soon: without space nothing can be acknowledged")
          : Check.ok(name, found);
    } catch (IOException failure) {
      return Check.fail(name, "unknown: " + failure.getMessage(), "check the disk");
    }
  }

  /// How long it takes until 4 KiB are on disk; no acknowledgement can be faster.
  Check syncSpeed() {
    String name = "fsync";
    try {
      long micros = medianSyncMicros();
      String found = "4 KiB are on disk after " + micros + " us (median of " + SYNCS + ")";
      if (micros < IMPLAUSIBLE_MICROS) {
        return Check.warn(
            name,
            found + ", faster than any disk",
            "if this is memory (tmpfs) or a cache without a battery, a power loss loses data");
      }
      return micros > SLOW_MICROS
          ? Check.warn(
              name, found, "acknowledgements will be slow; choose a faster disk with --data")
          : Check.ok(name, found);
    } catch (IOException failure) {
      return Check.fail(
          name, "a file could not be synced: " + failure.getMessage(), "check the disk");
    }
  }

  private long medianSyncMicros() throws IOException {
    Path file = Files.createTempFile(existing(), "planaria-doctor", ".tmp");
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      var block = ByteBuffer.allocate(SYNCED_BYTES);
      long[] micros = new long[SYNCS];
      for (int i = 0; i < SYNCS; i++) {
        block.clear();
        long start = nanoTime.getAsLong();
        channel.write(block);
        channel.force(true);
        micros[i] = (nanoTime.getAsLong() - start) / 1_000;
      }
      Arrays.sort(micros);
      return micros[SYNCS / 2];
    } finally {
      Files.delete(file);
    }
  }

  /// The data directory, or the nearest one above it that is there.
  private Path existing() {
    Path directory = data;
    while (!Files.isDirectory(directory)) {
      Path above = directory.getParent();
      if (above == null) {
        return directory;
      }
      directory = above;
    }
    return directory;
  }
}

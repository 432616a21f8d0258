package dev.planaria.engine.storage.sqlite;

import dev.planaria.engine.journal.ThreadEnd;
import dev.planaria.engine.journal.Witnessed;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The file `witness`: what was on disk, told beside the database.
///
/// Written by the journal's writer thread after each commit, one write without a sync of its own. A
/// thread of its own syncs it while it moves, so that a power loss takes back a tenth of a second
/// of it, never more; a kill takes back nothing.
final class WitnessFile implements AutoCloseable {

  /// How long a change may wait before its sync begins: with the sync itself well under 100 ms, and
  /// rare enough that commits do not feel it (10 more writes a second beside thousands).
  static final long SYNC_MILLIS = 80;

  /// What the file says.
  ///
  /// @param newest its newest slot
  /// @param trouble why it says nothing, or null
  record Reading(Optional<Witnessed> newest, @Nullable String trouble) {}

  private final Path file;
  private final Semaphore moved = new Semaphore(0);
  private final Semaphore closing = new Semaphore(0);
  private final Thread thread;
  private volatile FileChannel channel;
  private volatile boolean waiting;
  private volatile @Nullable IOException failure;

  private WitnessFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
    this.thread = Thread.ofPlatform().name("witness-sync").daemon().start(this::run);
  }

  /// Reads the file without changing it; whatever is wrong with it is part of the answer.
  static Reading read(Path file) {
    if (!Files.exists(file)) {
      return new Reading(Optional.empty(), "it is not there");
    }
    try {
      byte[] ring = new byte[Witnessed.RING_BYTES];
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        ByteBuffer into = ByteBuffer.wrap(ring);
        while (into.hasRemaining() && channel.read(into) >= 0) {}
      }
      Optional<Witnessed> newest = Witnessed.newestIn(ring);
      return new Reading(newest, newest.isPresent() ? null : "no slot of it is whole");
    } catch (IOException e) {
      return new Reading(Optional.empty(), "it cannot be read: " + e.getMessage());
    }
  }

  /// Opens the file for writing, or makes it.
  static WitnessFile open(Path file) throws IOException {
    boolean fresh = !Files.exists(file);
    PrivateFiles.create(file);
    FileChannel channel = writing(file);
    boolean opened = false;
    try {
      if (channel.size() < Witnessed.RING_BYTES) {
        // Room for the whole ring, so that a later write needs no space that a full disk lacks.
        byte[] rest = new byte[Witnessed.RING_BYTES - (int) channel.size()];
        fill(channel, ByteBuffer.wrap(rest), channel.size());
        channel.force(true);
      }
      if (fresh) {
        PrivateFiles.syncDirectoryOf(file);
      }
      opened = true;
      return new WitnessFile(file, channel);
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  private static FileChannel writing(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.WRITE);
  }

  /// Says what is on disk now. Called by the writer thread.
  ///
  /// @throws IOException when it could not be said, or what was said before could not be synced
  void write(Witnessed witnessed) throws IOException {
    IOException broken = failure;
    if (broken != null) {
      failure = null;
      throw broken;
    }
    fill(channel, ByteBuffer.wrap(witnessed.encode()), witnessed.offset());
    if (!waiting) {
      waiting = true;
      moved.release();
    }
  }

  /// Returns when everything that was said is on disk.
  void sync() throws IOException {
    channel.force(false);
  }

  /// Opens the file again, after an error.
  void reopen() throws IOException {
    channel.close();
    channel = writing(file);
    failure = null;
  }

  private static void fill(FileChannel channel, ByteBuffer bytes, long position)
      throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      int written = channel.write(bytes, at);
      if (written <= 0) {
        throw new EOFException("the witness takes no bytes");
      }
      at += written;
    }
  }

  private void run() {
    try {
      while (true) {
        moved.acquire();
        if (closing.tryAcquire(SYNC_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
        waiting = false;
        try {
          sync();
        } catch (IOException e) {
          failure = e;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Syncs and closes the file.
  @Override
  public void close() throws IOException {
    closing.release();
    moved.release();
    ThreadEnd.await(thread);
    try (FileChannel last = channel) {
      last.force(false);
    }
  }
}

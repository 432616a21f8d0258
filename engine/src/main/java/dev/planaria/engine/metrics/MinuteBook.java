package dev.planaria.engine.metrics;

import dev.planaria.engine.metrics.Minute.Counts;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A file that keeps, for 31 days, what figures need and no other record holds: of each minute, in
/// which seconds requests were served, and what was counted. A ring of slots with a place for each
/// minute, 2.9 MB; never longer.
///
/// What was written is there after a kill; a power loss takes what was not synced yet. A slot that
/// is torn or damaged is left out and counted. Thread-safe.
public final class MinuteBook implements AutoCloseable {

  /// 31 days: the longest window and a day more.
  static final int SLOTS = 31 * 24 * 60;

  private static final long FILE_BYTES = (long) SLOTS * MinuteSlot.BYTES;

  /// What the book says.
  ///
  /// @param minutes those of which something is known, oldest first
  /// @param damaged how many slots cannot be read
  /// @param newest the newest of the minutes in which something was served, or null
  /// @param endedInOrder true when a process ended in order after something was last served
  public record Reading(
      List<Minute> minutes, int damaged, @Nullable Minute newest, boolean endedInOrder) {

    /// Copies the list.
    public Reading {
      minutes = List.copyOf(minutes);
    }

    /// The last second in which something was served, in seconds since 1970, or null.
    public @Nullable Long lastServedSecond() {
      Minute last = newest;
      return last == null
          ? null
          : (Long) (last.number() * 60 + 63 - Long.numberOfLeadingZeros(last.served()));
    }
  }

  private final RingFile channel;

  MinuteBook(RingFile channel) {
    this.channel = channel;
  }

  /// Opens the book, or makes an empty one with mode 0600.
  ///
  /// @throws IOException when it is not a file that can be written
  public static MinuteBook open(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      create(file);
    } else if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + " is not a regular file");
    }
    RingFile channel = channel(file);
    boolean opened = false;
    try {
      fillUp(channel);
      opened = true;
      return new MinuteBook(channel);
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  static RingFile channel(Path file) throws IOException {
    return new RingFile.Channel(
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
  }

  private static void create(Path file) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(file);
    }
  }

  /// Room for the whole ring, so that a later write needs none that a full disk lacks.
  private static void fillUp(RingFile channel) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(64 << 10);
    while (channel.size() < FILE_BYTES) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), FILE_BYTES - channel.size()));
      write(channel, zeros, channel.size());
    }
  }

  /// Notes seconds, and what was counted.
  ///
  /// @param firstSecond seconds since 1970
  /// @param lastSecond the last of them; before the first: none. Of more than the book holds, the
  ///   newest
  /// @param served whether requests were served in them
  /// @throws IOException when it could not be written
  public synchronized void note(long firstSecond, long lastSecond, boolean served)
      throws IOException {
    long second = Math.max(firstSecond, lastSecond - (SLOTS - 1) * 60L);
    while (second <= lastSecond) {
      long number = Math.floorDiv(second, 60);
      MinuteSlot slot = at(number);
      Minute minute = slot.minute();
      for (; second <= lastSecond && Math.floorDiv(second, 60) == number; second++) {
        minute = minute.with((int) Math.floorMod(second, 60L), served);
      }
      put(new MinuteSlot(minute, slot.endedInOrder() && !served));
    }
  }

  /// Adds what was counted to a minute.
  ///
  /// @throws IOException when it could not be written
  public synchronized void count(long number, Counts more) throws IOException {
    if (!more.equals(Counts.NONE)) {
      MinuteSlot slot = at(number);
      put(new MinuteSlot(slot.minute().plus(more), slot.endedInOrder()));
    }
  }

  /// Says that the process ends in order, after what it has noted.
  ///
  /// @throws IOException when it could not be written
  public synchronized void endInOrder(long number) throws IOException {
    put(new MinuteSlot(at(number).minute(), true));
    sync();
  }

  /// Returns when everything is on disk.
  ///
  /// @throws IOException when it is not
  public void sync() throws IOException {
    channel.sync();
  }

  /// Reads the whole book.
  ///
  /// @param nowMillis Unix time; minutes behind it, of a clock that was wrong, are left out
  /// @throws IOException when it cannot be read
  public synchronized Reading read(long nowMillis) throws IOException {
    long now = Minute.of(nowMillis);
    ByteBuffer ring = ByteBuffer.allocate((int) FILE_BYTES);
    while (ring.hasRemaining() && channel.read(ring, ring.position()) >= 0) {
      // the rest follows
    }
    var slots = new ArrayList<MinuteSlot>();
    int damaged = 0;
    byte[] bytes = new byte[MinuteSlot.BYTES];
    for (int i = 0; i < SLOTS; i++) {
      if (MinuteSlot.isEmpty(ring, i * MinuteSlot.BYTES)) {
        continue;
      }
      ring.get(i * MinuteSlot.BYTES, bytes);
      MinuteSlot slot = MinuteSlot.decode(bytes);
      if (slot == null || place(slot.minute().number()) != i) {
        damaged++;
      } else if (slot.minute().number() <= now && slot.minute().number() > now - SLOTS) {
        slots.add(slot);
      }
    }
    slots.sort(Comparator.comparingLong(slot -> slot.minute().number()));
    Minute newest = null;
    for (MinuteSlot slot : slots) {
      newest = slot.minute().served() == 0 ? newest : slot.minute();
    }
    long since = newest == null ? Long.MIN_VALUE : newest.number();
    boolean inOrder =
        slots.stream().anyMatch(slot -> slot.endedInOrder() && slot.minute().number() >= since);
    return new Reading(slots.stream().map(MinuteSlot::minute).toList(), damaged, newest, inOrder);
  }

  private static int place(long number) {
    return (int) Math.floorMod(number, (long) SLOTS);
  }

  /// What is known of a minute. The one that had its place 31 days ago gives way, and so does one
  /// that is damaged.
  private MinuteSlot at(long number) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MinuteSlot.BYTES);
    long offset = (long) place(number) * MinuteSlot.BYTES;
    while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {
      // the rest follows
    }
    MinuteSlot slot = MinuteSlot.decode(bytes.array());
    return slot != null && slot.minute().number() == number
        ? slot
        : new MinuteSlot(Minute.empty(number), false);
  }

  private void put(MinuteSlot slot) throws IOException {
    write(
        channel,
        ByteBuffer.wrap(slot.encode()),
        (long) place(slot.minute().number()) * MinuteSlot.BYTES);
  }

  private static void write(RingFile channel, ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      int written = channel.write(bytes, at);
      if (written <= 0) {
        throw new EOFException("the book of minutes takes no bytes");
      }
      at += written;
    }
  }

  /// Closes the file. Says nothing of an end in order.
  @Override
  public void close() throws IOException {
    channel.close();
  }
}

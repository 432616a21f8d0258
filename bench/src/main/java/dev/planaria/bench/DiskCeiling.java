package dev.planaria.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What the disk itself can do: appends to a preallocated file, past the page cache and on disk
/// when each returns (O_DIRECT and O_DSYNC). No journal on this disk can be faster, so every other
/// figure is given as a share of it.
final class DiskCeiling implements AutoCloseable {

  private static final int BLOCK = 4096;
  private static final long FILE_BYTES = 256L << 20;

  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer block;
  private long position;

  /// @param directory where the file is made
  /// @param bytes payload of one append; rounded up to whole blocks
  DiskCeiling(Path directory, int bytes) throws IOException {
    file = directory.resolve("ceiling");
    try (FileChannel preallocation =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
      for (long written = 0; written < FILE_BYTES; written += zeros.capacity()) {
        zeros.clear();
        preallocation.write(zeros);
      }
      preallocation.force(true);
    }
    channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.DSYNC, direct());
    int size = (bytes + BLOCK - 1) / BLOCK * BLOCK;
    block = ByteBuffer.allocateDirect(size + BLOCK).alignedSlice(BLOCK).limit(size);
  }

  /// O_DIRECT is an enum constant of an unsupported package, which the compiler warns about
  /// wherever it is named.
  private static OpenOption direct() {
    try {
      for (Object option :
          Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (option.toString().equals("DIRECT")) {
          return (OpenOption) option;
        }
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("this Java cannot write past the page cache", e);
    }
    throw new IllegalStateException("this Java cannot write past the page cache");
  }

  /// Appends as fast as possible for a while; returns appends per second.
  double run(long nanos) throws IOException {
    long start = System.nanoTime();
    long appends = 0;
    while (System.nanoTime() - start < nanos) {
      if (position + block.limit() > FILE_BYTES) {
        position = 0;
      }
      block.rewind();
      channel.write(block, position);
      position += block.limit();
      appends++;
    }
    return appends * 1e9 / (System.nanoTime() - start);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }
}

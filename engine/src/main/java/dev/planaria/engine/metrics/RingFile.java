package dev.planaria.engine.metrics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// The bytes of the book, at places that are named with each access: a file, or in a test one that
/// fails or takes its time. Thread-safe.
interface RingFile extends AutoCloseable {

  /// As [FileChannel#read(ByteBuffer, long)].
  int read(ByteBuffer into, long position) throws IOException;

  /// As [FileChannel#write(ByteBuffer, long)].
  int write(ByteBuffer bytes, long position) throws IOException;

  /// How long it is.
  long size() throws IOException;

  /// Returns when everything is on disk.
  void sync() throws IOException;

  @Override
  void close() throws IOException;

  /// A file.
  record Channel(FileChannel file) implements RingFile {

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return file.read(into, position);
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
      return file.write(bytes, position);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void sync() throws IOException {
      file.force(false);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}

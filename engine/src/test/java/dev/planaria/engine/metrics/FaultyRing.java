package dev.planaria.engine.metrics;

import java.io.IOException;
import java.nio.ByteBuffer;

/// A file that takes no writes, and syncs slowly, when told to.
final class FaultyRing implements RingFile {

  private final RingFile file;
  private final Runnable whileSyncing;
  private boolean failing;
  private int refused;

  /// @param whileSyncing is run by each sync
  FaultyRing(RingFile file, Runnable whileSyncing) {
    this.file = file;
    this.whileSyncing = whileSyncing;
  }

  void fail(boolean now) {
    failing = now;
  }

  /// How many writes it has refused.
  int refused() {
    return refused;
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    return file.read(into, position);
  }

  @Override
  public int write(ByteBuffer bytes, long position) throws IOException {
    if (failing) {
      refused++;
      throw new IOException("no space left on device");
    }
    return file.write(bytes, position);
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public void sync() throws IOException {
    whileSyncing.run();
    file.sync();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

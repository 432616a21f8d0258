package dev.planaria.app.shim;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/// The one way to the client: whole lines, never mixed. Thread-safe.
final class ClientOutput {

  private final ReentrantLock lock = new ReentrantLock();
  private final OutputStream out;
  private final Runnable onGone;

  /// @param onGone is called, perhaps more than once, when the client does not read any more
  ClientOutput(OutputStream out, Runnable onGone) {
    this.out = out;
    this.onGone = onGone;
  }

  /// Writes one line.
  ///
  /// @param line without a line break
  void write(byte[] line) {
    lock.lock();
    try {
      // In one piece: half a line would be worse than none.
      var whole = java.util.Arrays.copyOf(line, line.length + 1);
      whole[line.length] = '\n';
      out.write(whole);
      out.flush();
    } catch (IOException _) {
      onGone.run();
    } finally {
      lock.unlock();
    }
  }
}

package dev.planaria.app.shim;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Semaphore;

/// Collects a text of bounded length. Long ones are collected one at a time in the whole process,
/// so that memory does not grow with their number. Used by one thread.
final class BodyBuffer implements AutoCloseable {

  /// The text is longer than allowed.
  static final class TooLong extends Exception {
    private static final long serialVersionUID = 1;

    TooLong() {
      super("too long", null, false, false);
    }
  }

  /// Who may collect a long text; shared.
  private final Semaphore large;

  private final ShimSettings.Limits limits;
  private byte[] bytes = new byte[512];
  private int size;
  private boolean holdsLarge;

  BodyBuffer(ShimSettings.Limits limits, Semaphore large) {
    this.limits = limits;
    this.large = large;
  }

  void add(int b) throws TooLong {
    if (size == bytes.length) {
      grow();
    }
    bytes[size++] = (byte) b;
  }

  /// Adds what has arrived of a body.
  ///
  /// @return how many bytes; -1 at the end, and 0 at a line's end that was not to be passed
  int addFrom(HttpResponse body, boolean toLineEnd) throws IOException, TooLong {
    if (size == bytes.length) {
      grow();
    }
    int count = body.copy(bytes, size, bytes.length - size, toLineEnd);
    size += Math.max(0, count);
    return count;
  }

  private void grow() throws TooLong {
    if (size >= limits.answerBytes()) {
      throw new TooLong();
    }
    if (size >= limits.largeBytes() && !holdsLarge) {
      large.acquireUninterruptibly();
      holdsLarge = true;
    }
    bytes = Arrays.copyOf(bytes, Math.min(2 * size, limits.answerBytes()));
  }

  int size() {
    return size;
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, size);
  }

  /// Lets others collect long texts.
  @Override
  public void close() {
    if (holdsLarge) {
      bytes = new byte[512];
      size = 0;
      holdsLarge = false;
      large.release();
    }
  }
}

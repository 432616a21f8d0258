package dev.planaria.chaos.power;

import java.util.Arrays;

/// A file that grows as it is written to. Not thread-safe.
final class Content {

  private byte[] bytes;
  private int length;

  /// @param bytes what it holds at first; copied before it is changed
  Content(byte[] bytes) {
    this.bytes = bytes.clone();
    this.length = bytes.length;
  }

  Content copy() {
    return new Content(bytes());
  }

  byte[] bytes() {
    return Arrays.copyOf(bytes, length);
  }

  void write(long offset, byte[] written) {
    int end = Math.toIntExact(offset + written.length);
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
    }
    System.arraycopy(written, 0, bytes, (int) offset, written.length);
    length = Math.max(length, end);
  }

  void cut(long newLength) {
    int wanted = Math.toIntExact(newLength);
    if (wanted < length) {
      Arrays.fill(bytes, wanted, length, (byte) 0);
    } else if (wanted > bytes.length) {
      bytes = Arrays.copyOf(bytes, wanted);
    }
    length = wanted;
  }
}

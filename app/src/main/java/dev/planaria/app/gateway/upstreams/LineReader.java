package dev.planaria.app.gateway.upstreams;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Cuts a child's output into lines of bounded length. Used by one thread.
final class LineReader {
  /// Takes what was read.
  interface Lines {
    /// A line, without its end. Blank lines do not come.
    void line(byte[] line);

    /// A line that was too long, of which only this is known.
    ///
    /// @param answered the id of the request that it answers, or null
    void tooLong(@Nullable Long answered);

    /// The output ended in the middle of a line, which is lost.
    void unfinished();
  }

  private static final int BUFFER_BYTES = 1 << 14;

  /// Enough for an envelope without what it carries.
  private static final int KEPT_BYTES = 128;

  /// An id in front of what is too long, as most servers write it.
  private static final Pattern ID_IN_FRONT =
      Pattern.compile("^\\s*\\{\"jsonrpc\":\"2\\.0\",\"id\":([0-9]{1,18}),");

  /// An id behind it, as the TypeScript SDK writes it: what a last single brace closes is the
  /// message itself.
  private static final Pattern ID_BEHIND = Pattern.compile(",\"id\":([0-9]{1,18})\\}\\s*$");

  private final InputStream in;
  private final int mostBytes;
  private final Lines lines;
  private ByteArrayOutputStream line = new ByteArrayOutputStream();
  private byte @Nullable [] front;
  private byte[] behind = new byte[0];

  LineReader(InputStream in, int mostBytes, Lines lines) {
    this.in = in;
    this.mostBytes = mostBytes;
    this.lines = lines;
  }

  /// Reads until the output ends.
  ///
  /// @throws IOException when it cannot be read
  void run() throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      int from = 0;
      for (int i = 0; i < length; i++) {
        if (buffer[i] == '\n') {
          keep(buffer, from, i);
          end();
          from = i + 1;
        }
      }
      keep(buffer, from, length);
    }
    if (line.size() > 0 || front != null) {
      lines.unfinished();
    }
  }

  private void keep(byte[] buffer, int from, int to) {
    if (front == null && line.size() + to - from > mostBytes) {
      front = Arrays.copyOf(line.toByteArray(), Math.min(line.size(), KEPT_BYTES));
      if (line.size() < KEPT_BYTES) {
        front = join(front, Arrays.copyOfRange(buffer, from, Math.min(to, from + KEPT_BYTES)));
      }
      clear();
    }
    if (front == null) {
      line.write(buffer, from, to - from);
    } else {
      byte[] known = join(behind, Arrays.copyOfRange(buffer, Math.max(from, to - KEPT_BYTES), to));
      behind = Arrays.copyOfRange(known, Math.max(0, known.length - KEPT_BYTES), known.length);
    }
  }

  private void end() {
    byte[] begun = front;
    if (begun != null) {
      lines.tooLong(idIn(begun));
      front = null;
      behind = new byte[0];
      return;
    }
    byte[] whole = line.toByteArray();
    clear();
    if (!isBlank(whole)) {
      lines.line(whole);
    }
  }

  /// A line that was large is an exception; its memory is not kept for the next one.
  private void clear() {
    if (line.size() > BUFFER_BYTES) {
      line = new ByteArrayOutputStream();
    }
    line.reset();
  }

  private @Nullable Long idIn(byte[] begun) {
    for (Matcher found :
        new Matcher[] {ID_IN_FRONT.matcher(ascii(begun)), ID_BEHIND.matcher(ascii(behind))}) {
      if (found.find()) {
        return Long.valueOf(found.group(1));
      }
    }
    return null;
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private static String ascii(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}

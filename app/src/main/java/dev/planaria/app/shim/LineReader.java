package dev.planaria.app.shim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Reads a client's lines (MCP, stdio transport), each of bounded length. A last line without its
/// line break counts. Not thread-safe.
final class LineReader {

  private static final int BUFFER_BYTES = 8 << 10;

  /// One line.
  sealed interface Line {

    /// It fits; without its line break.
    @SuppressWarnings("ArrayRecordComponent") // owned by whoever gets it
    record Whole(byte[] bytes) implements Line {}

    /// It is longer than allowed, and was passed over.
    ///
    /// @param rawId the id of the message that it holds, as JSON, or `null`
    record TooLong(String rawId) implements Line {}
  }

  private final InputStream in;
  private final int mostBytes;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;

  LineReader(InputStream in, int mostBytes) {
    this.in = in;
    this.mostBytes = mostBytes;
  }

  /// The next line that is not blank, or null when the client has closed its side.
  @Nullable Line next() throws IOException {
    var kept = new Bytes();
    TopLevelId tooLong = null;
    while (fill()) {
      int lineEnd = at;
      while (lineEnd < end && buffer[lineEnd] != '\n') {
        lineEnd++;
      }
      if (tooLong == null && kept.size() + lineEnd - at > mostBytes) {
        tooLong = new TopLevelId();
        kept.feed(tooLong);
        kept = new Bytes();
      }
      if (tooLong == null) {
        kept.write(buffer, at, lineEnd - at);
      } else {
        tooLong.feed(buffer, at, lineEnd);
      }
      boolean ended = lineEnd < end;
      at = ended ? lineEnd + 1 : lineEnd;
      if (ended) {
        if (tooLong != null) {
          return new Line.TooLong(tooLong.raw());
        }
        if (!kept.isBlank()) {
          return new Line.Whole(kept.toByteArray());
        }
        kept = new Bytes();
      }
    }
    if (tooLong != null) {
      return new Line.TooLong(tooLong.raw());
    }
    return kept.isBlank() ? null : new Line.Whole(kept.toByteArray());
  }

  private boolean fill() throws IOException {
    if (at < end) {
      return true;
    }
    at = 0;
    end = in.read(buffer, 0, buffer.length);
    return end > 0;
  }

  /// What was read of the line.
  private static final class Bytes extends ByteArrayOutputStream {

    void feed(TopLevelId id) {
      id.feed(buf, 0, count);
    }

    boolean isBlank() {
      for (int i = 0; i < count; i++) {
        if (buf[i] != ' ' && buf[i] != '\t' && buf[i] != '\r') {
          return false;
        }
      }
      return true;
    }
  }

  /// Finds the `id` of a message that is too long to be kept, so that its sender can be answered.
  /// Most clients write it last.
  private static final class TopLevelId {

    private static final int LONGEST = 256;

    private final StringBuilder word = new StringBuilder();
    private String name = "";
    private String found = "null";
    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean inValue;

    void feed(byte[] bytes, int from, int to) {
      for (int i = from; i < to; i++) {
        take((char) (bytes[i] & 0xff));
      }
    }

    private void take(char c) {
      if (inString) {
        keep(c);
        inString = escaped || c != '"';
        escaped = !escaped && c == '\\';
        return;
      }
      switch (c) {
        case '"' -> {
          inString = true;
          keep(c);
        }
        case '{', '[' -> depth++;
        case '}', ']' -> {
          memberEnd();
          depth--;
        }
        case ':' -> {
          if (depth == 1 && !inValue) {
            name = word.toString();
            word.setLength(0);
            inValue = true;
          }
        }
        case ',' -> memberEnd();
        case ' ', '\t', '\r' -> {}
        default -> keep(c);
      }
    }

    private void keep(char c) {
      if (depth == 1 && word.length() <= LONGEST) {
        word.append(c);
      }
    }

    private void memberEnd() {
      if (depth == 1) {
        var value = word.toString();
        if (name.equals("\"id\"") && value.length() <= LONGEST && isId(value)) {
          found = value;
        }
        word.setLength(0);
        name = "";
        inValue = false;
      }
    }

    private static boolean isId(String value) {
      try {
        var text = JsonText.parse(value.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        char first = text.raw(text.root()).charAt(0);
        return first == '"' || first == '-' || Character.isDigit(first);
      } catch (JsonText.Malformed _) {
        return false;
      }
    }

    String raw() {
      return found;
    }
  }
}

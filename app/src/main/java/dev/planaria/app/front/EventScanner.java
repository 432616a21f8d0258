package dev.planaria.app.front;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Finds the ends of server-sent events in a stream of bytes (WHATWG HTML, section 9.2.6), however
/// the bytes arrive, and keeps nothing of them but ids. An event ends with the blank line after it;
/// a comment before a blank line counts as one here, since it too must not be torn. Lines end with
/// LF, CR LF or CR. Not thread-safe.
final class EventScanner {

  /// Longer lines are no ids of ours.
  private static final int ID_LINE_BYTES = 160;

  private final byte[] line = new byte[ID_LINE_BYTES];
  private int lineLength;
  private boolean afterCarriageReturn;
  private @Nullable String id;
  private @Nullable String idOfEvent;

  /// Moves the buffer's position behind the end of the next event; false, and behind everything,
  /// when no event ends in what is left.
  boolean next(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      var b = bytes.get();
      if (b == '\n' && afterCarriageReturn) {
        // The second half of CR LF. When the event ended with its CR already, this LF goes out with
        // the next one, where it still is part of the same line end.
        afterCarriageReturn = false;
      } else if (b == '\n' || b == '\r') {
        afterCarriageReturn = b == '\r';
        if (lineLength == 0) {
          idOfEvent = id;
          id = null;
          return true;
        }
        noteId();
        lineLength = 0;
      } else {
        afterCarriageReturn = false;
        if (lineLength < line.length) {
          line[lineLength] = b;
        }
        // Beyond the array only the fact counts that the line is not blank.
        lineLength = Math.min(lineLength + 1, line.length + 1);
      }
    }
    return false;
  }

  private void noteId() {
    if (lineLength >= 3
        && lineLength <= line.length
        && line[0] == 'i'
        && line[1] == 'd'
        && line[2] == ':') {
      var start = lineLength > 3 && line[3] == ' ' ? 4 : 3;
      id = new String(line, start, lineLength - start, StandardCharsets.ISO_8859_1);
    }
  }

  /// The id of the event that ended last, or null when it had none.
  @Nullable String id() {
    return idOfEvent;
  }
}

package dev.planaria.app.front;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts a stream of server-sent events into whole events (WHATWG HTML, section 9.2.6): lines up to
/// and with the blank one. Lines end with LF, CR LF or CR. A comment before a blank line counts as
/// an event here, since it too must not be torn. Not thread-safe.
final class EventSplitter {

  private static final int QUIET_BYTES = 512;

  private byte[] bytes = new byte[QUIET_BYTES];
  private int length;

  /// Everything before this was handed out.
  private int eventStart;

  private int lineStart;
  private int at;
  private boolean afterCarriageReturn;
  private @Nullable String id;
  private @Nullable String idOfEvent;
  private int eventEnd;

  /// Adds bytes from the stream. What [#slice] returned before is overwritten.
  void append(ByteBuffer more) {
    compact();
    if (length + more.remaining() > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more.remaining()));
    }
    var count = more.remaining();
    more.get(bytes, length, count);
    length += count;
  }

  private void compact() {
    var kept = length - eventStart;
    if (kept == 0 && bytes.length > 16 * QUIET_BYTES) {
      bytes = new byte[QUIET_BYTES];
    } else if (eventStart > 0) {
      System.arraycopy(bytes, eventStart, bytes, 0, kept);
    }
    lineStart -= eventStart;
    at -= eventStart;
    length = kept;
    eventStart = 0;
    eventEnd = 0;
  }

  /// Moves to the next whole event; false when the rest is not one yet.
  boolean next() {
    eventStart = eventEnd;
    while (at < length) {
      var b = bytes[at++];
      if (b == '\n' && afterCarriageReturn) {
        // The second half of CR LF. When the event had already ended at the CR, it goes out with
        // the next one, where it is part of the same line end.
        afterCarriageReturn = false;
        lineStart = at;
      } else if (b == '\n' || b == '\r') {
        afterCarriageReturn = b == '\r';
        var line = at - 1 - lineStart;
        if (line > 0) {
          noteId(lineStart, line);
          lineStart = at;
        } else {
          lineStart = at;
          idOfEvent = id;
          id = null;
          eventEnd = at;
          return true;
        }
      } else {
        afterCarriageReturn = false;
      }
    }
    return false;
  }

  private void noteId(int start, int count) {
    if (count >= 3 && bytes[start] == 'i' && bytes[start + 1] == 'd' && bytes[start + 2] == ':') {
      var space = count > 3 && bytes[start + 3] == ' ' ? 4 : 3;
      id = new String(bytes, start + space, count - space, StandardCharsets.ISO_8859_1);
    }
  }

  /// The present event's bytes; valid until the next [#append].
  ByteBuffer slice() {
    return ByteBuffer.wrap(bytes, eventStart, eventEnd - eventStart);
  }

  /// The present event's id, or null when it has none.
  @Nullable String id() {
    return idOfEvent;
  }

  /// How many bytes wait for the rest of their event.
  int pending() {
    return length - eventEnd;
  }
}

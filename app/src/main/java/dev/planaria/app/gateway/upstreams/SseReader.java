package dev.planaria.app.gateway.upstreams;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads server-sent events (WHATWG HTML section 9.2.6): a byte order mark in front, lines that end
/// with LF, CR LF or CR, data of several lines, comments. An event that the stream breaks off in
/// the middle of is none. Used by one thread.
final class SseReader {
  /// Takes what was read.
  interface Events {
    /// A whole event.
    ///
    /// @param type what stands in `event`; `message` when there is nothing
    /// @param data without the last line break; never empty
    void event(String type, byte[] data);

    /// The position behind what was read so far, in printable ASCII; an event without data moves it
    /// too.
    void position(String id);

    /// How long to wait before the stream is opened again.
    void retry(long millis);

    /// An event with more data than is held, which was passed over.
    void tooLong();
  }

  private static final int BUFFER_BYTES = 1 << 13;

  /// Longer lines of anything but data say nothing to us.
  private static final int FIELD_BYTES = 4_096;

  /// A position is given back in a header; one that no header can hold is none.
  private static final Pattern SENDABLE = Pattern.compile("[ -~]*");

  private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream in;
  private final int mostBytes;
  private final Events events;
  private ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean lineTooLong;
  private ByteArrayOutputStream data = new ByteArrayOutputStream();
  private boolean hasData;
  private boolean dataTooLong;
  private String type = "";
  private @Nullable String id;
  private boolean first = true;

  /// @param mostBytes how much data of one event is held
  SseReader(InputStream in, int mostBytes, Events events) {
    this.in = in;
    this.mostBytes = mostBytes;
    this.events = events;
  }

  /// Reads until the stream ends.
  ///
  /// @throws IOException when it breaks
  void run() throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    boolean afterCarriageReturn = false;
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      int from = 0;
      for (int i = 0; i < length; i++) {
        byte b = buffer[i];
        if (b == '\n' && afterCarriageReturn) {
          from = i + 1; // the second half of CR LF
        } else if (b == '\n' || b == '\r') {
          keep(buffer, from, i);
          endOfLine();
          from = i + 1;
        }
        afterCarriageReturn = b == '\r';
      }
      keep(buffer, from, length);
    }
  }

  private void keep(byte[] buffer, int from, int to) {
    int room = mostBytes + FIELD_BYTES - line.size();
    lineTooLong |= to - from > room;
    line.write(buffer, from, Math.min(to - from, room));
  }

  private void endOfLine() {
    byte[] text = line.toByteArray();
    boolean tooLong = lineTooLong;
    line = text.length > BUFFER_BYTES ? new ByteArrayOutputStream() : line;
    line.reset();
    lineTooLong = false;
    int start = first && startsWith(text, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    first = false;
    if (text.length == start) {
      dispatch();
      return;
    }
    int colon = start;
    while (colon < text.length && text[colon] != ':') {
      colon++;
    }
    int value = Math.min(text.length, colon + 1);
    value += value < text.length && text[value] == ' ' ? 1 : 0;
    if (Arrays.equals(text, start, colon, DATA, 0, DATA.length)) {
      addData(text, value, tooLong);
    } else if (text.length - start <= FIELD_BYTES) {
      field(text(text, start, colon), text(text, value, text.length));
    }
  }

  private void addData(byte[] text, int from, boolean tooLong) {
    if (tooLong || data.size() + text.length - from > mostBytes) {
      dataTooLong = true;
      return;
    }
    if (hasData) {
      data.write('\n');
    }
    hasData = true;
    data.write(text, from, text.length - from);
  }

  private void field(String name, String value) {
    switch (name) {
      case "event" -> type = value;
      case "id" -> id = SENDABLE.matcher(value).matches() ? value : id;
      case "retry" -> {
        if (value.matches("[0-9]{1,9}")) {
          events.retry(Long.parseLong(value));
        }
      }
      default -> {} // a comment, or something that nobody knows
    }
  }

  private void dispatch() {
    String position = id;
    if (dataTooLong) {
      events.tooLong();
    } else if (data.size() > 0) {
      events.event(type.isEmpty() ? "message" : type, data.toByteArray());
    }
    if (position != null) {
      events.position(position);
      id = null;
    }
    data = data.size() > BUFFER_BYTES ? new ByteArrayOutputStream() : data;
    data.reset();
    hasData = false;
    dataTooLong = false;
    type = "";
  }

  private static boolean startsWith(byte[] text, byte[] with) {
    return text.length >= with.length && Arrays.equals(text, 0, with.length, with, 0, with.length);
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}

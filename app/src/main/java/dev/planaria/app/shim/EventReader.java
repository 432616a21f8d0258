package dev.planaria.app.shim;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Reads server-sent events (WHATWG HTML, section 9.2) from the body of an answer. Not thread-safe.
final class EventReader {

  private static final int FIELD_NAME_BYTES = 16;
  private static final int SHORT_FIELD_BYTES = 1_024;

  /// One event, or an id alone.
  ///
  /// @param id the last id that the stream has given, or null
  /// @param data the data, of several lines perhaps; empty when the event has none
  @SuppressWarnings("ArrayRecordComponent") // read only
  record Event(@Nullable String id, byte[] data) {}

  private final HttpResponse body;
  private final ShimSettings.Limits limits;
  private final Semaphore large;
  private @Nullable String lastId;
  private long retryMillis = -1;
  private boolean first = true;
  private boolean afterCarriageReturn;

  EventReader(HttpResponse body, ShimSettings.Limits limits, Semaphore large) {
    this.body = body;
    this.limits = limits;
    this.large = large;
  }

  /// What the stream last asked us to wait before we come back, in milliseconds; -1 when nothing.
  long retryMillis() {
    return retryMillis;
  }

  /// The next event, or null when the stream has ended in order. An event without the blank line
  /// behind it does not count.
  ///
  /// @throws IOException when the stream broke
  /// @throws BodyBuffer.TooLong when an event is longer than allowed
  @Nullable Event next() throws IOException, BodyBuffer.TooLong {
    try (var data = new BodyBuffer(limits, large)) {
      boolean anything = false;
      while (true) {
        var field = new StringBuilder();
        int c = readName(field);
        if (c < 0) {
          return null;
        }
        if (field.isEmpty() && c == '\n') {
          if (anything) {
            return new Event(lastId, data.copy());
          }
          continue;
        }
        anything |= take(field.toString(), c, data);
      }
    }
  }

  /// Reads up to the colon or the line's end, and returns which.
  private int readName(StringBuilder name) throws IOException {
    int c = read();
    if (first && c == 0xef) {
      // A byte order mark; its other two bytes follow.
      read();
      read();
      c = read();
    }
    first = false;
    while (c >= 0 && c != ':' && c != '\n') {
      if (name.length() < FIELD_NAME_BYTES) {
        name.append((char) c);
      }
      c = read();
    }
    return c;
  }

  private boolean take(String name, int separator, BodyBuffer data)
      throws IOException, BodyBuffer.TooLong {
    int c = separator == ':' ? read() : '\n';
    if (c == ' ') {
      c = read();
    }
    if (name.equals("data")) {
      if (data.size() > 0) {
        data.add('\n');
      }
      for (; c >= 0 && c != '\n'; c = read()) {
        data.add(c);
        while (data.addFrom(body, true) > 0) {
          // All that has arrived of the line.
        }
      }
      requireLineEnd(c);
      return true;
    }
    var value = new StringBuilder();
    for (; c >= 0 && c != '\n'; c = read()) {
      if (value.length() < SHORT_FIELD_BYTES) {
        value.append((char) c);
      }
    }
    requireLineEnd(c);
    return note(name, value.toString());
  }

  private static void requireLineEnd(int c) throws IOException {
    if (c < 0) {
      throw new java.io.EOFException("the stream broke within an event");
    }
  }

  private boolean note(String name, String value) {
    if (name.equals("retry") && value.matches("[0-9]{1,9}")) {
      retryMillis = Long.parseLong(value);
    }
    boolean id = name.equals("id");
    if (id && value.indexOf('\0') < 0 && value.length() < SHORT_FIELD_BYTES) {
      lastId = value.isEmpty() ? null : value;
    }
    return id;
  }

  /// The next byte; every kind of line end is LF.
  private int read() throws IOException {
    int c = body.read();
    if (c == '\r') {
      afterCarriageReturn = true;
      return '\n';
    }
    if (c == '\n' && afterCarriageReturn) {
      afterCarriageReturn = false;
      return read();
    }
    afterCarriageReturn = false;
    return c;
  }
}

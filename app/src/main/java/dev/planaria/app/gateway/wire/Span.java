package dev.planaria.app.gateway.wire;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A piece of an array that nobody changes.
///
/// @param from the first byte
/// @param to behind the last byte
@SuppressWarnings("ArrayRecordComponent") // a view; compared by nobody
record Span(byte[] array, int from, int to) {
  static Span of(byte[] array) {
    return new Span(array, 0, array.length);
  }

  int length() {
    return to - from;
  }

  /// True for a value that begins so; a value is never empty.
  boolean startsWith(char ascii) {
    return array[from] == ascii;
  }

  byte[] copy() {
    return Arrays.copyOfRange(array, from, to);
  }

  void writeTo(ByteArrayOutputStream out) {
    out.write(array, from, length());
  }

  /// The value of text that was scanned before.
  JsonValue value() {
    return Json.parse(copy(), JsonLimits.OWN);
  }

  /// The text between the quotes of a string that was scanned before.
  String unquoted(boolean escaped) {
    return escaped && value() instanceof JsonString(String text)
        ? text
        : new String(array, from + 1, length() - 2, StandardCharsets.UTF_8);
  }

  boolean isOneLine() {
    for (int i = from; i < to; i++) {
      if (isLineBreak(array[i])) {
        return false;
      }
    }
    return true;
  }

  /// JSON that was scanned before, without line breaks: they stand between tokens only, where a
  /// space is as good.
  Span onOneLine() {
    if (isOneLine()) {
      return this;
    }
    byte[] line = copy();
    for (int i = 0; i < line.length; i++) {
      if (isLineBreak(line[i])) {
        line[i] = ' ';
      }
    }
    return of(line);
  }

  private static boolean isLineBreak(byte b) {
    return b == '\n' || b == '\r';
  }
}

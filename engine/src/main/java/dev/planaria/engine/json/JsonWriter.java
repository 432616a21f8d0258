package dev.planaria.engine.json;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes one JSON text (RFC 8259) as UTF-8, without white space, piece by piece: the caller opens
/// and closes arrays and objects, commas come by themselves. Not thread-safe.
///
/// An unpaired surrogate, which UTF-8 cannot express, is written as U+FFFD; texts that must come
/// back exactly are checked before they get here.
public final class JsonWriter {

  private static final int FIRST_BYTES = 512;
  private static final int KEPT_BYTES = 1 << 12;
  private static final int FLUSH_BYTES = 1 << 16;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final @Nullable OutputStream sink;
  private byte[] buffer = new byte[FIRST_BYTES];
  private int size;
  private boolean commaDue;

  /// Writes to memory; [#toBytes] gives the result.
  public JsonWriter() {
    this.sink = null;
  }

  /// Writes to a stream, in pieces of about 64 KiB; [#flush] ends the text. An IOException becomes
  /// an [UncheckedIOException].
  public JsonWriter(OutputStream sink) {
    this.sink = sink;
  }

  /// Starts an object.
  public JsonWriter beginObject() {
    return open('{');
  }

  /// Ends an object.
  public JsonWriter endObject() {
    return close('}');
  }

  /// Starts an array.
  public JsonWriter beginArray() {
    return open('[');
  }

  /// Ends an array.
  public JsonWriter endArray() {
    return close(']');
  }

  /// Writes the name of the next member.
  public JsonWriter name(String name) {
    separate();
    quoted(name);
    put(':');
    commaDue = false;
    return this;
  }

  /// Writes a string.
  public JsonWriter text(String text) {
    separate();
    quoted(text);
    commaDue = true;
    return this;
  }

  /// Writes a whole number.
  public JsonWriter number(long value) {
    separate();
    digits(value);
    commaDue = true;
    return this;
  }

  /// Writes a truth value.
  public JsonWriter truth(boolean value) {
    separate();
    ascii(value ? "true" : "false");
    commaDue = true;
    return this;
  }

  /// Writes a value as it is.
  public JsonWriter value(JsonValue value) {
    return value(value, false);
  }

  /// Writes a value with the members of each object sorted by name, so that equal values give equal
  /// bytes. Numbers keep their text: `1` and `1.0` differ.
  public JsonWriter canonicalValue(JsonValue value) {
    return value(value, true);
  }

  /// Writes a text member, or nothing when the text is null.
  public JsonWriter field(String name, @Nullable String text) {
    return text == null ? this : name(name).text(text);
  }

  /// Writes a number member.
  public JsonWriter field(String name, long value) {
    return name(name).number(value);
  }

  /// Writes a member, or nothing when the value is null (Java's, not JSON's).
  public JsonWriter field(String name, @Nullable JsonValue value) {
    return value == null ? this : name(name).value(value);
  }

  /// What was written to memory so far.
  public byte[] toBytes() {
    return Arrays.copyOf(buffer, size);
  }

  /// What was written to memory so far, not copied: good until the next call.
  public ByteBuffer written() {
    return ByteBuffer.wrap(buffer, 0, size);
  }

  /// Starts another text in the same memory, unless that has become large.
  public JsonWriter clear() {
    if (buffer.length > KEPT_BYTES) {
      buffer = new byte[FIRST_BYTES];
    }
    size = 0;
    commaDue = false;
    return this;
  }

  /// Hands everything to the stream, and flushes the stream too.
  public void flush() {
    if (sink == null) {
      return;
    }
    drain(sink);
    try {
      sink.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonWriter value(JsonValue value, boolean sorted) {
    separate();
    switch (value) {
      case JsonObject(var members) -> {
        open('{');
        for (var member : (sorted ? new TreeMap<>(members) : members).entrySet()) {
          name(member.getKey()).value(member.getValue(), sorted);
        }
        close('}');
      }
      case JsonArray(var items) -> {
        open('[');
        for (var item : items) {
          value(item, sorted);
        }
        close(']');
      }
      case JsonString(var text) -> quoted(text);
      case JsonNumber(var text) -> ascii(text);
      case JsonBoolean(var truth) -> ascii(truth ? "true" : "false");
      case JsonNull() -> ascii("null");
    }
    commaDue = true;
    return this;
  }

  private JsonWriter open(char bracket) {
    separate();
    put(bracket);
    return this;
  }

  private JsonWriter close(char bracket) {
    put(bracket);
    commaDue = true;
    return this;
  }

  private void separate() {
    if (commaDue) {
      put(',');
      commaDue = false;
    }
  }

  private void quoted(String text) {
    put('"');
    int plain = plainPrefix(text);
    if (plain < text.length()) {
      escaped(text, plain);
    }
    put('"');
  }

  /// Writes what needs no escape from the start of a text, nearly always all of it; returns how
  /// much that was.
  private int plainPrefix(String text) {
    int length = Math.min(text.length(), FLUSH_BYTES);
    reserve(length);
    byte[] into = buffer;
    int start = size;
    int at = 0;
    while (at < length) {
      char c = text.charAt(at);
      if (c < ' ' || c >= 0x80 || c == '"' || c == '\\') {
        break;
      }
      into[start + at++] = (byte) c;
    }
    size = start + at;
    return at;
  }

  private void escaped(String text, int from) {
    int length = text.length();
    int at = from;
    while (at < length) {
      // A piece of at most so many characters needs at most six times so many bytes.
      int end = Math.min(length, at + FLUSH_BYTES / 8);
      reserve(6 * (end - at) + 6);
      while (at < end) {
        char c = text.charAt(at++);
        if (c < 0x80) {
          if (c >= ' ' && c != '"' && c != '\\') {
            buffer[size++] = (byte) c;
          } else {
            escape(c);
          }
        } else if (Character.isHighSurrogate(c)
            && at < length
            && Character.isLowSurrogate(text.charAt(at))) {
          encode(Character.toCodePoint(c, text.charAt(at++)));
        } else {
          encode(Character.isSurrogate(c) ? 0xFFFD : c);
        }
      }
    }
  }

  private void escape(char c) {
    buffer[size++] = '\\';
    switch (c) {
      case '"', '\\' -> buffer[size++] = (byte) c;
      case '\n' -> buffer[size++] = 'n';
      case '\r' -> buffer[size++] = 'r';
      case '\t' -> buffer[size++] = 't';
      default -> {
        buffer[size++] = 'u';
        buffer[size++] = '0';
        buffer[size++] = '0';
        buffer[size++] = HEX[c >> 4];
        buffer[size++] = HEX[c & 15];
      }
    }
  }

  private void encode(int codePoint) {
    if (codePoint < 0x800) {
      buffer[size++] = (byte) (0xC0 | (codePoint >> 6));
    } else {
      if (codePoint < 0x10000) {
        buffer[size++] = (byte) (0xE0 | (codePoint >> 12));
      } else {
        buffer[size++] = (byte) (0xF0 | (codePoint >> 18));
        buffer[size++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
      }
      buffer[size++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
    }
    buffer[size++] = (byte) (0x80 | (codePoint & 0x3F));
  }

  private void digits(long value) {
    if (value < 0) {
      ascii(Long.toString(value));
      return;
    }
    int count = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      count++;
    }
    reserve(count);
    long rest = value;
    for (int at = size + count - 1; at >= size; at--) {
      buffer[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += count;
  }

  private void ascii(String text) {
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      buffer[size++] = (byte) text.charAt(i);
    }
  }

  private void put(char ascii) {
    reserve(1);
    buffer[size++] = (byte) ascii;
  }

  private void reserve(int bytes) {
    if (buffer.length - size >= bytes) {
      return;
    }
    if (sink != null && size >= FLUSH_BYTES) {
      drain(sink);
    }
    if (buffer.length - size < bytes) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, Math.addExact(size, bytes)));
    }
  }

  private void drain(OutputStream stream) {
    try {
      stream.write(buffer, 0, size);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    size = 0;
  }
}

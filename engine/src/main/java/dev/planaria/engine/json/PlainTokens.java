package dev.planaria.engine.json;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/// The tokens of a JSON text (RFC 8259) for as long as it is plain: ASCII without white space,
/// strings without escapes, whole numbers of at most 18 digits. That is what [JsonWriter] writes
/// most of the time, and a journal is read a million entries at a time.
///
/// Every token that it gives is what a strict reader would give. Where it gives none, the text goes
/// on in another way, or is wrong, or ends: a strict reader begins again and says which. Not
/// thread-safe.
final class PlainTokens {

  /// Whether a bracket is that of an object is one bit each.
  private static final int DEEPEST = 63;

  private static final int DIGITS = 18;

  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  private final byte[] text;
  private int at;
  private int depth;
  private long objects;
  // What may come next.
  private boolean first = true;
  private boolean named;
  // Where the last string, name or number lies.
  private int from;
  private int to;

  /// @param text not copied
  PlainTokens(byte[] text) {
    this.text = text;
  }

  /// The next token, or null when it is not plain.
  @Nullable JsonToken next() {
    if (at >= text.length) {
      return null;
    }
    if (named) {
      return value();
    }
    if (depth == 0) {
      return first ? value() : null;
    }
    boolean inObject = (objects >>> depth & 1) != 0;
    byte next = text[at];
    if (next == (inObject ? '}' : ']')) {
      at++;
      depth--;
      first = false;
      return inObject ? JsonToken.END_OBJECT : JsonToken.END_ARRAY;
    }
    if (!first) {
      if (next != ',' || ++at >= text.length) {
        return null;
      }
    }
    return inObject ? name() : value();
  }

  /// True when the whole text was read.
  boolean isAtEnd() {
    return depth == 0 && at == text.length;
  }

  /// The characters of the last string, name or number.
  String text() {
    return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /// The last number.
  long number() {
    boolean negative = text[from] == '-';
    long number = 0;
    for (int i = negative ? from + 1 : from; i < to; i++) {
      number = 10 * number + (text[i] - '0');
    }
    return negative ? -number : number;
  }

  private @Nullable JsonToken name() {
    if (!string() || at >= text.length || text[at] != ':') {
      return null;
    }
    at++;
    named = true;
    return JsonToken.PROPERTY_NAME;
  }

  private @Nullable JsonToken value() {
    JsonToken token =
        switch (text[at]) {
          case '{' -> open(true);
          case '[' -> open(false);
          case '"' -> string() ? JsonToken.VALUE_STRING : null;
          case 't' -> literal(TRUE, JsonToken.VALUE_TRUE);
          case 'f' -> literal(FALSE, JsonToken.VALUE_FALSE);
          case 'n' -> literal(NULL, JsonToken.VALUE_NULL);
          default -> wholeNumber();
        };
    named = false;
    first = token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY;
    return token;
  }

  private @Nullable JsonToken open(boolean object) {
    if (depth == DEEPEST) {
      return null;
    }
    at++;
    depth++;
    objects = object ? objects | 1L << depth : objects & ~(1L << depth);
    return object ? JsonToken.START_OBJECT : JsonToken.START_ARRAY;
  }

  /// Reads a string, and says whether it is plain.
  private boolean string() {
    if (text[at] != '"') {
      return false;
    }
    int end = at + 1;
    while (end < text.length && text[end] != '"') {
      // Bytes of characters beyond ASCII are negative.
      if (text[end] < ' ' || text[end] == '\\') {
        return false;
      }
      end++;
    }
    from = at + 1;
    to = end;
    at = end + 1;
    return end < text.length;
  }

  private @Nullable JsonToken literal(byte[] literal, JsonToken token) {
    int end = at + literal.length;
    for (int i = 0; i < literal.length; i++) {
      if (at + i >= text.length || text[at + i] != literal[i]) {
        return null;
      }
    }
    return ended(end) ? token : null;
  }

  private @Nullable JsonToken wholeNumber() {
    int start = text[at] == '-' ? at + 1 : at;
    int end = start;
    while (end < text.length && text[end] >= '0' && text[end] <= '9') {
      end++;
    }
    int digits = end - start;
    boolean padded = digits > 1 && text[start] == '0';
    if (digits == 0 || digits > DIGITS || padded) {
      return null;
    }
    from = at;
    to = end;
    return ended(end) ? JsonToken.VALUE_NUMBER_INT : null;
  }

  /// Goes on behind a value, if that ends there.
  private boolean ended(int end) {
    boolean ended = end == text.length || text[end] == ',' || text[end] == '}' || text[end] == ']';
    if (ended) {
      at = end;
    }
    return ended;
  }
}

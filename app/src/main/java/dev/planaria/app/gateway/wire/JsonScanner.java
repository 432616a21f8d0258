package dev.planaria.app.gateway.wire;

import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonSyntaxException;
import java.util.HashSet;
import java.util.Set;

/// Goes over JSON text (RFC 8259) byte by byte and checks everything that
/// [dev.planaria.engine.json.JsonReader] checks (UTF-8, grammar, unique names, limits) without
/// building values, so that what is only passed on costs no tree. Not thread-safe.
final class JsonScanner {
  /// Takes the members of the outermost object.
  interface Sink {
    /// A member: its name, where the name's quotes stand, and where its value stands.
    void member(String name, Span rawName, Span value);
  }

  private static final int SURROGATE_BITS = 0xF800;

  private final byte[] bytes;
  private final int end;
  private final JsonLimits limits;
  private int at;
  private int depth;
  private long tokens;

  JsonScanner(Span text, JsonLimits limits) {
    if (text.length() > limits.documentBytes()) {
      throw new JsonSyntaxException(
          "the JSON text is longer than " + limits.documentBytes() + " bytes");
    }
    this.bytes = text.array();
    this.at = text.from();
    this.end = text.to();
    this.limits = limits;
  }

  /// Scans one object and nothing else.
  ///
  /// @return where it stands, from brace to brace
  Span wholeObject(Sink sink) {
    skipSpace();
    if (peek() != '{') {
      throw refused("an object is expected");
    }
    int from = at;
    object(sink);
    return wholeSince(from);
  }

  /// Scans one value and nothing else.
  ///
  /// @return where it stands, without the white space around it
  Span wholeValue() {
    skipSpace();
    int from = at;
    value();
    return wholeSince(from);
  }

  private Span wholeSince(int from) {
    int to = at;
    skipSpace();
    if (at < end) {
      throw refused("something follows the JSON value");
    }
    return new Span(bytes, from, to);
  }

  private void value() {
    switch (peek()) {
      case '{' -> object((_, _, _) -> {});
      case '[' -> array();
      case '"' -> {
        token();
        string(limits.stringCharacters(), "string");
      }
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    }
  }

  private void object(Sink sink) {
    descend();
    skipSpace();
    if (peek() == '}') {
      ascend();
      return;
    }
    Set<String> names = new HashSet<>();
    while (true) {
      if (peek() != '"') {
        throw refused("a name in quotes is expected");
      }
      int nameFrom = at;
      token();
      boolean escaped = string(limits.nameCharacters(), "name");
      var rawName = new Span(bytes, nameFrom, at);
      String name = rawName.unquoted(escaped);
      if (!names.add(name)) {
        throw refused("a name occurs twice in one object");
      }
      skipSpace();
      take(':');
      skipSpace();
      int valueFrom = at;
      value();
      sink.member(name, rawName, new Span(bytes, valueFrom, at));
      skipSpace();
      if (peek() == '}') {
        ascend();
        return;
      }
      take(',');
      skipSpace();
    }
  }

  private void array() {
    descend();
    skipSpace();
    if (peek() == ']') {
      ascend();
      return;
    }
    while (true) {
      value();
      skipSpace();
      if (peek() == ']') {
        ascend();
        return;
      }
      take(',');
      skipSpace();
    }
  }

  /// Passes over a string, from quote to quote; true when it holds an escape.
  private boolean string(int mostCharacters, String kind) {
    int characters = 0;
    boolean escaped = false;
    at++;
    while (true) {
      int b = peek();
      if (b == '"') {
        at++;
        break;
      }
      if (b == '\\') {
        escaped = true;
        characters += escape();
      } else if (b < ' ') {
        throw refused("a control character stands in a string");
      } else if (b < 0x80) {
        at++;
        characters++;
      } else {
        characters += multiByte(b);
      }
    }
    if (characters > mostCharacters) {
      throw refused("a " + kind + " is longer than " + mostCharacters + " characters");
    }
    return escaped;
  }

  /// Passes over an escape; a pair of surrogates counts as one and gives two UTF-16 units.
  private int escape() {
    at++;
    int kind = peek();
    at++;
    return switch (kind) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> 1;
      case 'u' -> unicodeEscape();
      default -> throw refused("an escape that JSON does not know");
    };
  }

  private int unicodeEscape() {
    char first = hex();
    if ((first & SURROGATE_BITS) != Character.MIN_SURROGATE) {
      return 1;
    }
    if (Character.isHighSurrogate(first)
        && at + 1 < end
        && bytes[at] == '\\'
        && bytes[at + 1] == 'u') {
      at += 2;
      if (Character.isLowSurrogate(hex())) {
        return 2;
      }
    }
    throw refused("a string holds an unpaired surrogate, which is no character");
  }

  private char hex() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0 || peek() >= 0x80) {
        throw refused("four hexadecimal digits are expected");
      }
      value = value << 4 | digit;
      at++;
    }
    return (char) value;
  }

  /// Passes over one character of two to four bytes (RFC 3629 section 4); gives its UTF-16 units.
  private int multiByte(int lead) {
    int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (lead < 0xC2 || lead > 0xF4) {
      throw notUtf8();
    }
    at++;
    for (int i = 0; i < more; i++) {
      int b = at < end ? bytes[at] & 0xFF : 0;
      if (b < (i == 0 ? lowest : 0x80) || b > (i == 0 ? highest : 0xBF)) {
        throw notUtf8();
      }
      at++;
    }
    return more == 3 ? 2 : 1;
  }

  private void number() {
    int from = at;
    token();
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      digits();
    }
    if (at < end && bytes[at] == '.') {
      at++;
      digits();
    }
    if (at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits();
    }
    if (at - from > limits.numberCharacters()) {
      throw refused("a number is longer than " + limits.numberCharacters() + " characters");
    }
    if (at < end && isWordPart(bytes[at])) {
      throw refused("a value is expected");
    }
  }

  private void digits() {
    int from = at;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    if (at == from) {
      throw refused("a value is expected");
    }
  }

  private void word(String word) {
    token();
    for (int i = 0; i < word.length(); i++) {
      take(word.charAt(i));
    }
    if (at < end && isWordPart(bytes[at])) {
      throw refused("a value is expected");
    }
  }

  private static boolean isWordPart(byte b) {
    return b == '_' || b == '.' || b == '+' || b == '-' || Character.isLetterOrDigit(b);
  }

  private void skipSpace() {
    while (at < end
        && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
      at++;
    }
  }

  private int peek() {
    if (at >= end) {
      throw refused("the text ends too early");
    }
    return bytes[at] & 0xFF;
  }

  private void take(char ascii) {
    if (peek() != ascii) {
      throw refused("`" + ascii + "` is expected");
    }
    at++;
  }

  private void descend() {
    token();
    at++;
    if (++depth > limits.depth()) {
      throw refused("arrays and objects nest more than " + limits.depth() + " deep");
    }
  }

  private void ascend() {
    token();
    at++;
    depth--;
  }

  private void token() {
    if (++tokens > limits.tokens()) {
      throw refused("there are more than " + limits.tokens() + " values, names and brackets");
    }
  }

  private JsonSyntaxException refused(String rule) {
    return new JsonSyntaxException("JSON byte " + at + ": " + rule);
  }

  private static JsonSyntaxException notUtf8() {
    return new JsonSyntaxException("the JSON text is not valid UTF-8");
  }
}

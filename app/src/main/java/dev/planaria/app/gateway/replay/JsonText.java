package dev.planaria.app.gateway.replay;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonSyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Replaces strings inside JSON text (RFC 8259) and leaves every other character as it is. The text
/// was checked before; what is not JSON is noticed, not mended. One instance for one pass.
final class JsonText {

  /// An element of an array, in a path.
  static final String ELEMENT = "[]";

  /// Messages nest at most 64 deep, and what a server wraps in text is no deeper; reading recurses.
  private static final int DEEPEST = 200;

  private final String json;
  private final Strings strings;
  private final List<String> path = new ArrayList<>();
  private final List<Edit> edits = new ArrayList<>();
  private int at;

  /// The characters from `from` to before `to` give way to a text.
  private record Edit(int from, int to, String text) {}

  private JsonText(String json, Strings strings) {
    this.json = json;
    this.strings = strings;
  }

  /// Says what becomes of the string values of a text.
  interface Strings {

    /// The JSON that takes the place of a string value, or null to leave it.
    ///
    /// @param path names of members and [#ELEMENT]; good for this call
    /// @param raw as it is written, with its quotes
    @Nullable String replacement(List<String> path, String raw);
  }

  /// The text with its string values replaced; the same object when none was.
  ///
  /// @throws JsonSyntaxException when it is not JSON
  static String replace(String json, Strings strings) {
    return applied(json, edits(json, strings));
  }

  /// The same for JSON that stands, escaped, in a string: that string, written as before but for
  /// what is replaced. Null when nothing is, or when it is not JSON that stands there.
  ///
  /// @param raw the string as it is written, with its quotes
  static @Nullable String replaceInside(String raw, Strings strings) {
    Decoded decoded = Decoded.of(raw);
    List<Edit> edits;
    try {
      edits = edits(decoded.text, strings);
    } catch (JsonSyntaxException free) {
      return null; // free text, which merely begins like JSON
    }
    return edits.isEmpty() ? null : applied(raw, edits.stream().map(decoded::outside).toList());
  }

  private static List<Edit> edits(String json, Strings strings) {
    var pass = new JsonText(json, strings);
    pass.value(0);
    pass.space();
    if (pass.at != json.length()) {
      throw pass.wrong();
    }
    return pass.edits;
  }

  private static String applied(String text, List<Edit> edits) {
    if (edits.isEmpty()) {
      return text;
    }
    var out = new StringBuilder(text.length() + 64);
    int copied = 0;
    for (Edit edit : edits) {
      out.append(text, copied, edit.from).append(edit.text);
      copied = edit.to;
    }
    return out.append(text, copied, text.length()).toString();
  }

  /// What a string that is written so says.
  static String decoded(String raw) {
    return raw.indexOf('\\') < 0 ? raw.substring(1, raw.length() - 1) : Decoded.of(raw).text;
  }

  /// How a text is written.
  static String quoted(String text) {
    return Json.write(new JsonString(text));
  }

  private void value(int depth) {
    space();
    if (depth > DEEPEST) {
      throw wrong();
    }
    switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> {
        int from = at;
        string();
        String raw = json.substring(from, at);
        String replaced = strings.replacement(path, raw);
        if (replaced != null) {
          edits.add(new Edit(from, at, replaced));
        }
      }
      default -> literal();
    }
  }

  private void object(int depth) {
    at++;
    space();
    if (peek() == '}') {
      at++;
      return;
    }
    while (true) {
      space();
      int from = at;
      string();
      path.add(decoded(json.substring(from, at)));
      space();
      expect(':');
      value(depth + 1);
      path.removeLast();
      space();
      if (peek() == '}') {
        at++;
        return;
      }
      expect(',');
    }
  }

  private void array(int depth) {
    at++;
    space();
    if (peek() == ']') {
      at++;
      return;
    }
    path.add(ELEMENT);
    while (true) {
      value(depth + 1);
      space();
      if (peek() == ']') {
        at++;
        path.removeLast();
        return;
      }
      expect(',');
    }
  }

  private void string() {
    expect('"');
    while (peek() != '"') {
      at += json.charAt(at) == '\\' ? 2 : 1;
    }
    at++;
  }

  private void literal() {
    int from = at;
    while (at < json.length() && " \t\r\n,]}".indexOf(json.charAt(at)) < 0) {
      char c = json.charAt(at++);
      if (c == '"' || c == '{' || c == '[' || c == ':') {
        throw wrong();
      }
    }
    if (at == from || "-0123456789tfn".indexOf(json.charAt(from)) < 0) {
      throw wrong();
    }
  }

  private void space() {
    while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    if (at >= json.length()) {
      throw wrong();
    }
    return json.charAt(at);
  }

  private void expect(char c) {
    if (peek() != c) {
      throw wrong();
    }
    at++;
  }

  private JsonSyntaxException wrong() {
    return new JsonSyntaxException("no JSON at character " + at);
  }

  /// A string and where each of its characters is written.
  private static final class Decoded {

    /// What it says.
    private final String text;

    /// For each character of it and for its end, where it is written.
    private final int[] rawAt;

    private Decoded(String text, int[] rawAt) {
      this.text = text;
      this.rawAt = rawAt;
    }

    static Decoded of(String raw) {
      var text = new StringBuilder(raw.length());
      int[] rawAt = new int[raw.length()];
      int at = 1;
      int end = raw.length() - 1;
      while (at < end) {
        rawAt[text.length()] = at;
        char c = raw.charAt(at++);
        if (c != '\\') {
          text.append(c);
          continue;
        }
        if (at >= end) {
          throw new JsonSyntaxException("a string ends in the middle of an escape");
        }
        char escaped = raw.charAt(at++);
        if (escaped == 'u') {
          if (at + 4 > end) {
            throw new JsonSyntaxException("a string ends in the middle of an escape");
          }
          text.append((char) Integer.parseInt(raw, at, at + 4, 16));
          at += 4;
        } else {
          text.append(
              switch (escaped) {
                case 'n' -> '\n';
                case 't' -> '\t';
                case 'r' -> '\r';
                case 'b' -> '\b';
                case 'f' -> '\f';
                default -> escaped;
              });
        }
      }
      rawAt[text.length()] = end;
      return new Decoded(text.toString(), rawAt);
    }

    /// The same change, made to what is written.
    Edit outside(Edit inside) {
      String written = quoted(inside.text);
      return new Edit(
          rawAt[inside.from], rawAt[inside.to], written.substring(1, written.length() - 1));
    }
  }
}

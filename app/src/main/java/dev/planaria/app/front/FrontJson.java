package dev.planaria.app.front;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.util.ArrayList;

/// Reads and writes the front's few small documents (RFC 8259): the worker's lines, `daemon.json`,
/// error bodies. Messages of clients are never parsed here. Of its own, because loading the
/// engine's streaming parser would cost every daemon start time and memory for a dozen lines.
public final class FrontJson {

  /// Deeper than any of our documents, shallow enough for any stack.
  private static final int DEPTH = 32;

  /// A text that is not a JSON document.
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String sentence) {
      super(sentence);
    }
  }

  private final String text;
  private int at;

  private FrontJson(String text) {
    this.text = text;
  }

  /// Reads one object; anything before or after it but white space is an error.
  public static JsonObject parseObject(String text) throws Malformed {
    var reader = new FrontJson(text);
    var value = reader.value(0);
    reader.skipSpace();
    if (reader.at != text.length()) {
      throw reader.malformed("something follows the document");
    }
    if (value instanceof JsonObject object) {
      return object;
    }
    throw reader.malformed("not an object");
  }

  /// The text of a string member, or the given one when there is none.
  public static String string(JsonObject object, String name, String otherwise) {
    return object.get(name) instanceof JsonString(var value) ? value : otherwise;
  }

  /// The value of a whole number member, or the given one when there is none.
  public static long number(JsonObject object, String name, long otherwise) {
    if (object.get(name) instanceof JsonNumber(var digits)) {
      try {
        return Long.parseLong(digits);
      } catch (NumberFormatException _) {
        return otherwise;
      }
    }
    return otherwise;
  }

  /// Writes a value on one line.
  public static String write(JsonValue value) {
    var out = new StringBuilder();
    write(out, value);
    return out.toString();
  }

  private static void write(StringBuilder out, JsonValue value) {
    switch (value) {
      case JsonNull _ -> out.append("null");
      case JsonBoolean(var truth) -> out.append(truth);
      case JsonNumber(var digits) -> out.append(digits);
      case JsonString(var content) -> writeString(out, content);
      case JsonArray(var items) -> {
        var separator = '[';
        for (var item : items) {
          write(out.append(separator), item);
          separator = ',';
        }
        out.append(items.isEmpty() ? "[]" : "]");
      }
      case JsonObject(var members) -> {
        var separator = '{';
        for (var member : members.entrySet()) {
          writeString(out.append(separator), member.getKey());
          write(out.append(':'), member.getValue());
          separator = ',';
        }
        out.append(members.isEmpty() ? "{}" : "}");
      }
    }
  }

  private static void writeString(StringBuilder out, String content) {
    out.append('"');
    for (var i = 0; i < content.length(); i++) {
      var c = content.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append("\\u00").append(c < 16 ? "0" : "1").append(Character.forDigit(c & 15, 16));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private JsonValue value(int depth) throws Malformed {
    if (depth > DEPTH) {
      throw malformed("nested too deeply");
    }
    skipSpace();
    if (at == text.length()) {
      throw malformed("it ends early");
    }
    return switch (text.charAt(at)) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> new JsonString(string());
      case 't' -> word("true", JsonBoolean.of(true));
      case 'f' -> word("false", JsonBoolean.of(false));
      case 'n' -> word("null", JsonNull.NULL);
      default -> number();
    };
  }

  private JsonObject object(int depth) throws Malformed {
    var object = JsonObject.builder();
    at++;
    if (next('}')) {
      return object.build();
    }
    do {
      skipSpace();
      var name = string();
      if (!next(':')) {
        throw malformed("a colon is missing");
      }
      object.put(name, value(depth + 1));
    } while (next(','));
    if (!next('}')) {
      throw malformed("a closing brace is missing");
    }
    return object.build();
  }

  private JsonArray array(int depth) throws Malformed {
    var items = new ArrayList<JsonValue>();
    at++;
    if (next(']')) {
      return JsonArray.EMPTY;
    }
    do {
      items.add(value(depth + 1));
    } while (next(','));
    if (!next(']')) {
      throw malformed("a closing bracket is missing");
    }
    return new JsonArray(items);
  }

  private String string() throws Malformed {
    if (at >= text.length() || text.charAt(at) != '"') {
      throw malformed("a string is missing");
    }
    var out = new StringBuilder();
    for (at++; at < text.length(); at++) {
      var c = text.charAt(at);
      if (c == '"') {
        at++;
        return out.toString();
      }
      out.append(c == '\\' ? escape() : c);
    }
    throw malformed("a string does not end");
  }

  private char escape() throws Malformed {
    at++;
    return switch (at < text.length() ? text.charAt(at) : ' ') {
      case '"' -> '"';
      case '\\' -> '\\';
      case '/' -> '/';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        try {
          var code = Integer.parseInt(text, at + 1, at + 5, 16);
          at += 4;
          yield (char) code;
        } catch (NumberFormatException | IndexOutOfBoundsException _) {
          throw malformed("a bad \\u escape");
        }
      }
      default -> throw malformed("a bad escape");
    };
  }

  private JsonValue word(String word, JsonValue meaning) throws Malformed {
    if (!text.startsWith(word, at)) {
      throw malformed("an unknown word");
    }
    at += word.length();
    return meaning;
  }

  private JsonNumber number() throws Malformed {
    var start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (start == at) {
      throw malformed("not a value");
    }
    return new JsonNumber(text.substring(start, at));
  }

  private boolean next(char expected) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private Malformed malformed(String what) {
    return new Malformed("not a JSON document: " + what + " at character " + at);
  }
}

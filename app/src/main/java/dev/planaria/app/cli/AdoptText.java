package dev.planaria.app.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client's configuration: JSON as editors allow it, with comments and commas before closing
/// brackets, read so that single values can be replaced and everything else stays as it was
/// written. Immutable.
final class AdoptText {

  /// Deeper than any configuration, shallow enough for any stack.
  private static final int DEPTH = 100;

  /// A value and where it stands: from its first character to behind its last.
  sealed interface Node {

    /// Where it begins.
    int start();

    /// Behind its last character.
    int end();
  }

  /// An object.
  record Members(int start, int end, List<Member> members) implements Node {

    /// The value of that name, or null.
    @Nullable Node get(String name) {
      Member found = member(name);
      return found == null ? null : found.value();
    }

    /// The member of that name, or null.
    @Nullable Member member(String name) {
      return members.stream().filter(member -> member.name().equals(name)).findFirst().orElse(null);
    }
  }

  /// One member of an object, from the quote before its name to behind its value.
  record Member(int start, String name, Node value) {}

  /// An array.
  record Items(int start, int end, List<Node> items) implements Node {}

  /// A string.
  record Text(int start, int end, String value) implements Node {}

  /// A number, `true`, `false` or `null`.
  record Word(int start, int end) implements Node {}

  /// The text cannot be read; the message says where and why.
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String sentence) {
      super(sentence);
    }
  }

  private final String text;
  private int at;

  private AdoptText(String text) {
    this.text = text;
  }

  /// Reads a text whose value is an object.
  static Members read(String text) throws Malformed {
    var reader = new AdoptText(text);
    if (text.startsWith("\uFEFF")) {
      reader.at = 1;
    }
    Node root = reader.value(0);
    reader.skip();
    if (reader.at < text.length()) {
      throw reader.malformed("something follows the object");
    }
    if (root instanceof Members members) {
      return members;
    }
    throw new Malformed("it holds no object");
  }

  private Node value(int depth) throws Malformed {
    if (depth > DEPTH) {
      throw malformed("values nest more than " + DEPTH + " deep");
    }
    skip();
    int start = at;
    return switch (peek()) {
      case '{' -> object(start, depth);
      case '[' -> array(start, depth);
      case '"' -> new Text(start, stringEnd(), string(start));
      default -> word(start);
    };
  }

  private Members object(int start, int depth) throws Malformed {
    var members = new ArrayList<Member>();
    at++;
    while (!ends('}')) {
      int nameStart = at;
      if (peek() != '"') {
        throw malformed("a name in quotes is missing");
      }
      stringEnd();
      String name = string(nameStart);
      if (members.stream().anyMatch(other -> other.name().equals(name))) {
        throw malformed("the name \"" + name + "\" occurs twice in one object");
      }
      skip();
      if (peek() != ':') {
        throw malformed("a colon is missing");
      }
      at++;
      members.add(new Member(nameStart, name, value(depth + 1)));
      comma('}');
    }
    return new Members(start, at, List.copyOf(members));
  }

  private Items array(int start, int depth) throws Malformed {
    var items = new ArrayList<Node>();
    at++;
    while (!ends(']')) {
      items.add(value(depth + 1));
      comma(']');
    }
    return new Items(start, at, List.copyOf(items));
  }

  private boolean ends(char closing) throws Malformed {
    skip();
    if (peek() == closing) {
      at++;
      return true;
    }
    return false;
  }

  private void comma(char closing) throws Malformed {
    skip();
    if (peek() == ',') {
      at++;
    } else if (peek() != closing) {
      throw malformed("a comma is missing");
    }
  }

  private int stringEnd() throws Malformed {
    at++;
    while (peek() != '"') {
      if (peek() < ' ') {
        throw malformed("a string has no end");
      }
      at += peek() == '\\' ? 2 : 1;
    }
    at++;
    return at;
  }

  /// What the string that begins there, and ends here, says.
  private String string(int start) throws Malformed {
    var out = new StringBuilder();
    int i = start + 1;
    while (i < at - 1) {
      char c = text.charAt(i);
      if (c != '\\') {
        out.append(c);
        i++;
        continue;
      }
      char escape = text.charAt(i + 1);
      i += 2;
      switch (escape) {
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case 'r' -> out.append('\r');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case '"', '\\', '/' -> out.append(escape);
        case 'u' -> {
          out.append((char) hex(i));
          i += 4;
        }
        default -> throw malformed("an unknown escape in a string");
      }
    }
    return out.toString();
  }

  private int hex(int from) throws Malformed {
    try {
      return Integer.parseInt(text, from, from + 4, 16);
    } catch (NumberFormatException | IndexOutOfBoundsException _) {
      throw malformed("a bad \\u escape in a string");
    }
  }

  private Word word(int start) throws Malformed {
    while (at < text.length() && "{}[],:\"/ \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(start, at);
    if (!word.matches("true|false|null|-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
      throw malformed("a value is missing");
    }
    return new Word(start, at);
  }

  /// Passes over white space and comments.
  private void skip() throws Malformed {
    while (at < text.length()) {
      if (" \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      } else if (text.startsWith("//", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
          throw malformed("a comment has no end");
        }
        at = end + 2;
      } else {
        return;
      }
    }
  }

  private char peek() throws Malformed {
    if (at >= text.length()) {
      throw malformed("it ends early");
    }
    return text.charAt(at);
  }

  private Malformed malformed(String what) {
    int end = Math.min(at, text.length());
    String before = text.substring(0, end);
    long line = before.chars().filter(c -> c == '\n').count() + 1;
    return new Malformed(
        "line " + line + ", column " + (end - before.lastIndexOf('\n')) + ": " + what);
  }
}

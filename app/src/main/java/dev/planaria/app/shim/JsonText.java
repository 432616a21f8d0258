package dev.planaria.app.shim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON text (RFC 8259) that stays the bytes it came as, with a way to find the places of values
/// in it: what the shim does not have to understand passes it byte for byte. Only the syntax is
/// checked here; whoever understands the message checks the rest. Thread-safe.
final class JsonText {

  /// Deeper than any message that a daemon accepts, shallow enough for any stack.
  private static final int DEPTH = 500;

  /// Where a value stands: from its first byte to behind its last.
  record Place(int start, int end) {}

  /// The bytes are not one JSON text.
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String sentence) {
      super(sentence, null, false, false);
    }
  }

  private final byte[] bytes;
  private final Place root;

  /// The members of the root, found once: the result of a call may have megabytes, and is not to be
  /// passed over for each name.
  private volatile @Nullable Map<String, Place> rootMembers;

  private JsonText(byte[] bytes, Place root) {
    this.bytes = bytes;
    this.root = root;
  }

  /// Checks the syntax. The bytes must not change from here on.
  static JsonText parse(byte[] bytes) throws Malformed {
    var walk = new Walk(bytes);
    int start = walk.skipSpace(0);
    int end = walk.value(start, 0);
    if (walk.skipSpace(end) != bytes.length) {
      throw walk.malformed("something follows the value", end);
    }
    return new JsonText(bytes, new Place(start, end));
  }

  /// The whole value.
  Place root() {
    return root;
  }

  /// True when the value begins with that character.
  boolean is(char first, Place place) {
    return bytes[place.start()] == first;
  }

  /// The member of an object, or null when there is none, or when that value is no object. Of a
  /// name that occurs twice, the first counts.
  @Nullable Place member(@Nullable Place object, String name) {
    if (object == null || !is('{', object)) {
      return null;
    }
    if (!object.equals(root)) {
      return members(object).get(name);
    }
    var known = rootMembers;
    if (known == null) {
      known = members(root);
      rootMembers = known;
    }
    return known.get(name);
  }

  private Map<String, Place> members(Place object) {
    var members = new HashMap<String, Place>();
    var walk = new Walk(bytes);
    int at = walk.skipSpace(object.start() + 1);
    while (bytes[at] == '"') {
      int nameEnd = walk.string(at);
      int start = walk.skipSpace(walk.skipSpace(nameEnd) + 1);
      int end = walk.skip(start);
      members.putIfAbsent(text(new Place(at, nameEnd)), new Place(start, end));
      at = walk.skipSpace(end);
      if (bytes[at] == ',') {
        at = walk.skipSpace(at + 1);
      }
    }
    return members;
  }

  /// The items of an array.
  List<Place> items(Place array) {
    var items = new ArrayList<Place>();
    var walk = new Walk(bytes);
    int at = walk.skipSpace(array.start() + 1);
    while (bytes[at] != ']') {
      int end = walk.skip(at);
      items.add(new Place(at, end));
      at = walk.skipSpace(end);
      if (bytes[at] == ',') {
        at = walk.skipSpace(at + 1);
      }
    }
    return items;
  }

  /// A value's own bytes, as a text of one character for each.
  String raw(Place place) {
    return new String(
        bytes, place.start(), place.end() - place.start(), StandardCharsets.ISO_8859_1);
  }

  /// What a string value says, or null when the value is none.
  @Nullable String string(@Nullable Place place) {
    return place == null || !is('"', place) ? null : text(place);
  }

  /// A value as a text of its own.
  byte[] copy(Place place) {
    return java.util.Arrays.copyOfRange(bytes, place.start(), place.end());
  }

  private String text(Place place) {
    var quoted =
        new String(
            bytes, place.start() + 1, place.end() - place.start() - 2, StandardCharsets.UTF_8);
    if (quoted.indexOf('\\') < 0) {
      return quoted;
    }
    var out = new StringBuilder();
    int i = 0;
    while (i < quoted.length()) {
      char c = quoted.charAt(i);
      char escaped = c == '\\' ? quoted.charAt(i + 1) : ' ';
      if (c != '\\') {
        out.append(c);
        i++;
      } else if (escaped == 'u') {
        out.append((char) Integer.parseInt(quoted, i + 2, i + 6, 16));
        i += 6;
      } else {
        out.append(meaning(escaped));
        i += 2;
      }
    }
    return out.toString();
  }

  private static char meaning(char escaped) {
    return switch (escaped) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> escaped;
    };
  }

  /// Goes through the bytes. The strict half is [#value]; [#skip] needs what was checked before.
  @SuppressWarnings("ArrayRecordComponent") // read only
  private record Walk(byte[] bytes) {

    int skipSpace(int from) {
      int at = from;
      while (at < bytes.length
          && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r' || bytes[at] == '\n')) {
        at++;
      }
      return at;
    }

    /// Behind the value that begins here, which has been checked before.
    int skip(int start) {
      int depth = 0;
      int at = start;
      do {
        switch (bytes[at]) {
          case '"' -> at = string(at);
          case '{', '[' -> {
            depth++;
            at++;
          }
          case '}', ']' -> {
            depth--;
            at++;
          }
          default -> at++;
        }
      } while (depth > 0);
      // A number or a word has no end of its own.
      while (isWord(start) && at < bytes.length && isWord(at)) {
        at++;
      }
      return at;
    }

    private boolean isWord(int at) {
      byte b = bytes[at];
      return (b >= '0' && b <= '9')
          || (b >= 'a' && b <= 'z')
          || b == '-'
          || b == '+'
          || b == '.'
          || b == 'E';
    }

    /// Behind a string that has been checked before.
    int string(int start) {
      int at = start + 1;
      while (bytes[at] != '"') {
        at += bytes[at] == '\\' ? 2 : 1;
      }
      return at + 1;
    }

    int value(int start, int depth) throws Malformed {
      if (depth > DEPTH) {
        throw malformed("arrays and objects nest more than " + DEPTH + " deep", start);
      }
      return switch (at(start)) {
        case '{' -> object(start, depth);
        case '[' -> array(start, depth);
        case '"' -> checkedString(start);
        case 't' -> word("true", start);
        case 'f' -> word("false", start);
        case 'n' -> word("null", start);
        default -> number(start);
      };
    }

    private int object(int start, int depth) throws Malformed {
      int at = skipSpace(start + 1);
      if (at(at) == '}') {
        return at + 1;
      }
      while (true) {
        if (at(at) != '"') {
          throw malformed("a member's name is missing", at);
        }
        at = skipSpace(checkedString(at));
        if (at(at) != ':') {
          throw malformed("a colon is missing", at);
        }
        at = skipSpace(value(skipSpace(at + 1), depth + 1));
        if (at(at) == '}') {
          return at + 1;
        }
        at = skipSpace(comma(at));
      }
    }

    private int array(int start, int depth) throws Malformed {
      int at = skipSpace(start + 1);
      if (at(at) == ']') {
        return at + 1;
      }
      while (true) {
        at = skipSpace(value(at, depth + 1));
        if (at(at) == ']') {
          return at + 1;
        }
        at = skipSpace(comma(at));
      }
    }

    private int comma(int at) throws Malformed {
      if (at(at) != ',') {
        throw malformed("a comma or a closing bracket is missing", at);
      }
      return at + 1;
    }

    private int checkedString(int start) throws Malformed {
      int at = start + 1;
      while (at(at) != '"') {
        if (at(at) < ' ' && at(at) >= 0) {
          throw malformed("a control character stands in a string", at);
        }
        at = bytes[at] == '\\' ? escape(at) : at + 1;
      }
      return at + 1;
    }

    private int escape(int start) throws Malformed {
      if (at(start + 1) != 'u') {
        if ("\"\\/bfnrt".indexOf(at(start + 1)) < 0) {
          throw malformed("an unknown escape", start);
        }
        return start + 2;
      }
      for (int i = start + 2; i < start + 6; i++) {
        if (Character.digit(at(i), 16) < 0) {
          throw malformed("a bad \\u escape", start);
        }
      }
      return start + 6;
    }

    private int word(String word, int start) throws Malformed {
      for (int i = 0; i < word.length(); i++) {
        if (at(start + i) != word.charAt(i)) {
          throw malformed("an unknown word", start);
        }
      }
      return start + word.length();
    }

    /// `-? (0 | [1-9][0-9]*) (.[0-9]+)? ([eE][+-]?[0-9]+)?`
    private int number(int start) throws Malformed {
      int at = start + (at(start) == '-' ? 1 : 0);
      at = at < bytes.length && bytes[at] == '0' ? at + 1 : digits(at);
      if (at < bytes.length && bytes[at] == '.') {
        at = digits(at + 1);
      }
      if (at < bytes.length && (bytes[at] == 'e' || bytes[at] == 'E')) {
        at++;
        at = digits(at + (at(at) == '+' || at(at) == '-' ? 1 : 0));
      }
      return at;
    }

    private int digits(int start) throws Malformed {
      int at = start;
      while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
        at++;
      }
      if (at == start) {
        throw malformed("not a value", start);
      }
      return at;
    }

    private byte at(int index) throws Malformed {
      if (index >= bytes.length) {
        throw malformed("it ends early", index);
      }
      return bytes[index];
    }

    Malformed malformed(String what, int at) {
      return new Malformed("not JSON: " + what + " at byte " + at);
    }
  }
}

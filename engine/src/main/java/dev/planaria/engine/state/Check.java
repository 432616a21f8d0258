package dev.planaria.engine.state;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rules for the texts, numbers and values of a command that hold in any state. What passes here
/// can be written to the journal and read back exactly, and shown to people and models as it looks.
final class Check {

  private static final int SHOWN_CHARACTERS = 64;

  private Check() {}

  /// A name, key, type or the like: one line, not blank, at most `limits.nameCharacters`.
  static String line(String field, String text, Limits limits) {
    characters(field, text, false);
    return length(field, text, limits.nameCharacters(), "nameCharacters");
  }

  /// As [#line], or null when not given.
  static @Nullable String optionalLine(String field, @Nullable String text, Limits limits) {
    return text == null ? null : line(field, text, limits);
  }

  /// A description or the like: may have many lines, not blank, at most
  /// `limits.descriptionCharacters`.
  static String prose(String field, String text, Limits limits) {
    characters(field, text, true);
    return length(field, text, limits.descriptionCharacters(), "descriptionCharacters");
  }

  /// A list of names.
  static List<String> lines(String field, List<String> texts, Limits limits) {
    if (texts.size() > limits.capabilities()) {
      throw overLimit(
          "`" + field + "` holds more than " + limits.capabilities() + " texts", "capabilities");
    }
    for (int i = 0; i < texts.size(); i++) {
      line(field + "[" + i + "]", texts.get(i), limits);
    }
    return List.copyOf(texts);
  }

  /// Any JSON value, at most `limits.valueBytes` long and `limits.valueDepth` deep.
  static <V extends JsonValue> V value(String field, V value, Limits limits) {
    nesting(field, value, limits.valueDepth(), limits);
    if (Json.length(value) > limits.valueBytes()) {
      throw overLimit(
          "`" + field + "` is longer than " + limits.valueBytes() + " bytes of JSON", "valueBytes");
    }
    return value;
  }

  /// As [#value], or null when not given.
  static <V extends JsonValue> @Nullable V optionalValue(
      String field, @Nullable V value, Limits limits) {
    return value == null ? null : value(field, value, limits);
  }

  /// JSON text that is kept as it came, at most so many bytes long as UTF-8. Whether it is JSON is
  /// for its writer to know.
  static String json(String field, String text, long maxBytes, String setting) {
    expressible(field, text);
    if (text.isBlank()) {
      throw invalid(field, "must not be blank");
    }
    if (utf8Length(text) > maxBytes) {
      throw overLimit("`" + field + "` is longer than " + maxBytes + " bytes", setting);
    }
    return text;
  }

  /// How long a text is as UTF-8.
  static long utf8Length(String text) {
    long length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // A pair of surrogates is two characters and four bytes.
      length += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
    }
    return length;
  }

  /// A number within bounds, of which the upper one is a limit.
  static long number(String field, long value, long min, long max, String setting) {
    if (value < min) {
      throw invalid(field, "must be at least " + min);
    }
    if (value > max) {
      throw overLimit("`" + field + "` must be at most " + max, setting);
    }
    return value;
  }

  /// An argument breaks a rule.
  static Refusal invalid(String field, String rule) {
    return new Refusal(Refusal.Code.INVALID_ARGUMENT, "`" + field + "` " + rule);
  }

  /// A limit is exceeded.
  static Refusal overLimit(String sentence, String setting) {
    return new Refusal(
        Refusal.Code.LIMIT_EXCEEDED, sentence + " (setting `limits." + setting + "`)");
  }

  /// A text that a caller chose, shortened and in ASCII, so that it can stand in a message.
  static String shown(String text) {
    String cut =
        text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
    return "`" + cut.replaceAll("[^ -~]", "?") + "`";
  }

  private static void characters(String field, String text, boolean manyLines) {
    if (!Json.isExpressible(text)) {
      throw invalid(field, "must not hold unpaired surrogates");
    }
    boolean blank = true;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (isHidden(c, manyLines)) {
        throw invalid(
            field,
            "must not hold control, direction or tag characters, but holds "
                + String.format("U+%04X", c));
      }
      blank &= Character.isWhitespace(c);
    }
    if (blank) {
      throw invalid(field, "must not be blank");
    }
  }

  /// Characters that make a text look other than it is: controls, bidirectional overrides and
  /// isolates (Unicode UAX 9), tags (U+E0000 block), line breaks where there is one line.
  private static boolean isHidden(int c, boolean manyLines) {
    if (c == '\n' || c == '\r' || c == '\t' || c == 0x2028 || c == 0x2029) {
      return !manyLines;
    }
    return Character.isISOControl(c)
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069)
        || (c >= 0xE0000 && c <= 0xE007F);
  }

  private static String length(String field, String text, int max, String setting) {
    if (text.codePointCount(0, text.length()) > max) {
      throw overLimit("`" + field + "` is longer than " + max + " characters", setting);
    }
    return text;
  }

  private static void nesting(String field, JsonValue value, int depthLeft, Limits limits) {
    switch (value) {
      case JsonObject(var members) -> {
        oneLevelLess(field, depthLeft, limits);
        for (var member : members.entrySet()) {
          expressible(field, member.getKey());
          nesting(field, member.getValue(), depthLeft - 1, limits);
        }
      }
      case JsonArray(var items) -> {
        oneLevelLess(field, depthLeft, limits);
        for (var item : items) {
          nesting(field, item, depthLeft - 1, limits);
        }
      }
      case JsonString(var text) -> expressible(field, text);
      case JsonNumber _, JsonBoolean _, JsonNull _ -> {}
    }
  }

  private static void oneLevelLess(String field, int depthLeft, Limits limits) {
    if (depthLeft == 0) {
      throw overLimit(
          "`" + field + "` nests more than " + limits.valueDepth() + " deep", "valueDepth");
    }
  }

  private static void expressible(String field, String text) {
    if (!Json.isExpressible(text)) {
      throw invalid(field, "must not hold unpaired surrogates");
    }
  }
}

package dev.planaria.engine.json;

import java.nio.charset.StandardCharsets;

/// From text to [JsonValue] and back (RFC 8259). What was parsed is written back with the same
/// values, names, order and numbers. Thread-safe.
public final class Json {

  private Json() {}

  /// Reads a text.
  ///
  /// @throws JsonSyntaxException when it is not one strict JSON value in UTF-8 ([JsonReader]), or
  ///   exceeds the limits
  public static JsonValue parse(byte[] utf8, JsonLimits limits) {
    return whole(JsonReader.of(utf8, limits));
  }

  /// As [#parse(byte\[\], JsonLimits)].
  public static JsonValue parse(String text, JsonLimits limits) {
    return whole(JsonReader.of(text, limits));
  }

  /// As [#parse(byte\[\], JsonLimits)], and refuses anything but an object.
  public static JsonObject parseObject(byte[] utf8, JsonLimits limits) {
    return wholeObject(JsonReader.of(utf8, limits));
  }

  /// As [#parseObject(byte\[\], JsonLimits)].
  public static JsonObject parseObject(String text, JsonLimits limits) {
    return wholeObject(JsonReader.of(text, limits));
  }

  /// The value as text, without white space.
  public static String write(JsonValue value) {
    return new String(writeBytes(value), StandardCharsets.UTF_8);
  }

  /// The value as UTF-8, without white space.
  public static byte[] writeBytes(JsonValue value) {
    return new JsonWriter().value(value).toBytes();
  }

  /// The value as UTF-8 with the members of each object sorted by name, so that values that are
  /// equal give equal bytes; for digests. Numbers keep their text: `1` and `1.0` differ.
  public static byte[] canonicalBytes(JsonValue value) {
    return new JsonWriter().canonicalValue(value).toBytes();
  }

  /// How long [#writeBytes] would be, without writing it.
  public static long length(JsonValue value) {
    return switch (value) {
      case JsonObject(var members) -> {
        long length = 2L + Math.max(0, members.size() - 1);
        for (var member : members.entrySet()) {
          length += lengthOfString(member.getKey()) + 1 + length(member.getValue());
        }
        yield length;
      }
      case JsonArray(var items) -> {
        long length = 2L + Math.max(0, items.size() - 1);
        for (var item : items) {
          length += length(item);
        }
        yield length;
      }
      case JsonString(var text) -> lengthOfString(text);
      case JsonNumber(var text) -> text.length();
      case JsonBoolean(var truth) -> truth ? 4 : 5;
      case JsonNull() -> 4;
    };
  }

  /// How long a string is as UTF-8 JSON, quotes included.
  public static long lengthOfString(String text) {
    long length = 2;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ') {
        length += c == '\n' || c == '\r' || c == '\t' ? 2 : 6;
      } else if (c < 0x80) {
        length += c == '"' || c == '\\' ? 2 : 1;
      } else if (c < 0x800) {
        length += 2;
      } else if (isPairAt(text, i)) {
        length += 4;
        i++;
      } else {
        length += 3;
      }
    }
    return length;
  }

  /// False when the text holds an unpaired surrogate, which UTF-8 cannot express.
  public static boolean isExpressible(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!isPairAt(text, i)) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static boolean isPairAt(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at))
        && at + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(at + 1));
  }

  private static JsonValue whole(JsonReader reader) {
    JsonValue value = reader.value();
    reader.end();
    return value;
  }

  private static JsonObject wholeObject(JsonReader reader) {
    JsonObject object = reader.object();
    reader.end();
    return object;
  }
}

package dev.planaria.engine.json;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the members of an object one by one and says precisely what is wrong with them, as a
/// [FieldException]. An optional member that is JSON `null` counts as absent. Not thread-safe.
public final class Fields {

  private static final int SHOWN_NAME_CHARACTERS = 64;

  private final JsonObject object;
  private final String prefix;
  private final Set<String> known = new HashSet<>();

  private Fields(JsonObject object, String prefix) {
    this.object = object;
    this.prefix = prefix;
  }

  /// The members of an object that stands by itself.
  public static Fields of(JsonObject object) {
    return new Fields(object, "");
  }

  /// A text of 1 to `maxCharacters` characters (code points).
  public String requiredText(String name, int maxCharacters) {
    return required(name, optionalText(name, maxCharacters));
  }

  /// As [#requiredText], or null when absent.
  public @Nullable String optionalText(String name, int maxCharacters) {
    JsonValue value = present(name);
    return value == null ? null : text(path(name), value, maxCharacters);
  }

  /// A whole number within bounds.
  public long requiredLong(String name, long min, long max) {
    return required(name, optionalLong(name, min, max));
  }

  /// As [#requiredLong], or null when absent.
  public @Nullable Long optionalLong(String name, long min, long max) {
    JsonValue value = present(name);
    return value == null ? null : (Long) number(path(name), value, min, max);
  }

  /// As [#requiredLong], for an `int`.
  public int requiredInt(String name, int min, int max) {
    return (int) requiredLong(name, min, max);
  }

  /// As [#requiredInt], or null when absent.
  public @Nullable Integer optionalInt(String name, int min, int max) {
    Long number = optionalLong(name, min, max);
    return number == null ? null : (Integer) number.intValue();
  }

  /// True or false, or null when absent.
  public @Nullable Boolean optionalBoolean(String name) {
    return switch (present(name)) {
      case null -> null;
      case JsonBoolean(var truth) -> truth;
      case JsonValue other -> throw wrongType(name, "true or false", other);
    };
  }

  /// One of the enum's [WireName]s, or null when absent.
  public <E extends Enum<E>> @Nullable E optionalEnum(String name, Class<E> type) {
    JsonValue value = present(name);
    if (value == null) {
      return null;
    }
    E constant = value instanceof JsonString(var text) ? WireName.parse(type, text) : null;
    if (constant == null) {
      throw new FieldException(
          path(name), "must be one of " + String.join(", ", WireName.all(type)));
    }
    return constant;
  }

  /// As [#optionalEnum], but must be there.
  public <E extends Enum<E>> E requiredEnum(String name, Class<E> type) {
    return required(name, optionalEnum(name, type));
  }

  /// An array of at most `maxItems` texts of 1 to `maxCharacters` characters, or null when absent.
  public @Nullable List<String> optionalTexts(String name, int maxItems, int maxCharacters) {
    JsonValue value = present(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof JsonArray(var items))) {
      throw wrongType(name, "an array of texts", value);
    }
    if (items.size() > maxItems) {
      throw new FieldException(path(name), "must hold at most " + maxItems + " texts");
    }
    var texts = new ArrayList<String>();
    for (var item : items) {
      texts.add(text(path(name) + "[" + texts.size() + "]", item, maxCharacters));
    }
    return List.copyOf(texts);
  }

  /// An object, or null when absent.
  public @Nullable JsonObject optionalObject(String name) {
    return switch (present(name)) {
      case null -> null;
      case JsonObject members -> members;
      case JsonValue other -> throw wrongType(name, "an object", other);
    };
  }

  /// An object's members, to be read in their turn, or null when absent.
  public @Nullable Fields optionalFields(String name) {
    JsonObject members = optionalObject(name);
    return members == null ? null : new Fields(members, path(name) + ".");
  }

  /// As [#optionalFields], but must be there.
  public Fields requiredFields(String name) {
    return required(name, optionalFields(name));
  }

  /// An array of at most `maxItems` whole numbers within bounds.
  public List<Long> requiredLongs(String name, int maxItems, long min, long max) {
    JsonValue value = required(name, present(name));
    if (!(value instanceof JsonArray(var items))) {
      throw wrongType(name, "an array of whole numbers", value);
    }
    if (items.size() > maxItems) {
      throw new FieldException(path(name), "must hold at most " + maxItems + " whole numbers");
    }
    var numbers = new ArrayList<Long>();
    for (var item : items) {
      numbers.add(number(path(name) + "[" + numbers.size() + "]", item, min, max));
    }
    return List.copyOf(numbers);
  }

  /// An array of at most `maxItems` objects, each to be read in its turn, or null when absent.
  public @Nullable List<Fields> optionalEach(String name, int maxItems) {
    JsonValue value = present(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof JsonArray(var items))) {
      throw wrongType(name, "an array of objects", value);
    }
    if (items.size() > maxItems) {
      throw new FieldException(path(name), "must hold at most " + maxItems + " objects");
    }
    var each = new ArrayList<Fields>();
    for (var item : items) {
      String place = name + "[" + each.size() + "]";
      if (!(item instanceof JsonObject members)) {
        throw wrongType(place, "an object", item);
      }
      each.add(new Fields(members, path(place) + "."));
    }
    return List.copyOf(each);
  }

  /// As [#optionalEach], but must be there.
  public List<Fields> requiredEach(String name, int maxItems) {
    return required(name, optionalEach(name, maxItems));
  }

  /// Any value, JSON `null` too; null (Java's) when absent.
  public @Nullable JsonValue optionalValue(String name) {
    known.add(name);
    return object.get(name);
  }

  /// Any value, JSON `null` too.
  public JsonValue requiredValue(String name) {
    return required(name, optionalValue(name));
  }

  /// Refuses members that were never asked for; to be called last.
  public void refuseUnknown() {
    for (var name : object.members().keySet()) {
      if (!known.contains(name)) {
        throw new FieldException(path(shown(name)), "is not known here");
      }
    }
  }

  private @Nullable JsonValue present(String name) {
    JsonValue value = optionalValue(name);
    return value instanceof JsonNull ? null : value;
  }

  private <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw new FieldException(path(name), "is required");
    }
    return value;
  }

  private static long number(String path, JsonValue value, long min, long max) {
    Long number = value instanceof JsonNumber written ? written.toLong() : null;
    if (number == null || number < min || number > max) {
      throw new FieldException(path, "must be a whole number between " + min + " and " + max);
    }
    return number;
  }

  private static String text(String path, JsonValue value, int maxCharacters) {
    if (!(value instanceof JsonString(var text))) {
      throw new FieldException(path, "must be a text, not " + kind(value));
    }
    if (text.isEmpty() || text.codePointCount(0, text.length()) > maxCharacters) {
      throw new FieldException(path, "must have 1 to " + maxCharacters + " characters");
    }
    return text;
  }

  private FieldException wrongType(String name, String wanted, JsonValue got) {
    return new FieldException(path(name), "must be " + wanted + ", not " + kind(got));
  }

  private static String kind(JsonValue value) {
    return switch (value) {
      case JsonObject _ -> "an object";
      case JsonArray _ -> "an array";
      case JsonString _ -> "a text";
      case JsonNumber _ -> "a number";
      case JsonBoolean _ -> "a truth value";
      case JsonNull _ -> "null";
    };
  }

  private String path(String name) {
    return prefix + name;
  }

  /// A stranger's name, shortened and in ASCII, so that it can stand in a message.
  private static String shown(String name) {
    String plain = name.replaceAll("[^ -~]", "?");
    return plain.length() <= SHOWN_NAME_CHARACTERS
        ? plain
        : plain.substring(0, SHOWN_NAME_CHARACTERS) + "...";
  }
}

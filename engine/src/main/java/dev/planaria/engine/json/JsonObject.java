package dev.planaria.engine.json;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON object: names are unique and keep the order in which they were written. Immutable.
///
/// @param members name to value, in order
public record JsonObject(Map<String, JsonValue> members) implements JsonValue {

  /// The object without members.
  public static final JsonObject EMPTY = new JsonObject(Map.of());

  /// Copies the members, keeping their order, unless they come from another object.
  public JsonObject {
    members = Members.copyOf(members);
  }

  /// The member of that name, or null when there is none.
  public @Nullable JsonValue get(String name) {
    return members.get(name);
  }

  /// True when there is a member of that name, even a JSON `null`.
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /// Starts an object that is written member by member.
  public static Builder builder() {
    return new Builder();
  }

  /// Collects members in order; a null value (Java's, not JSON's) leaves the member out. Not
  /// thread-safe.
  public static final class Builder {
    private final LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();

    private Builder() {}

    /// Adds a member; a null value leaves it out.
    public Builder put(String name, @Nullable JsonValue value) {
      if (value != null) {
        members.put(name, value);
      }
      return this;
    }

    /// Adds a text member; null leaves it out.
    public Builder put(String name, @Nullable String value) {
      return put(name, value == null ? null : new JsonString(value));
    }

    /// Adds a whole number.
    public Builder put(String name, long value) {
      return put(name, JsonNumber.of(value));
    }

    /// Adds a truth value.
    public Builder put(String name, boolean value) {
      return put(name, JsonBoolean.of(value));
    }

    /// The object with the members added so far.
    public JsonObject build() {
      return new JsonObject(members);
    }
  }
}

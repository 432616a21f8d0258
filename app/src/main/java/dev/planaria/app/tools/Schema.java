package dev.planaria.app.tools;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Writes the JSON Schemas (2020-12, which MCP assumes where no dialect is named) of arguments and
/// results.
final class Schema {
  private Schema() {}

  /// A text.
  static JsonObject text(String description) {
    return typed("string", description).build();
  }

  /// A text that is not empty and not longer than so many characters.
  static JsonObject text(String description, int maxCharacters) {
    return typed("string", description).put("minLength", 1).put("maxLength", maxCharacters).build();
  }

  /// A whole number of at least `min`.
  static JsonObject whole(String description, long min) {
    return typed("integer", description).put("minimum", min).build();
  }

  /// A whole number within bounds.
  static JsonObject whole(String description, long min, long max) {
    return typed("integer", description).put("minimum", min).put("maximum", max).build();
  }

  /// A number.
  static JsonObject number(String description) {
    return typed("number", description).build();
  }

  /// A truth value.
  static JsonObject flag(String description) {
    return typed("boolean", description).build();
  }

  /// One of the names of an enum, in lower case.
  static <E extends Enum<E>> JsonObject choice(String description, Class<E> type) {
    return choice(description, WireName.all(type));
  }

  /// One of these texts.
  static JsonObject choice(String description, List<String> texts) {
    return typed("string", description).put("enum", JsonArray.ofStrings(texts)).build();
  }

  /// A list of things of one kind.
  static JsonObject list(String description, JsonObject items) {
    return typed("array", description).put("items", items).build();
  }

  /// A list of at most so many texts.
  static JsonObject texts(String description, int maxItems, int maxCharacters) {
    return typed("array", description)
        .put(
            "items",
            JsonObject.builder().put("type", "string").put("maxLength", maxCharacters).build())
        .put("maxItems", maxItems)
        .build();
  }

  /// Any JSON object.
  static JsonObject anyObject(String description) {
    return typed("object", description).build();
  }

  /// Any JSON value.
  static JsonObject anything(String description) {
    return JsonObject.builder().put("description", description).build();
  }

  /// The same, or null.
  static JsonObject orNull(JsonObject schema) {
    var members = new LinkedHashMap<String, JsonValue>(schema.members());
    members.computeIfPresent(
        "type", (_, type) -> new JsonArray(List.of(type, new JsonString("null"))));
    return new JsonObject(members);
  }

  /// Starts an object's schema.
  static Members members() {
    return new Members(JsonObject.builder(), new ArrayList<>());
  }

  private static JsonObject.Builder typed(String type, String description) {
    return JsonObject.builder().put("type", type).put("description", description);
  }

  /// Collects the members of an object. Not thread-safe.
  static final class Members {
    private final JsonObject.Builder properties;
    private final List<String> required;

    private Members(JsonObject.Builder properties, List<String> required) {
      this.properties = properties;
      this.required = required;
    }

    /// A member that must be there.
    Members must(String name, JsonObject schema) {
      required.add(name);
      properties.put(name, schema);
      return this;
    }

    /// A member that may be left out.
    Members may(String name, JsonObject schema) {
      properties.put(name, schema);
      return this;
    }

    /// The schema of arguments: nothing else is allowed.
    JsonObject arguments() {
      return object().put("additionalProperties", false).build();
    }

    /// The schema of a part of a result: described as a whole, its members by their names alone.
    /// They appear in many tools, and every client carries all schemas.
    JsonObject part(String description) {
      return new Members(plain(properties), required)
          .object()
          .put("description", description)
          .build();
    }

    private static JsonObject.Builder plain(JsonObject.Builder described) {
      JsonObject.Builder plain = JsonObject.builder();
      described
          .build()
          .members()
          .forEach((name, schema) -> plain.put(name, withoutDescription(schema)));
      return plain;
    }

    private static JsonValue withoutDescription(JsonValue schema) {
      if (!(schema instanceof JsonObject object)) {
        return schema;
      }
      var keywords = new LinkedHashMap<String, JsonValue>(object.members());
      keywords.remove("description");
      return new JsonObject(keywords);
    }

    /// The schema of a result. A refused call has `error` instead of the rest; some clients check
    /// even that against this schema.
    JsonObject result() {
      JsonObject error =
          members()
              .must("code", text("Why, for programs: a stable name in capitals"))
              .must("message", text("Why, in a sentence, and what to do"))
              .may("operation_id", text("What to ask operation_status about"))
              .part("Present exactly when the call was refused or its outcome is unknown");
      JsonObject complete =
          JsonObject.builder().put("required", JsonArray.ofStrings(required)).build();
      JsonObject refused =
          JsonObject.builder().put("required", JsonArray.ofStrings(List.of("error"))).build();
      return JsonObject.builder()
          .put("type", "object")
          .put("properties", properties.put("error", error).build())
          .put("anyOf", new JsonArray(List.of(complete, refused)))
          .build();
    }

    private JsonObject.Builder object() {
      JsonObject.Builder schema =
          JsonObject.builder().put("type", "object").put("properties", properties.build());
      return required.isEmpty() ? schema : schema.put("required", JsonArray.ofStrings(required));
    }
  }
}

package dev.planaria.app.tools;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Holds values against JSON Schemas (2020-12), as far as our schemas go: a keyword that is not
/// known here fails, so that none is silently ignored.
public final class SchemaCheck {
  private static final Set<String> KNOWN =
      Set.of(
          "type",
          "description",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "maxItems",
          "enum",
          "minimum",
          "maximum",
          "minLength",
          "maxLength",
          "anyOf");

  private SchemaCheck() {}

  /// What is wrong with a value; empty when nothing is.
  public static List<String> violations(JsonValue value, JsonObject schema) {
    var found = new ArrayList<String>();
    check("$", value, schema, found);
    return found;
  }

  private static void check(String path, JsonValue value, JsonObject schema, List<String> found) {
    for (String keyword : schema.members().keySet()) {
      if (!KNOWN.contains(keyword)) {
        found.add(path + ": the schema has the unknown keyword " + keyword);
      }
    }
    checkType(path, value, schema, found);
    if (schema.get("enum") instanceof JsonArray(List<JsonValue> allowed)
        && !allowed.contains(value)) {
      found.add(
          path + ": " + Json.write(value) + " is none of " + Json.write(new JsonArray(allowed)));
    }
    if (schema.get("anyOf") instanceof JsonArray(List<JsonValue> ways)
        && ways.stream().noneMatch(way -> violations(value, (JsonObject) way).isEmpty())) {
      found.add(path + ": fits none of the ways");
    }
    if (value instanceof JsonNumber(String text)) {
      double number = Double.parseDouble(text);
      if (schema.get("minimum") instanceof JsonNumber(String min)
          && number < Double.parseDouble(min)) {
        found.add(path + ": " + text + " is below " + min);
      }
      if (schema.get("maximum") instanceof JsonNumber(String max)
          && number > Double.parseDouble(max)) {
        found.add(path + ": " + text + " is above " + max);
      }
    }
    if (value instanceof JsonArray(List<JsonValue> items)
        && schema.get("items") instanceof JsonObject itemSchema) {
      for (int i = 0; i < items.size(); i++) {
        check(path + "/" + i, items.get(i), itemSchema, found);
      }
    }
    if (value instanceof JsonObject(Map<String, JsonValue> members)) {
      checkMembers(path, members, schema, found);
    }
  }

  private static void checkMembers(
      String path, Map<String, JsonValue> members, JsonObject schema, List<String> found) {
    if (schema.get("required") instanceof JsonArray(List<JsonValue> required)) {
      for (JsonValue name : required) {
        if (name instanceof JsonString(String text) && !members.containsKey(text)) {
          found.add(path + ": " + text + " is missing");
        }
      }
    }
    if (schema.get("properties") instanceof JsonObject properties) {
      members.forEach((name, member) -> {
        if (properties.get(name) instanceof JsonObject memberSchema) {
          check(path + "/" + name, member, memberSchema, found);
        } else {
          // Clients may drop what a schema does not name, so ours name everything.
          found.add(path + ": " + name + " is not in the schema");
        }
      });
    }
  }

  private static void checkType(
      String path, JsonValue value, JsonObject schema, List<String> found) {
    List<JsonValue> types =
        switch (schema.get("type")) {
          case null -> List.of();
          case JsonArray(List<JsonValue> several) -> several;
          case JsonValue one -> List.of(one);
        };
    if (!types.isEmpty()
        && types.stream().noneMatch(type -> isOf(((JsonString) type).value(), value))) {
      found.add(path + ": " + Json.write(value) + " is no " + types);
    }
  }

  private static boolean isOf(String type, JsonValue value) {
    return switch (type) {
      case "object" -> value instanceof JsonObject;
      case "array" -> value instanceof JsonArray;
      case "string" -> value instanceof JsonString;
      case "integer" -> value instanceof JsonNumber(String text) && text.matches("-?[0-9]+");
      case "number" -> value instanceof JsonNumber;
      case "boolean" -> value instanceof JsonBoolean;
      case "null" -> value instanceof JsonNull;
      default -> throw new AssertionError("unknown type " + type);
    };
  }
}

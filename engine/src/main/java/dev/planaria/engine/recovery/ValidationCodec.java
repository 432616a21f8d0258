package dev.planaria.engine.recovery;

import dev.planaria.engine.integrity.StateIntegrityValidator.Check;
import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Comparisons of a session before and after as JSON.
final class ValidationCodec {

  private static final int TEXT = 100_000;

  private ValidationCodec() {}

  static JsonObject toJson(Validation validation) {
    List<JsonValue> checks = new ArrayList<>();
    for (Check check : validation.checks()) {
      checks.add(
          JsonObject.builder()
              .put("component", check.component())
              .put("expected", check.expected())
              .put("kept", check.kept())
              .put("missing", JsonArray.ofStrings(check.missing()))
              .put("changed", JsonArray.ofStrings(check.changed()))
              .put("extra", JsonArray.ofStrings(check.extra()))
              .build());
    }
    return JsonObject.builder().put("checks", new JsonArray(checks)).build();
  }

  static @Nullable Validation validation(@Nullable JsonObject object) {
    if (object == null || !(object.get("checks") instanceof JsonArray(List<JsonValue> items))) {
      return null;
    }
    var checks = new ArrayList<Check>();
    for (JsonValue item : items) {
      if (item instanceof JsonObject check) {
        Fields fields = Fields.of(check);
        checks.add(
            new Check(
                fields.requiredText("component", TEXT),
                fields.requiredInt("expected", 0, Integer.MAX_VALUE),
                fields.requiredInt("kept", 0, Integer.MAX_VALUE),
                texts(fields, "missing"),
                texts(fields, "changed"),
                texts(fields, "extra")));
      }
    }
    return new Validation(checks);
  }

  private static List<String> texts(Fields fields, String name) {
    List<String> texts = fields.optionalTexts(name, 1_000_000, TEXT);
    return texts == null ? List.of() : texts;
  }
}

package dev.planaria.app.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Strings are replaced in JSON text, and not one other character changes.
final class JsonTextTest {

  @Test
  void only_the_string_that_is_meant_changes() {
    String json =
        " {\"a\" : \"x\",\t\"b\":[1.50e+3, \"\\u0078\", \"xx\", {\"x\":null}],\"x\":true} ";
    assertThat(
            JsonText.replace(json, (_, raw) -> JsonText.decoded(raw).equals("x") ? "\"y\"" : null))
        .isEqualTo(" {\"a\" : \"y\",\t\"b\":[1.50e+3, \"y\", \"xx\", {\"x\":null}],\"x\":true} ");
    assertThat(JsonText.replace(json, (_, _) -> null)).isSameAs(json);
  }

  @Test
  void paths_name_members_and_elements() {
    var paths = new ArrayList<String>();
    JsonText.replace(
        "{\"a\":{\"b~\\n\":[\"1\",[\"2\"]]},\"c\":\"3\",\"d\":{},\"e\":[],\"f\":[{\"g\":\"4\"}]}",
        (path, raw) -> {
          paths.add(String.join("|", path) + "=" + raw);
          return null;
        });
    assertThat(paths)
        .containsExactly("a|b~\n|[]=\"1\"", "a|b~\n|[]|[]=\"2\"", "c=\"3\"", "f|[]|g=\"4\"");
  }

  @Test
  void inside_a_string_only_what_is_meant_changes_however_it_is_escaped() {
    String raw =
        "\"{\\n"
            + "  \\u0022id\\u0022: \\\"old-1\\\", \\\"t\\\":\\\"caf\\u00e9 \\\\\\\"old-1\\\\\\\""
            + " \\/\\\"}\"";
    String replaced =
        JsonText.replaceInside(
            raw, (_, inner) -> JsonText.decoded(inner).equals("old-1") ? "\"new\\\"2\"" : null);
    assertThat(replaced).isEqualTo(raw.replaceFirst("old-1", "new\\\\\\\\\\\\\"2"));
    assertThat(JsonText.replaceInside("\"old-1 is free text\"", (_, _) -> "\"y\"")).isNull();
    assertThat(JsonText.replaceInside("\"{not json old-1}\"", (_, _) -> "\"y\"")).isNull();
  }

  @Test
  void what_is_not_json_is_noticed() {
    for (String wrong :
        List.of(
            "",
            "{",
            "{\"a\"}",
            "{\"a\":1",
            "[1,",
            "\"a",
            "\"a\\",
            "[1 2]",
            "{}x",
            "{\"a\":}",
            "[,]",
            "nul\"l",
            "\"\\u12\"x",
            "[".repeat(2_000))) {
      assertThatThrownBy(() -> JsonText.replace(wrong, (_, _) -> null))
          .as(wrong)
          .isInstanceOf(JsonSyntaxException.class);
    }
  }

  @Test
  void random_json_with_random_escapes_keeps_every_other_character() {
    long seed = Long.getLong("planaria.seed", System.nanoTime());
    System.out.println("json texts: seed " + seed);
    var random = new Random(seed);
    int replaced = 0;
    for (int i = 0; i < 5_000; i++) {
      var parts = new ArrayList<String>();
      write(random, 4, parts);
      String before = String.join("", parts);
      String after = String.join("", parts).replace("\"\\u0069d-1\"", "\"id-1\"");
      String expected = after.replace("\"id-1\"", "\"id-22\"");
      String got =
          JsonText.replace(
              before, (_, raw) -> JsonText.decoded(raw).equals("id-1") ? "\"id-22\"" : null);
      assertThat(got).as("seed %d", seed).isEqualTo(expected);
      String wrapped = Json.write(new JsonString(before));
      String inside =
          JsonText.replaceInside(
              wrapped, (_, raw) -> JsonText.decoded(raw).equals("id-1") ? "\"id-22\"" : null);
      replaced += inside == null ? 0 : 1;
      assertThat(inside == null ? before : decoded(inside)).as("seed %d", seed).isEqualTo(expected);
    }
    assertThat(replaced).isGreaterThan(500);
  }

  private static String decoded(String raw) {
    return ((JsonString) Json.parse(raw, JsonLimits.DEFAULT)).value();
  }

  private static void write(Random random, int depth, List<String> out) {
    String space = random.nextInt(4) == 0 ? " \n" : "";
    out.add(space);
    switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 -> out.add(random.nextBoolean() ? "-1.50E+7" : "null");
      case 1 -> out.add(random.nextBoolean() ? "\"id-1\"" : "\"\\u0069d-1\"");
      case 2 -> out.add("\"id-1 caf\\u00e9 \\\\ \\\" é漢🪱 \\/\"");
      case 3 -> out.add("true");
      case 4 -> {
        out.add("[");
        for (int i = random.nextInt(3); i >= 0; i--) {
          write(random, depth - 1, out);
          out.add(i == 0 ? "" : ",");
        }
        out.add("]");
      }
      default -> {
        out.add("{");
        for (int i = random.nextInt(3); i >= 0; i--) {
          out.add("\"id-1x" + i + "\" :");
          write(random, depth - 1, out);
          out.add(i == 0 ? "" : ",");
        }
        out.add("}");
      }
    }
    out.add(space);
  }
}

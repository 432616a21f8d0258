package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What people see: no control characters, aligned columns, bounded width.
class ShownTest {

  private static final String ESCAPE = "\u001b[2J";

  @TempDir Path home;

  @Test
  void control_characters_never_reach_the_terminal() {
    var object = JsonObject.builder().put("name", ESCAPE + "x\u202e\n").build();
    assertThat(Shown.text(object, "name")).isEqualTo("\uFFFD[2Jx\uFFFD\uFFFD");
    var answer = new Terminal(home).run("inspect", ESCAPE);
    assertThat(answer.err()).doesNotContain("\u001b");
  }

  @Test
  void missing_members_are_empty_and_numbers_zero() {
    assertThat(Shown.text(JsonObject.EMPTY, "x")).isEmpty();
    assertThat(Shown.number(JsonObject.EMPTY, "x")).isZero();
    assertThat(Shown.objects(JsonObject.EMPTY, "x")).isEmpty();
    assertThat(Shown.objects(JsonArray.EMPTY)).isEmpty();
  }

  @Test
  void columns_are_aligned_and_long_cells_cut() {
    var rows =
        List.of(
            JsonObject.builder().put("name", "a").put("created_at", "now").build(),
            JsonObject.builder().put("name", "b".repeat(100)).put("created_at", "later").build());
    String[] lines = TextTable.of(rows, "name", "created_at").toString().split("\n", -1);
    assertThat(lines[0]).isEqualTo("NAME" + " ".repeat(58) + "CREATED AT");
    assertThat(lines[1]).isEqualTo("a" + " ".repeat(61) + "now");
    assertThat(lines[2]).isEqualTo("b".repeat(57) + "...  later");
  }
}

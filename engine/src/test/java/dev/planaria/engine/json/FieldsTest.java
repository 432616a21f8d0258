package dev.planaria.engine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Members of an object, and what is said when they are not what they should be.
final class FieldsTest {

  private enum Colour {
    RED,
    DARK_BLUE
  }

  @Test
  void members_of_the_right_kind_are_given() {
    var fields =
        fields(
            """
            {"name":"a","count":7,"big":2e3,"on":true,"colour":"dark_blue","tags":["x","y"],
             "data":{"k":1},"any":null}
            """);
    assertThat(fields.requiredText("name", 10)).isEqualTo("a");
    assertThat(fields.requiredLong("count", 1, 7)).isEqualTo(7);
    assertThat(fields.optionalLong("big", 0, 9_999)).isEqualTo(2_000);
    assertThat(fields.requiredInt("count", 7, 8)).isEqualTo(7);
    assertThat(fields.optionalBoolean("on")).isTrue();
    assertThat(fields.optionalEnum("colour", Colour.class)).isEqualTo(Colour.DARK_BLUE);
    assertThat(fields.optionalTexts("tags", 2, 1)).containsExactly("x", "y");
    assertThat(fields.optionalObject("data")).isNotNull();
    assertThat(fields.requiredValue("any")).isEqualTo(JsonNull.NULL);
    fields.refuseUnknown();
  }

  @Test
  void absent_and_null_optional_members_are_null() {
    var fields = fields("{\"text\":null,\"number\":null,\"object\":null,\"colour\":null}");
    assertThat(fields.optionalText("text", 1)).isNull();
    assertThat(fields.optionalLong("number", 0, 1)).isNull();
    assertThat(fields.optionalInt("none", 0, 1)).isNull();
    assertThat(fields.optionalObject("object")).isNull();
    assertThat(fields.optionalEnum("colour", Colour.class)).isNull();
    assertThat(fields.optionalTexts("none", 1, 1)).isNull();
    assertThat(fields.optionalBoolean("none")).isNull();
    assertThat(fields.optionalValue("none")).isNull();
    assertThat(fields.optionalFields("none")).isNull();
  }

  @Test
  void every_complaint_names_the_member_and_the_rule() {
    var fields =
        fields(
            """
            {"number":5,"float":1.5,"huge":1e999999999,"text":"abc","empty":"","list":[1],
             "three":["a","b","c"],"nothing":null,"emoji":"😀😀"}
            """);
    refuses(() -> fields.requiredText("none", 1), "`none` is required");
    refuses(() -> fields.requiredText("nothing", 1), "`nothing` is required");
    refuses(() -> fields.requiredText("number", 1), "`number` must be a text, not a number");
    refuses(() -> fields.requiredText("text", 2), "`text` must have 1 to 2 characters");
    refuses(() -> fields.requiredText("empty", 2), "`empty` must have 1 to 2 characters");
    refuses(
        () -> fields.requiredLong("number", 6, 9),
        "`number` must be a whole number between 6 and 9");
    refuses(
        () -> fields.requiredLong("float", 0, 9), "`float` must be a whole number between 0 and 9");
    refuses(
        () -> fields.requiredLong("huge", 0, 9), "`huge` must be a whole number between 0 and 9");
    refuses(
        () -> fields.requiredLong("text", 0, 9), "`text` must be a whole number between 0 and 9");
    refuses(() -> fields.optionalBoolean("text"), "`text` must be true or false, not a text");
    refuses(
        () -> fields.requiredEnum("text", Colour.class), "`text` must be one of red, dark_blue");
    refuses(() -> fields.optionalTexts("list", 1, 1), "`list[0]` must be a text, not a number");
    refuses(() -> fields.optionalTexts("three", 2, 1), "`three` must hold at most 2 texts");
    refuses(
        () -> fields.optionalTexts("text", 2, 1), "`text` must be an array of texts, not a text");
    refuses(() -> fields.optionalObject("list"), "`list` must be an object, not an array");
    assertThat(fields.requiredText("emoji", 2)).hasSize(4);
  }

  @Test
  void a_member_within_a_member_is_named_by_its_path() {
    var inner =
        Objects.requireNonNull(fields("{\"limits\":{\"depth\":-1}}").optionalFields("limits"));
    refuses(
        () -> inner.requiredInt("depth", 0, 5),
        "`limits.depth` must be a whole number between 0 and 5");
  }

  @Test
  void each_object_of_an_array_is_named_by_its_place() {
    var fields = fields("{\"runs\":[{\"n\":1},{\"n\":-1}],\"mixed\":[{},1],\"text\":\"a\"}");
    var each = fields.requiredEach("runs", 2);
    assertThat(each.getFirst().requiredInt("n", 0, 5)).isEqualTo(1);
    refuses(
        () -> each.getLast().requiredInt("n", 0, 5),
        "`runs[1].n` must be a whole number between 0 and 5");
    assertThat(fields.optionalEach("none", 1)).isNull();
    refuses(() -> fields.requiredFields("none"), "`none` is required");
    refuses(() -> fields.requiredEach("none", 1), "`none` is required");
    refuses(() -> fields.requiredEach("runs", 1), "`runs` must hold at most 1 objects");
    refuses(() -> fields.requiredEach("mixed", 2), "`mixed[1]` must be an object, not a number");
    refuses(() -> fields.requiredEach("text", 2), "`text` must be an array of objects, not a text");
  }

  @Test
  void each_number_of_an_array_is_named_by_its_place() {
    var fields = fields("{\"numbers\":[3,4],\"mixed\":[3,\"4\"],\"one\":3}");
    assertThat(fields.requiredLongs("numbers", 2, 0, 5)).containsExactly(3L, 4L);
    refuses(() -> fields.requiredLongs("none", 1, 0, 5), "`none` is required");
    refuses(
        () -> fields.requiredLongs("numbers", 1, 0, 5),
        "`numbers` must hold at most 1 whole numbers");
    refuses(
        () -> fields.requiredLongs("numbers", 2, 0, 3),
        "`numbers[1]` must be a whole number between 0 and 3");
    refuses(
        () -> fields.requiredLongs("mixed", 2, 0, 5),
        "`mixed[1]` must be a whole number between 0 and 5");
    refuses(
        () -> fields.requiredLongs("one", 2, 0, 5),
        "`one` must be an array of whole numbers, not a number");
  }

  @Test
  void a_member_that_was_never_asked_for_is_refused_without_repeating_much_of_it() {
    var fields = fields("{\"known\":1,\"ttl\":2}");
    assertThat(fields.optionalValue("known")).isNotNull();
    refuses(fields::refuseUnknown, "`ttl` is not known here");
    refuses(
        fields("{\"" + "x".repeat(500) + "\":1}")::refuseUnknown,
        "`" + "x".repeat(64) + "...` is not known here");
    refuses(fields("{\"a\u202Eb\":1}")::refuseUnknown, "`a?b` is not known here");
  }

  @Test
  void enum_constants_have_one_name_on_the_wire() {
    assertThat(WireName.of(Colour.DARK_BLUE)).isEqualTo("dark_blue");
    assertThat(WireName.parse(Colour.class, "dark_blue")).isEqualTo(Colour.DARK_BLUE);
    assertThat(WireName.parse(Colour.class, "DARK_BLUE")).isNull();
    assertThat(WireName.all(Colour.class)).containsExactly("red", "dark_blue");
  }

  private static Fields fields(String json) {
    return Fields.of(Json.parseObject(json, JsonLimits.DEFAULT));
  }

  private static void refuses(ThrowingCallable reading, String message) {
    assertThatThrownBy(reading).isInstanceOf(FieldException.class).hasMessage(message);
  }
}

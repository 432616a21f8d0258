package dev.planaria.app.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is passed on untouched really is untouched, and nothing that other JSON is refused for gets
/// through.
class RawObjectTest {

  private static final JsonLimits TIGHT = new JsonLimits(400, 5, 30, 12, 9, 60);

  private static RawObject raw(String json) {
    return RawObject.parse(utf8(json), JsonLimits.DEFAULT);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(RawObject object) {
    String bytes = new String(object.bytes(), StandardCharsets.UTF_8);
    assertThat(object.length()).isEqualTo(object.bytes().length);
    return bytes;
  }

  @Test
  void what_nobody_touches_comes_out_byte_for_byte() {
    String odd =
        "{ \"b\\u0061\" : 1.50E+2 ,\"x\":{\"y\" :[1 , 2]},\"é\":\"\\/\u2028\uD83D\uDE00\"}";
    assertThat(text(raw("  " + odd + "\t"))).isEqualTo(odd);
    assertThat(raw(odd).names()).containsExactly("ba", "x", "é");
    assertThat(raw(odd).raw("x")).contains(utf8("{\"y\" :[1 , 2]}"));
    assertThat(raw(odd).value("ba")).isEqualTo(new JsonNumber("1.50E+2"));
    assertThat(raw(odd).text("é")).isEqualTo("/\u2028\uD83D\uDE00");
    assertThat(raw(odd).text("x")).isNull();
    assertThat(raw(odd).raw("z")).isEmpty();
  }

  @Test
  void a_line_break_between_tokens_becomes_a_space_and_one_in_a_string_stays_escaped() {
    assertThat(text(raw("{\"a\":\r\n[1,\n2],\"b\":\"x\\ny\"}\n")))
        .isEqualTo("{\"a\":  [1, 2],\"b\":\"x\\ny\"}");
    assertThat(text(RawObject.EMPTY.with("a", utf8("[1,\n2]\n")))).isEqualTo("{\"a\":[1, 2]}");
  }

  @Test
  void a_changed_member_keeps_its_place_and_the_others_keep_their_bytes() {
    RawObject object = raw("{ \"i\\u0064\":1, \"p\":{\"n\": 1e2 }, \"z\":null}");
    assertThat(text(object.with("id", new JsonString("x"))))
        .isEqualTo("{\"i\\u0064\":\"x\",\"p\":{\"n\": 1e2 },\"z\":null}");
    assertThat(text(object.with("new", raw("{ }"))))
        .isEqualTo("{\"i\\u0064\":1,\"p\":{\"n\": 1e2 },\"z\":null,\"new\":{ }}");
    assertThat(text(object.without("p"))).isEqualTo("{\"i\\u0064\":1,\"z\":null}");
    assertThat(text(object.without("p").without("id").without("z"))).isEqualTo("{}");
    assertThat(object.without("nothing")).isSameAs(object);
    assertThat(text(RawObject.EMPTY.with("a\"", utf8(" 1 ")))).isEqualTo("{\"a\\\"\":1}");
  }

  @Test
  void an_object_within_is_read_without_being_copied_or_changed() {
    RawObject meta =
        raw("{\"_meta\": {\"progressToken\" :7},\"a\":[]}").object("_meta").orElseThrow();
    assertThat(text(meta)).isEqualTo("{\"progressToken\" :7}");
    assertThat(raw("{\"a\":[]}").object("a")).isEmpty();
    assertThat(raw("{\"a\":[]}").object("b")).isEmpty();
  }

  @Test
  void a_value_that_is_set_must_be_one_json_value() {
    for (String bad : List.of("", "1 2", "{", "1,\"b\":2", "'x'")) {
      assertThatThrownBy(() -> RawObject.EMPTY.with("a", utf8(bad)))
          .isInstanceOf(JsonSyntaxException.class);
    }
  }

  @Test
  void objects_are_equal_by_their_bytes_and_never_show_them() {
    assertThat(raw("{\"a\":1}"))
        .isEqualTo(RawObject.EMPTY.with("a", new JsonNumber("1")))
        .hasSameHashCodeAs(RawObject.of(JsonObject.builder().put("a", 1).build()))
        .isNotEqualTo(raw("{\"a\": 1}"));
    assertThat(raw("{\"secret\":\"hunter2\"}").toString()).isEqualTo("RawObject[20 bytes]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "{",
        "{}{}",
        "{} x",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":+1}",
        "{\"a\":-}",
        "{\"a\":1e}",
        "{\"a\":NaN}",
        "{\"a\":truex}",
        "{\"a\":nul}",
        "{\"a\":'b'}",
        "{a:1}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\\ud800\"}",
        "{\"a\":\"\\ud800\\u0041\"}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"x\ny\"}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"a\":{\"b\":1,\"b\":1}}",
        "{\"a\":[1 2]}",
        "{\"a\":/**/1}",
        "\uFEFF{}"
      })
  void what_is_not_one_strict_object_is_refused_like_any_other_json(String json) {
    assertThatThrownBy(() -> raw(json)).isInstanceOf(JsonSyntaxException.class);
    assertThatThrownBy(() -> Json.parseObject(json, JsonLimits.DEFAULT))
        .isInstanceOf(JsonSyntaxException.class);
  }

  @Test
  void each_limit_is_named_when_it_is_exceeded() {
    assertRefused("{\"a\":\"" + "x".repeat(31) + "\"}", "a string is longer than 30 characters");
    assertRefused("{\"" + "x".repeat(13) + "\":1}", "a name is longer than 12 characters");
    assertRefused("{\"a\":1234567890}", "a number is longer than 9 characters");
    assertRefused("{\"a\":[[[[[]]]]]}", "nest more than 5 deep");
    assertRefused("{\"a\":[" + "1,".repeat(60) + "1]}", "more than 60 values, names and brackets");
    assertRefused("{\"a\":1" + " ".repeat(400) + "}", "longer than 400 bytes");
  }

  private static void assertRefused(String json, String rule) {
    assertThatThrownBy(() -> RawObject.parse(utf8(json), TIGHT))
        .isInstanceOf(JsonSyntaxException.class)
        .hasMessageContaining(rule);
  }

  /// The scanner and the reader of values are two programs; they must draw the line at the same
  /// place, or one lets through what the other refuses.
  @Test
  void a_damaged_text_is_refused_or_accepted_exactly_as_by_the_reader_of_values() {
    long seed = Long.getLong("planaria.seed", 20_260_728);
    var random = new Random(seed);
    List<String> whole =
        List.of(
            "{\"a\":[1,-2.5e+3,0,true,false,null],\"b\":{\"c\":\"x\\u00e9\\ud83d\\ude00\"}}",
            "{\"é€\":\"\uD83D\uDE00 \\\"\\\\\\/\",\"\":{},\"n\":[[],[{}]], \"e\" : 1E-2 }",
            "{\"a\":\"123456789012345678901234567890\",\"n\":123456789,\"d\":[[[[]]]]}");
    String alphabet = "{}[],:\"\\ \n\t0123456789.eE+-truefalsn\u0000u/x";
    int accepted = 0;
    int refused = 0;
    for (int round = 0; round < 60_000; round++) {
      byte[] text = utf8(whole.get(round % whole.size()));
      for (int faults = random.nextInt(3); faults > 0; faults--) {
        int at = random.nextInt(text.length);
        text[at] =
            (byte)
                (random.nextInt(4) == 0
                    ? random.nextInt(256)
                    : alphabet.charAt(random.nextInt(alphabet.length())));
      }
      boolean byReader = accepts(() -> Json.parseObject(text, TIGHT));
      boolean byScanner = accepts(() -> RawObject.parse(text, TIGHT));
      assertThat(byScanner)
          .as("seed %s: %s", seed, new String(text, StandardCharsets.ISO_8859_1))
          .isEqualTo(byReader);
      if (byScanner) {
        accepted++;
        assertThat(Json.parse(RawObject.parse(text, TIGHT).bytes(), TIGHT))
            .isEqualTo(Json.parse(text, TIGHT));
      } else {
        refused++;
      }
    }
    System.out.println("seed " + seed + ": accepted " + accepted + ", refused " + refused);
    assertThat(accepted).isPositive();
    assertThat(refused).isPositive();
  }

  private static boolean accepts(Runnable reading) {
    try {
      reading.run();
      return true;
    } catch (JsonSyntaxException e) {
      return false;
    }
  }
}

package dev.planaria.engine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes in comes out.
final class JsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-0.0",
        "1.50",
        "2E+10",
        "1e999999999",
        "9007199254740993",
        "-9223372036854775809",
        "\"\"",
        "\"a\"",
        "[]",
        "{}",
        "[1,[2,[3]]]",
        "{\"b\":1,\"a\":{\"c\":[]},\"\":null}",
        "\"\\\"\\\\/\\n\\r\\t\\u0000\\u001f\"",
        "\"\u007F\u0080\u2028\u2029\uFEFF\uFFFF漢字😀\""
      })
  void a_text_without_white_space_is_written_back_as_it_was(String text) {
    assertThat(Json.write(Json.parse(text, JsonLimits.DEFAULT))).isEqualTo(text);
  }

  @Test
  void escapes_and_white_space_are_read() {
    var value =
        Json.parse(
            " \t\r\n{ \"a\\u0062\\/\" : [ \"\\ud83d\\ude00\\b\\f\" , 1 ] } \n", JsonLimits.DEFAULT);
    assertThat(value)
        .isEqualTo(
            JsonObject.builder()
                .put("ab/", new JsonArray(List.of(new JsonString("😀\b\f"), new JsonNumber("1"))))
                .build());
  }

  @Test
  void any_value_survives_writing_and_reading_from_bytes_text_and_streams() {
    long seed = Long.getLong("planaria.seed", System.nanoTime());
    System.out.println("random JSON: seed " + seed);
    var random = new Random(seed);
    for (int i = 0; i < 3_000; i++) {
      var value = random(random, 5);
      byte[] written = Json.writeBytes(value);
      assertThat(Json.length(value)).isEqualTo(written.length);
      assertThat(Json.parse(written, JsonLimits.DEFAULT)).isEqualTo(value);
      assertThat(Json.parse(Json.write(value), JsonLimits.DEFAULT)).isEqualTo(value);
      var reader = JsonReader.of(new ByteArrayInputStream(written), JsonLimits.OWN);
      assertThat(reader.value()).isEqualTo(value);
      reader.end();
      assertThat(Json.canonicalBytes(shuffled(value, random)))
          .isEqualTo(Json.canonicalBytes(value));
    }
  }

  @Test
  void a_stream_gets_the_same_bytes_as_memory_however_much_there_is() {
    var items = new ArrayList<JsonValue>();
    for (int i = 0; i < 20_000; i++) {
      items.add(new JsonString("item " + i + " 漢".repeat(i % 50)));
    }
    items.add(new JsonString("x".repeat(300_000)));
    var value = new JsonArray(items);
    var stream = new ByteArrayOutputStream();
    var writer = new JsonWriter(stream);
    writer.value(value).flush();
    assertThat(stream.toByteArray()).isEqualTo(Json.writeBytes(value));
    assertThat(Json.parse(stream.toByteArray(), JsonLimits.DEFAULT)).isEqualTo(value);
  }

  @Test
  void canonical_bytes_sort_names_and_keep_the_text_of_numbers() {
    var value =
        Json.parse("{\"b\":{\"d\":1.0,\"c\":[{\"z\":1,\"y\":2}]},\"a\":1e0}", JsonLimits.DEFAULT);
    assertThat(new String(Json.canonicalBytes(value), StandardCharsets.UTF_8))
        .isEqualTo("{\"a\":1e0,\"b\":{\"c\":[{\"y\":2,\"z\":1}],\"d\":1.0}}");
  }

  @Test
  void what_utf8_cannot_express_is_written_as_the_replacement_character() {
    assertThat(Json.write(new JsonString("a\ud800b"))).isEqualTo("\"a\uFFFDb\"");
    assertThat(Json.isExpressible("a\ud800b")).isFalse();
    assertThat(Json.isExpressible("\udc00\ud800")).isFalse();
    assertThat(Json.isExpressible("😀")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "12, 12",
    "-7, -7",
    "2.0, 2",
    "2e3, 2000",
    "120e-1, 12",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808",
    "9.223372036854775807e18, 9223372036854775807",
    "0e999999999, 0"
  })
  void whole_numbers_are_recognised_in_any_spelling(String text, long value) {
    assertThat(new JsonNumber(text).toLong()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.5",
        "-1e-1",
        "9223372036854775808",
        "1e19",
        "1e999999999",
        "1e-999999999",
        "1e9999999999999"
      })
  void other_numbers_are_not_whole(String text) {
    assertThat(new JsonNumber(text).toLong()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "-", "+1", "01", "1.", ".1", "1e", "1e+", "NaN", "1 ", " 1", "0x1", "--1", "1.2.3"
      })
  void what_is_no_number_cannot_be_made_one(String text) {
    assertThatThrownBy(() -> new JsonNumber(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_object_keeps_its_order_and_cannot_be_changed_from_outside() {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("b", JsonNull.NULL);
    members.put("a", JsonBoolean.of(true));
    var object = new JsonObject(members);
    members.clear();
    assertThat(object.members().keySet()).containsExactly("b", "a");
    assertThat(new JsonObject(object.members()).members()).isSameAs(object.members());
    assertThatThrownBy(() -> object.members().put("c", JsonNull.NULL))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> object.members().entrySet().iterator().next().setValue(JsonNull.NULL))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(object.get("none")).isNull();
    assertThat(object.has("b")).isTrue();
  }

  static JsonValue random(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 6 : 8)) {
      case 0 -> JsonNull.NULL;
      case 1 -> JsonBoolean.of(random.nextBoolean());
      case 2 -> JsonNumber.of(random.nextLong() >> random.nextInt(64));
      case 3 -> new JsonNumber(number(random));
      case 4, 5 -> new JsonString(text(random));
      case 6 -> {
        var items = new ArrayList<JsonValue>();
        for (int i = random.nextInt(5); i > 0; i--) {
          items.add(random(random, depth - 1));
        }
        yield new JsonArray(items);
      }
      default -> {
        var members = JsonObject.builder();
        for (int i = random.nextInt(5); i > 0; i--) {
          members.put(text(random), random(random, depth - 1));
        }
        yield members.build();
      }
    };
  }

  private static String number(Random random) {
    return (random.nextBoolean() ? "-" : "")
        + (random.nextInt(4) == 0 ? "0" : 1 + random.nextInt(9) + digits(random))
        + (random.nextBoolean() ? "." + random.nextInt(10) + digits(random) : "")
        + (random.nextBoolean()
            ? (random.nextBoolean() ? "e" : "E")
                + List.of("", "+", "-").get(random.nextInt(3))
                + random.nextInt(10)
                + digits(random)
            : "");
  }

  private static String digits(Random random) {
    return random
        .ints(random.nextInt(1 << random.nextInt(8)), 0, 10)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining());
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      int codePoint =
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt(0x20);
            case 1 -> 0x20 + random.nextInt(0x60);
            case 2 -> random.nextInt(0xD800);
            default -> 0xE000 + random.nextInt(0x110000 - 0xE000);
          };
      text.appendCodePoint(codePoint);
    }
    return text.toString();
  }

  private static JsonValue shuffled(JsonValue value, Random random) {
    return switch (value) {
      case JsonObject(var members) -> {
        var names = new ArrayList<>(members.keySet());
        Collections.shuffle(names, random);
        var builder = JsonObject.builder();
        for (var name : names) {
          JsonValue member = members.get(name);
          builder.put(name, member == null ? null : shuffled(member, random));
        }
        yield builder.build();
      }
      case JsonArray(var items) ->
          new JsonArray(items.stream().map(item -> shuffled(item, random)).toList());
      case JsonString _, JsonNumber _, JsonBoolean _, JsonNull _ -> value;
    };
  }
}

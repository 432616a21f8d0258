package dev.planaria.engine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What must be refused, with a sentence that repeats next to nothing of the input.
final class JsonBadInputTest {

  private static final int LONGEST_MESSAGE = 250;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[",
        "\"",
        "\"abc",
        "t",
        "tru",
        "nul",
        "-",
        "1e",
        "{\"a\"",
        "{\"a\":",
        "[1,",
        "}",
        "]",
        ",",
        ":",
        "{]",
        "[}",
        "{1:2}",
        "{a:1}",
        "[1 2]",
        "{\"a\":1 \"b\":2}",
        "[,1]",
        "[1,]",
        "{\"a\":1,}",
        "[1,,2]"
      })
  void broken_structure_is_refused(String text) {
    refused(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NaN",
        "Infinity",
        "-Infinity",
        "+1",
        ".5",
        "1.",
        "01",
        "-01",
        "0x10",
        "1_000",
        "'a'",
        "/* c */ 1",
        "1 // c",
        "# c\n1",
        "undefined",
        "True",
        "\"\\x41\"",
        "\"\\u12\"",
        "\"a\nb\"",
        "\"a\tb\"",
        "\"a\u0000b\"",
        "\u00A01",
        "\u20281"
      })
  void extensions_of_json_are_refused(String text) {
    refused(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1 2", "{} {}", "[] x", "null,", "{}}", "\"a\"\"b\"", "1\u0000", "{}\n{}"})
  void something_behind_the_value_is_refused(String text) {
    refused(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":1,\"id\":2}",
        "{\"a\":{\"b\":1,\"c\":2,\"b\":1}}",
        "[{\"x\":null,\"x\":null}]",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"\":1,\"\":2}"
      })
  void a_name_that_occurs_twice_is_refused(String text) {
    assertThat(refused(text)).contains("twice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "22c080",
        "22c1bf22",
        "22e0808022",
        "22f080808022",
        "22eda08022",
        "22edbfbf22",
        "22f490808022",
        "22f8888080",
        "22ff22",
        "2280",
        "22c3",
        "22e282",
        "22f09f98",
        "22c322",
        "7b22c0ae223a317d"
      })
  void bytes_that_are_not_utf8_are_refused(String hex) {
    byte[] small = HexFormat.of().parseHex(hex);
    assertThat(refused(small)).contains("UTF-8");
    byte[] large = new byte[200_000 + small.length];
    Arrays.fill(large, (byte) ' ');
    System.arraycopy(small, 0, large, 200_000, small.length);
    assertThat(refused(large)).contains("UTF-8");
  }

  @Test
  void a_byte_order_mark_is_refused_in_short_and_long_texts() {
    refused("\uFEFF{}");
    refused("\uFEFF[\"" + "x".repeat(200_000) + "\"]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
  void other_encodings_are_not_guessed(String charset) {
    refused("{\"a\":1}".getBytes(Charset.forName(charset)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800x\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud83d\\ud83d\\ude00\"",
        "{\"\\udfff\":1}",
        "[{\"a\":\"x\\uD800\"}]"
      })
  void an_unpaired_surrogate_is_refused_since_it_cannot_be_written_back(String text) {
    assertThat(refused(text)).contains("surrogate");
  }

  @Test
  void an_unpaired_surrogate_that_is_not_escaped_is_refused_in_text_too() {
    for (var text : List.of("\"\ud800\"", "{\"\udc00\":1}", "[\ud800]")) {
      assertThat(message(() -> Json.parse(text, JsonLimits.DEFAULT))).doesNotContain("\ud800");
    }
  }

  @Test
  void the_length_of_the_document_is_limited_to_the_byte() {
    var limits = new JsonLimits(10, 5, 100, 100, 100, 100);
    assertThat(Json.parse(bytes("\"1234567\""), limits)).isEqualTo(new JsonString("1234567"));
    assertThat(Json.parse(bytes("\"12345678\""), limits)).isEqualTo(new JsonString("12345678"));
    assertThat(refused(bytes("\"123456789\""), limits)).contains("longer than 10 bytes");
    assertThat(refused(bytes("\"äöüäö\""), limits)).contains("longer than 10 bytes");
  }

  @Test
  void four_mebibytes_are_read_and_one_byte_more_is_not() {
    int limit = JsonLimits.DEFAULT.documentBytes();
    var text = "\"" + "x".repeat(limit - 2) + "\"";
    assertThat(Json.parse(bytes(text), JsonLimits.DEFAULT)).isInstanceOf(JsonString.class);
    assertThat(refused(bytes(text + " "))).contains("4194304 bytes");
  }

  @Test
  void nesting_is_limited_and_a_hundred_thousand_levels_do_not_overflow_the_stack() {
    for (var bracket : List.of("[ ]", "{\"a\": }")) {
      String open = bracket.substring(0, bracket.indexOf(' '));
      String close = bracket.substring(bracket.indexOf(' ') + 1);
      String inner = open.equals("[") ? "" : "1";
      assertThat(Json.parse(open.repeat(64) + inner + close.repeat(64), JsonLimits.DEFAULT))
          .isNotNull();
      assertThat(refused(open.repeat(65) + inner + close.repeat(65))).contains("64 deep");
      assertThat(refused(open.repeat(100_000))).contains("64 deep");
      assertThat(refused(open.repeat(100_000) + inner + close.repeat(100_000))).contains("64 deep");
    }
  }

  @Test
  void a_million_names_are_too_many() {
    var text = new StringBuilder("{");
    for (int i = 0; i < 1_000_000; i++) {
      text.append(i == 0 ? "" : ",").append('"').append(Integer.toString(i, 36)).append("\":1");
    }
    var limits = new JsonLimits(100 << 20, 64, 4 << 20, 1_024, 1_000, 200_000);
    assertThat(refused(bytes(text.append('}').toString()), limits)).contains("200000 values");
  }

  @Test
  void names_strings_and_numbers_have_their_own_limits() {
    var limits = new JsonLimits(1 << 20, 64, 20, 10, 5, 100);
    assertThat(Json.parse("{\"0123456789\":\"01234567890123456789\",\"n\":12345}", limits))
        .isNotNull();
    assertThat(refused(bytes("{\"01234567890\":1}"), limits)).contains("name is longer than 10");
    assertThat(refused(bytes("\"012345678901234567890\""), limits))
        .contains("string is longer than 20");
    assertThat(refused(bytes("123456"), limits)).contains("number is longer than 5");
    assertThat(refused(bytes("[-0.001]"), limits)).contains("number is longer than 5");
  }

  @Test
  void a_number_of_ten_thousand_digits_is_refused_and_a_thousand_are_not() {
    assertThat(Json.parse("9".repeat(1_000), JsonLimits.DEFAULT)).isInstanceOf(JsonNumber.class);
    assertThat(refused("9".repeat(10_000))).contains("1000 characters");
    assertThat(refused("1e" + "9".repeat(10_000))).contains("1000 characters");
  }

  @Test
  void names_that_share_a_hash_value_cost_no_more_than_others() {
    List<String> names = new ArrayList<>(List.of(""));
    for (int i = 0; i < 16; i++) {
      var longer = new ArrayList<String>();
      for (var name : names) {
        longer.add(name + "Aa");
        longer.add(name + "BB");
      }
      names = longer;
    }
    assertThat(names.getFirst().hashCode()).isEqualTo(names.getLast().hashCode());
    var text = new StringBuilder("{");
    for (var name : names) {
      text.append(text.length() == 1 ? "" : ",").append('"').append(name).append("\":0");
    }
    var object = Json.parseObject(text.append('}').toString(), JsonLimits.DEFAULT);
    assertThat(object.members()).hasSize(1 << 16);
  }

  @Test
  void the_message_says_where_and_repeats_almost_nothing() {
    assertThat(refused("{\n  \"a\": nullify_the_secret_token_of_the_caller}"))
        .contains("line 2")
        .doesNotContain("secret");
    assertThat(refused("\"" + "\u202E".repeat(3) + "\" \u202E")).doesNotContain("\u202E");
    assertThat(refused("[1, hunter2hunter2hunter2]")).doesNotContain("hunter2hunter2");
  }

  @Test
  void an_object_is_required_where_one_is_asked_for() {
    assertThatThrownBy(() -> Json.parseObject("[]", JsonLimits.DEFAULT))
        .isInstanceOf(JsonSyntaxException.class)
        .hasMessageContaining("an object is expected");
  }

  private static String refused(String text) {
    // Text that cannot be UTF-8 is tested as bytes.
    String asText = message(() -> Json.parse(text, JsonLimits.DEFAULT));
    refused(bytes(text));
    return asText;
  }

  private static String refused(byte[] utf8) {
    return refused(utf8, JsonLimits.DEFAULT);
  }

  private static String refused(byte[] utf8, JsonLimits limits) {
    String message = message(() -> Json.parse(utf8, limits));
    assertThat(Json.parse(bytes("{\"next\":1}"), JsonLimits.DEFAULT)).isNotNull();
    return message;
  }

  private static String message(Runnable parse) {
    try {
      parse.run();
    } catch (JsonSyntaxException e) {
      assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(LONGEST_MESSAGE).doesNotContain("\n");
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("it was accepted");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package dev.planaria.engine.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The plain way through a text against the strict one, which reads what is given as characters.
class PlainTokensTest {

  private static final int TEXTS = 40_000;
  private static final long SEED = Long.getLong("planaria.seed", 20_261_123L);

  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"a\"",
    "\"key\"",
    "\"\"",
    "\"a\\nb\"",
    "\"ä\"",
    "0",
    "-0",
    "7",
    "-12",
    "01",
    "1.5",
    "2e3",
    "123456789012345678",
    "1234567890123456789",
    "true",
    "false",
    "null",
    "nul",
    " ",
    "\n",
    "\"",
    "\\",
    "-",
    "\"key\":",
    "\"b\":1",
    ",\"c\":[]",
    "{\"d\":{}}"
  };

  /// What becomes of a text: its value, or what is wrong with it.
  private static String strict(String text) {
    try {
      return Json.parse(text, JsonLimits.OWN).toString();
    } catch (JsonSyntaxException e) {
      return "refused: " + e.getMessage();
    }
  }

  private static String plain(String text) {
    try {
      return Json.parse(text.getBytes(StandardCharsets.UTF_8), JsonLimits.OWN).toString();
    } catch (JsonSyntaxException e) {
      return "refused: " + e.getMessage();
    }
  }

  @Test
  void any_text_gives_the_same_value_or_the_same_refusal_either_way() {
    System.out.println("plain tokens: seed " + SEED);
    var random = new Random(SEED);
    int accepted = 0;
    for (int i = 0; i < TEXTS; i++) {
      String text = text(random, i);
      String strict = strict(text);
      assertThat(plain(text)).as(text).isEqualTo(strict);
      accepted += strict.startsWith("refused: ") ? 0 : 1;
    }
    System.out.println("plain tokens: " + accepted + " of " + TEXTS + " texts are JSON");
    assertThat(accepted).isBetween(TEXTS / 10, TEXTS * 9 / 10);
  }

  /// Every other one is JSON, sometimes with one character changed; the rest are pieces in a row.
  private static String text(Random random, int index) {
    if (index % 2 == 0) {
      var out = new StringBuilder();
      for (int i = random.nextInt(8); i >= 0; i--) {
        out.append(PIECES[random.nextInt(PIECES.length)]);
      }
      return out.toString();
    }
    var out = new StringBuilder();
    value(random, out, 0);
    if (random.nextInt(3) == 0) {
      String piece = PIECES[random.nextInt(PIECES.length)];
      int at = random.nextInt(out.length());
      out.replace(at, at + 1, random.nextBoolean() ? piece : "");
    }
    return out.toString();
  }

  private static void value(Random random, StringBuilder out, int depth) {
    switch (random.nextInt(depth > 4 ? 3 : 6)) {
      case 0 -> out.append(random.nextInt(-1_000, 1_000));
      case 1 -> out.append(random.nextBoolean());
      case 2 -> out.append(random.nextInt(4) == 0 ? "\"\\u00e4\"" : "\"text\"");
      case 3, 4 -> {
        out.append('{');
        for (int i = random.nextInt(4); i > 0; i--) {
          out.append("\"k").append(i).append("\":");
          value(random, out, depth + 1);
          out.append(i > 1 ? "," : "");
        }
        out.append('}');
      }
      default -> {
        out.append('[');
        for (int i = random.nextInt(4); i > 0; i--) {
          value(random, out, depth + 1);
          out.append(i > 1 ? "," : "");
        }
        out.append(']');
      }
    }
  }
}

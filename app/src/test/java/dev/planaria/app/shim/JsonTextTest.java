package dev.planaria.app.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonSyntaxException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What the shim reads of lines and JSON, compared with the engine's own reader.
class JsonTextTest {

  private static final String SAMPLE =
      "{\"jsonrpc\":\"2.0\", \"id\" : -1.5e+3,\"a\":[1,0,true , false,null,{}, [ ]],"
          + "\"s\":\"q\\\"\\\\\\u00e9\\n{}[],:\",\"params\":{\"_meta\":{\"x\":1},\"name\":\"n\"}}";

  private static boolean reads(byte[] bytes) {
    try {
      JsonText.parse(bytes);
      return true;
    } catch (JsonText.Malformed e) {
      return false;
    }
  }

  private static boolean engineReads(byte[] bytes) {
    try {
      Json.parse(bytes, JsonLimits.OWN);
      return true;
    } catch (JsonSyntaxException e) {
      // What the shim leaves to the daemon.
      return String.valueOf(e.getMessage()).matches(".*(twice|UTF-8|surrogate).*");
    }
  }

  @Test
  void it_reads_what_the_engine_reads_and_nothing_else() {
    long seed = Long.getLong("planaria.seed", 20_261_123L);
    var random = new Random(seed);
    int good = 0;
    for (int i = 0; i < 30_000; i++) {
      var text = new StringBuilder(SAMPLE);
      for (int j = random.nextInt(3); j >= 0 && !text.isEmpty(); j--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(4)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, "{}[]\",:\\ e+-.01tnu".charAt(random.nextInt(18)));
          case 2 -> text.setCharAt(at, "{}[]\",:\\ e+-.01tnu".charAt(random.nextInt(18)));
          default -> text.insert(at, ' ');
        }
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      boolean reads = reads(bytes);
      assertThat(reads).as("seed %d: %s", seed, text).isEqualTo(engineReads(bytes));
      good += reads ? 1 : 0;
    }
    System.out.printf("seed %d: %d of 30000 texts were JSON%n", seed, good);
    assertThat(good).isBetween(1_000, 29_000);
  }

  @Test
  void an_operation_id_is_added_and_every_other_byte_stays() throws Exception {
    var message =
        ((Message.Parsed.Good)
                Message.read(
                        SAMPLE
                            .replace("\"a\":", "\"method\":\"tools/call\",\"a\":")
                            .getBytes(StandardCharsets.UTF_8))
                    .getFirst())
            .message();
    var named = new String(message.withOperationId("op").bytes(), StandardCharsets.UTF_8);
    String member = "\"dev.planaria/operationId\":\"op\",";
    assertThat(named).contains("\"_meta\":{" + member + "\"x\":1}");
    assertThat(named.replace(member, ""))
        .isEqualTo(new String(message.bytes(), StandardCharsets.UTF_8));
  }

  @Test
  void ids_are_the_same_however_they_are_written() {
    assertThat(Conversation.isSame("\"\\u0041\"", "\"A\"")).isTrue();
    assertThat(Conversation.isSame("1", "1.0")).isTrue();
    assertThat(Conversation.isSame("1", "\"1\"")).isFalse();
    assertThat(Conversation.isSame("\"a\"", "\"b\"")).isFalse();
  }

  @Test
  void lines_are_found_however_they_arrive_and_long_ones_are_named() throws Exception {
    String text =
        "a\r\n\n bb \n"
            + "x".repeat(50)
            + "\n"
            + "{\"a\":\"}\\\"\",\"id\":\"i,}\",\"b\":{\"id\":2}}"
            + "\nlast";
    for (int at = 1; at < 20; at++) {
      assertThat(lines(text, 10, at))
          .containsExactly("a\r", " bb ", "too long: null", "too long: \"i,}\"", "last");
    }
  }

  private static List<String> lines(String text, int most, int piece) throws IOException {
    var pieces =
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
          @Override
          public synchronized int read(byte[] into, int from, int length) {
            return super.read(into, from, Math.min(length, piece));
          }
        };
    var reader = new LineReader(pieces, most);
    var lines = new ArrayList<String>();
    for (var line = reader.next(); line != null; line = reader.next()) {
      lines.add(
          switch (line) {
            case LineReader.Line.Whole(var bytes) -> new String(bytes, StandardCharsets.UTF_8);
            case LineReader.Line.TooLong(var id) -> "too long: " + id;
          });
    }
    return lines;
  }
}

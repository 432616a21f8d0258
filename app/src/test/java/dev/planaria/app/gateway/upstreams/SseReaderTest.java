package dev.planaria.app.gateway.upstreams;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Server-sent events are read as the standard says, however the bytes arrive.
class SseReaderTest {

  private static final class Seen implements SseReader.Events {
    final List<String> all = new ArrayList<>();

    @Override
    public void event(String type, byte[] data) {
      all.add(type + ":" + new String(data, StandardCharsets.UTF_8));
    }

    @Override
    public void position(String id) {
      all.add("@" + id);
    }

    @Override
    public void retry(long millis) {
      all.add("retry " + millis);
    }

    @Override
    public void tooLong() {
      all.add("too long");
    }
  }

  private static List<String> read(String text, int mostBytes, int atOnce) throws IOException {
    var seen = new Seen();
    InputStream in =
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
          @Override
          public synchronized int read(byte[] into, int from, int length) {
            return super.read(into, from, Math.min(length, atOnce));
          }
        };
    new SseReader(in, mostBytes, seen).run();
    return seen.all;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data: a\\n\\n                        | message:a",
        "data:a\\n\\n                         | message:a",
        "data:  a\\n\\n                       | message: a",
        "data: a\\r\\n\\r\\n                  | message:a",
        "data: a\\r\\r                        | message:a",
        "\uFEFFdata: a\\n\\n                  | message:a",
        "data: a\\ndata: b\\n\\n              | message:a\\nb",
        "data\\ndata\\n\\n                    | message:\\n",
        "data: a\\nevent: x\\nid: 7\\n\\n     | x:a,@7",
        "id: 7\\ndata: \\n\\n                 | @7",
        "id: 7\\n\\ndata: a\\n\\n             | @7,message:a",
        "retry: 300\\n\\n                     | retry 300",
        "retry: 3x\\n\\ndata: a\\n\\n         | message:a",
        "id: 7\\0\\ndata: a\\n\\n             | message:a",
        ": comment\\n\\n:\\n\\ndata: a\\n\\n  | message:a",
        "unknown: x\\ndata: a\\n\\n           | message:a",
        "event: x\\n\\ndata: a\\n\\n          | message:a",
        "data: \u00e9\u20ac\\n\\n             | message:\u00e9\u20ac",
        "data: a\\n\\ndata: broken off\\n     | message:a",
        "data: a\\n\\ndata: broken            | message:a",
      })
  void each_rule_of_the_standard(String text, String expected) throws IOException {
    String stream = text.strip().replace("\\n", "\n").replace("\\r", "\r").replace("\\0", "\0");
    if (stream.endsWith("broken off") || text.isBlank()) {
      stream += "\n";
    }
    for (int atOnce : new int[] {1, 2, 3, 1_000}) {
      assertThat(String.join(",", read(stream, 100, atOnce)))
          .as("%s bytes at once", atOnce)
          .isEqualTo(expected.strip().replace("\\n", "\n"));
    }
  }

  @Test
  void an_event_that_is_too_long_is_passed_over_whether_in_one_line_or_in_many()
      throws IOException {
    String oneLine = "id: 1\ndata: " + "x".repeat(100_000) + "\n\ndata: a\n\n";
    String manyLines = "data: x\n".repeat(100) + "id: 1\n\ndata: a\n\n";
    for (String stream : List.of(oneLine, manyLines)) {
      assertThat(read(stream, 100, 7_000)).containsExactly("too long", "@1", "message:a");
    }
  }

  @Test
  void a_line_without_end_is_held_to_its_bound_only() throws IOException {
    var endless =
        new InputStream() {
          private long left = 200_000_000;

          @Override
          public int read() {
            return left-- > 0 ? 'x' : -1;
          }

          @Override
          public int read(byte[] into, int from, int length) {
            left -= length;
            return left > 0 ? length : -1;
          }
        };
    var seen = new Seen();
    new SseReader(endless, 1_000, seen).run();
    assertThat(seen.all).isEmpty();
  }

  @Test
  void what_is_said_in_pieces_of_any_size_is_the_same() throws IOException {
    long seed = Long.getLong("planaria.seed", 20_241_105);
    var random = new Random(seed);
    String alphabet = "data: :id\r\n\r\nevent retry9\uFEFF";
    int events = 0;
    for (int round = 0; round < 3_000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(60); i > 0; i--) {
        text.append(
            random.nextInt(3) == 0
                ? "\ndata: x" + i + "\n\n"
                : alphabet.charAt(random.nextInt(alphabet.length())));
      }
      List<String> whole = read(text.toString(), 50, 10_000);
      events += whole.size();
      assertThat(read(text.toString(), 50, 1 + random.nextInt(5)))
          .as("seed %s: %s", seed, text)
          .isEqualTo(whole);
    }
    System.out.println("seed " + seed + ": " + events + " events");
    assertThat(events).isPositive();
  }
}

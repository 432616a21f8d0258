package dev.planaria.app.gateway.upstreams;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A child's output is cut into lines of bounded length, however the bytes arrive.
class LineReaderTest {

  private static final class Seen implements LineReader.Lines {
    final List<String> all = new ArrayList<>();

    @Override
    public void line(byte[] line) {
      all.add(new String(line, StandardCharsets.UTF_8));
    }

    @Override
    public void tooLong(@Nullable Long answered) {
      all.add("too long " + answered);
    }

    @Override
    public void unfinished() {
      all.add("unfinished");
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
    new LineReader(in, mostBytes, seen).run();
    return seen.all;
  }

  @Test
  void lines_are_cut_at_line_feeds_alone_and_blank_ones_are_none() throws IOException {
    for (int atOnce : new int[] {1, 2, 7, 1_000}) {
      assertThat(read("a\n\n \t\r\nb\rc\u2028d\u0085e\r\n\u20ac\nrest", 100, atOnce))
          .as("%s bytes at once", atOnce)
          .containsExactly("a", "b\rc\u2028d\u0085e\r", "\u20ac", "unfinished");
    }
  }

  @Test
  void a_line_that_is_too_long_tells_whose_answer_it_is_wherever_its_id_stands()
      throws IOException {
    String filler = "x".repeat(5_000);
    String front = "{\"jsonrpc\":\"2.0\",\"id\":12,\"result\":{\"t\":\"" + filler + "\"}}";
    String behind =
        "{\"result\":{\"id\":13,\"t\":\"" + filler + "\"},\"jsonrpc\":\"2.0\",\"id\":14}";
    String nested = "{\"result\":{\"t\":\"" + filler + "\",\"id\":15}}";
    String text = front + "\n" + behind + "\n" + nested + "\n" + filler + "\nnext\n";
    for (int atOnce : new int[] {1, 13, 100_000}) {
      assertThat(read(text, 1_000, atOnce))
          .as("%s bytes at once", atOnce)
          .containsExactly("too long 12", "too long 14", "too long null", "too long null", "next");
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
    new LineReader(endless, 1_000, seen).run();
    assertThat(seen.all).containsExactly("unfinished");
  }

  @Test
  void what_is_said_in_pieces_of_any_size_is_the_same() throws IOException {
    long seed = Long.getLong("planaria.seed", 20_261_123);
    var random = new Random(seed);
    int lines = 0;
    for (int round = 0; round < 2_000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(8); i > 0; i--) {
        text.append("{\"jsonrpc\":\"2.0\",\"id\":").append(random.nextInt(100)).append(",\"x\":\"");
        text.append("y".repeat(random.nextInt(40) * random.nextInt(12))).append("\"}");
        text.append(random.nextInt(4) == 0 ? "\r\n" : random.nextInt(9) == 0 ? "" : "\n");
      }
      List<String> whole = read(text.toString(), 150, 100_000);
      lines += whole.size();
      assertThat(read(text.toString(), 150, 1 + random.nextInt(30)))
          .as("seed %s: %s", seed, text)
          .isEqualTo(whole);
    }
    System.out.println("seed " + seed + ": " + lines + " lines");
    assertThat(lines).isPositive();
  }
}

package dev.planaria.app.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Streams of events are cut into whole events, however the bytes arrive.
class EventScannerTest {

  private final EventScanner scanner = new EventScanner();
  private final StringBuilder begun = new StringBuilder();

  private List<String> feed(String text) {
    var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    var events = new ArrayList<String>();
    var start = 0;
    while (scanner.next(bytes)) {
      events.add(begun + text.substring(start, bytes.position()));
      begun.setLength(0);
      start = bytes.position();
    }
    begun.append(text.substring(start));
    return events;
  }

  @Test
  void an_event_is_whole_when_its_blank_line_is_there() {
    assertThat(feed("id: 1\ndata: a\n")).isEmpty();
    assertThat(feed("\nid: 2\n")).containsExactly("id: 1\ndata: a\n\n");
    assertThat(scanner.id()).isEqualTo("1");
    assertThat(feed("data\n\n: comment\n\n")).containsExactly("id: 2\ndata\n\n", ": comment\n\n");
    assertThat(scanner.id()).as("a comment has no id").isNull();
  }

  @Test
  void lines_may_end_with_carriage_returns_too() {
    assertThat(feed("id:1\r\ndata: a\r\n\r\n")).containsExactly("id:1\r\ndata: a\r\n\r");
    assertThat(scanner.id()).isEqualTo("1");
    assertThat(feed("id:2\rdata: b\r\r")).containsExactly("\nid:2\rdata: b\r\r");
    assertThat(scanner.id()).isEqualTo("2");
  }

  @Test
  void only_the_field_named_id_is_the_id() {
    feed("identity: 1\nidx: 2\ndata: id: 3\nid:4\n\n");
    assertThat(scanner.id()).isEqualTo("4");
    feed("id\n\n");
    assertThat(scanner.id()).isNull();
    feed("id: " + "5".repeat(600) + "\n\n");
    assertThat(scanner.id()).as("too long to be ours").isNull();
  }

  @Test
  void however_the_bytes_arrive_nothing_is_lost_or_torn() {
    var seed = Long.getLong("planaria.seed", System.nanoTime());
    var random = new Random(seed);
    for (var round = 0; round < 200; round++) {
      var whole = new StringBuilder();
      var expected = new ArrayList<String>();
      for (var i = 0; i < random.nextInt(20); i++) {
        var event = "id: " + i + "\ndata: " + "x".repeat(random.nextInt(3_000)) + "\n\n";
        whole.append(event);
        expected.add(event);
      }
      var seen = new ArrayList<String>();
      for (var at = 0; at < whole.length(); ) {
        var end = Math.min(whole.length(), at + 1 + random.nextInt(2_000));
        seen.addAll(feed(whole.substring(at, end)));
        at = end;
      }
      assertThat(seen).as("seed " + seed).isEqualTo(expected);
    }
  }
}

package dev.planaria.app.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.wire.BadRequest;
import dev.planaria.app.gateway.wire.EventStream;
import dev.planaria.app.gateway.wire.Exchange;
import dev.planaria.app.gateway.wire.HttpAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The worker's HTTP server under requests that are none. The front is stricter still and stands
/// before it; but a worker must not depend on that.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class WorkerHttpTest {
  private static final int LIMIT = 10_000;

  private Path socket;
  private WorkerHttp http;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    socket = directory.resolve("s");
    http = new WorkerHttp(socket, this::answer);
    http.start();
  }

  @AfterAll
  void stop() throws Exception {
    http.stop();
  }

  private void answer(Exchange exchange) throws IOException {
    switch (exchange.head().path()) {
      case "/stream" -> {
        EventStream events = exchange.openStream("data: 1\n\n".getBytes(StandardCharsets.UTF_8));
        events.write("data: 2\n\n".getBytes(StandardCharsets.UTF_8));
        events.close();
      }
      case "/left" -> exchange.openStream("data: 1\n\n".getBytes(StandardCharsets.UTF_8));
      case "/quiet" -> exchange.openStream(new byte[0]);
      case "/twice" -> {
        exchange.send(HttpAnswer.text(200, "one"));
        exchange.send(HttpAnswer.text(200, "two"));
      }
      case "/broken" -> throw new IllegalStateException("on purpose");
      default -> {
        try {
          byte[] body = exchange.readBody(LIMIT);
          exchange.send(HttpAnswer.text(200, "body of " + body.length));
        } catch (BadRequest e) {
          exchange.send(HttpAnswer.text(e.status(), String.valueOf(e.getMessage())));
        }
      }
    }
  }

  private static String post(String headers, String body) {
    return "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n" + body;
  }

  /// What is sent, and how the answer begins.
  record Row(String name, String sent, String begins) {
    @Override
    public String toString() {
      return name;
    }
  }

  Stream<Row> requests() {
    String refused = "HTTP/1.1 400";
    return Stream.of(
        new Row("a good one", post("Content-Length: 2\r\n", "ab"), "HTTP/1.1 200"),
        new Row(
            "length and chunks",
            post("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            refused),
        new Row(
            "chunks and length",
            post("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "0\r\n\r\n"),
            refused),
        new Row("two lengths", post("Content-Length: 2\r\nContent-Length: 3\r\n", "abc"), refused),
        new Row("a length of -1", post("Content-Length: -1\r\n", ""), refused),
        new Row("a length of +2", post("Content-Length: +2\r\n", "ab"), refused),
        new Row("a length of 2,2", post("Content-Length: 2, 2\r\n", "ab"), refused),
        new Row("a chunk of -1", post("Transfer-Encoding: chunked\r\n", "-1\r\n\r\n"), refused),
        new Row(
            "a chunk of a gibberish size",
            post("Transfer-Encoding: chunked\r\n", "zz\r\nab\r\n0\r\n\r\n"),
            refused),
        new Row("another encoding", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), refused),
        new Row("a folded header", post("X: a\r\n b\r\nContent-Length: 0\r\n", ""), refused),
        new Row("a carriage return", post("X: a\rY: b\r\nContent-Length: 0\r\n", ""), refused),
        new Row("a header without a colon", post("nonsense\r\n", ""), refused),
        new Row("a space before the colon", post("X : a\r\nContent-Length: 0\r\n", ""), refused),
        new Row("a NUL", post("X: a\u0000b\r\nContent-Length: 0\r\n", ""), refused),
        new Row(
            "a megabyte of headers",
            post("X: " + "x".repeat(1 << 20) + "\r\n", ""),
            "HTTP/1.1 431"),
        new Row("ten thousand headers", post("X: y\r\n".repeat(10_000), ""), "HTTP/1.1 431"),
        new Row("no version", "GET /\r\n\r\n", "HTTP/1.1 505"),
        new Row("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", refused),
        new Row("gibberish", "\u0001\u0002\u0003\r\n\r\n", refused),
        new Row("a path with dots", "GET /a/%2e%2e/b HTTP/1.1\r\nHost: x\r\n\r\n", refused),
        new Row("a name with a slash", "GET /a%2Fb HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200"),
        new Row(
            "a name that climbs", "GET /a%2F%2e%2e/b/%2e%2e HTTP/1.1\r\nHost: x\r\n\r\n", refused),
        new Row("two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", refused),
        new Row("no host", "GET / HTTP/1.1\r\n\r\n", refused));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void a_request_that_can_be_read_in_two_ways_is_refused(Row row) throws Exception {
    try (var client = new SocketClient(socket)) {
      client.write(row.sent());
      assertThat(client.readUntil("\r\n")).as(row.name()).startsWith(row.begins());
    }
    assertServed();
  }

  @Test
  void a_body_beyond_the_limit_is_refused_and_not_read_to_its_end() throws Exception {
    try (var client = new SocketClient(socket)) {
      client.write(post("Content-Length: " + (1L << 30) + "\r\n", "x".repeat(100)));
      assertThat(client.readUntil("longer than")).contains("413");
    }
    try (var client = new SocketClient(socket)) {
      client.write(post("Transfer-Encoding: chunked\r\n", ""));
      String chunk = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
      int sent = 0;
      while (sent < (1 << 30) / 0x1000 && client.write(chunk)) {
        sent++;
      }
      assertThat(sent).as("chunks taken of 1 GiB without a length").isLessThan(1_000);
    }
    assertServed();
  }

  @Test
  void a_body_at_the_limit_is_read_and_one_byte_more_is_not() throws Exception {
    assertThat(SocketClient.ask(socket, "POST / HTTP/1.1", "x".repeat(LIMIT)))
        .contains("body of " + LIMIT);
    assertThat(SocketClient.ask(socket, "POST / HTTP/1.1", "x".repeat(LIMIT + 1))).contains("413");
    assertServed();
  }

  @Test
  void a_body_that_breaks_off_costs_its_connection_alone() throws Exception {
    try (var client = new SocketClient(socket)) {
      client.write(post("Content-Length: 100\r\n", "half"));
      client.endWriting();
      assertThat(client.readAll()).doesNotContain("body of");
    }
    assertServed();
  }

  @Test
  void a_stream_begins_with_its_head_and_first_events_and_ends_in_order() throws Exception {
    String answer = streamAt("/stream");
    assertThat(answer)
        .startsWith("HTTP/1.1 200")
        .contains("text/event-stream")
        .contains("X-Accel-Buffering: no")
        .contains("data: 1\n\n")
        .contains("data: 2\n\n");
    assertThat(answer).as("the last chunk").endsWith("0\r\n\r\n");
  }

  /// What comes on a connection that would go on, up to the last chunk or the end.
  private String streamAt(String path) throws IOException {
    try (var client = new SocketClient(socket)) {
      client.write("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      return client.readUntil("\r\n0\r\n\r\n");
    }
  }

  @Test
  void the_head_of_a_stream_leaves_even_without_an_event() throws Exception {
    assertThat(streamAt("/quiet")).startsWith("HTTP/1.1 200");
  }

  @Test
  void a_stream_that_is_left_is_broken_off_so_that_nobody_takes_it_for_whole() throws Exception {
    assertThat(streamAt("/left")).contains("data: 1\n\n").doesNotContain("0\r\n\r\n");
    assertServed();
  }

  @Test
  void an_answer_that_breaks_is_no_answer() throws Exception {
    assertThat(SocketClient.ask(socket, "GET /broken HTTP/1.1", "")).doesNotContain("200 OK");
    assertThat(SocketClient.ask(socket, "GET /twice HTTP/1.1", "")).doesNotContain("two");
    assertServed();
  }

  @Test
  void a_severed_server_sends_nothing_more() throws Exception {
    Path other = socket.resolveSibling("o");
    var severed = new WorkerHttp(other, this::answer);
    severed.start();
    assertThat(SocketClient.ask(other, "GET / HTTP/1.1", "")).contains("body of 0");
    severed.sever();
    assertThat(SocketClient.ask(other, "GET / HTTP/1.1", "")).doesNotContain("200 OK");
    severed.stop();
  }

  private void assertServed() throws IOException {
    assertThat(SocketClient.ask(socket, "POST / HTTP/1.1", "abc"))
        .as("the next request is served")
        .contains("body of 3");
  }
}

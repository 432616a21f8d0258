package dev.planaria.app.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/// What passes between a client and the worker, and how.
class HttpForwardingTest extends EdgeFront {

  @Test
  void a_client_that_waits_for_consent_gets_it_before_its_body() throws IOException {
    try (var client = front.connect()) {
      client.send(post("Expect: 100-continue\r\nContent-Length: 5\r\n", ""));
      assertThat(client.readReply().status()).isEqualTo(100);
      client.send("hello");
      var reply = client.readReply();
      assertThat(reply.body()).endsWith("hello").doesNotContain("Expect");
    }
    assertThat(refused(post("Expect: 100-continue\r\nContent-Length: 100001\r\n", ""), 413))
        .contains("bodyBytes");
  }

  @Test
  void requests_sent_ahead_are_answered_in_their_order() throws IOException {
    try (var client = front.connect()) {
      client.send(
          lines(
              """
              GET /call?ms=50&key=1 HTTP/1.1
              Host: x

              GET /call?ms=0&key=2 HTTP/1.1
              Host: x

              GET /livez HTTP/1.1
              Host: x

              """));
      assertThat(client.readReply().body()).contains("\"key\":\"1\"");
      assertThat(client.readReply().body()).contains("\"key\":\"2\"");
      assertThat(client.readReply().body()).isEqualTo("{\"live\":true}");
    }
  }

  @Test
  void a_head_request_gets_the_head_of_the_answer() throws IOException {
    try (var client = front.connect()) {
      for (var i = 0; i < 2; i++) {
        client.send("HEAD /echo HTTP/1.1\r\nHost: x\r\n\r\n");
        var reply = client.readReply(true);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(Integer.parseInt(reply.headers().getOrDefault("content-length", "0")))
            .isPositive();
      }
      client.send("HEAD /livez HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readReply(true).headers()).containsEntry("content-length", "13");
    }
  }

  @Test
  void an_older_client_is_served_in_its_way() throws IOException {
    try (var client = front.connect()) {
      client.send("GET /fast HTTP/1.0\r\n\r\n");
      var reply = client.readReply();
      assertThat(reply.body()).isEqualTo("{\"fast\":true}");
      assertThat(reply.headers()).containsEntry("connection", "close");
      assertThat(client.isClosedByServer()).isTrue();
    }
    try (var client = front.connect()) {
      client.send("GET /fast HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      assertThat(client.readReply().headers()).containsEntry("connection", "keep-alive");
      client.send("GET /stream?events=3 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      var stream = client.readReply();
      assertThat(stream.headers()).doesNotContainKey("transfer-encoding");
      assertThat(Promises.ids(stream.body())).containsExactly("0", "1", "2", "3", "4");
    }
  }

  @Test
  void only_end_to_end_headers_travel_and_none_of_ours_is_taken_from_a_client() throws IOException {
    var received =
        echoOf(
            lines(
                """
                Connection: keep-alive, X-Named, Host
                X-Named: 1
                Keep-Alive: timeout=5
                TE: trailers
                Upgrade: h2c
                Proxy-Authorization: x
                X-Forwarded-For: 1.2.3.4
                Forwarded: for=1
                Planaria-Stamp: forged
                planaria-resend: 7
                Mcp-Session-Id: s
                Authorization: Bearer t
                X-Latin: \u00e9
                """));
    assertThat(received.lines())
        .contains("Host: localhost", "Mcp-Session-Id: s", "Authorization: Bearer t")
        .contains("X-Latin: \u00e9")
        .noneMatch(line -> line.startsWith("X-Named") || line.startsWith("Keep-Alive"))
        .noneMatch(line -> line.startsWith("TE") || line.startsWith("Upgrade"))
        .noneMatch(line -> line.contains("orwarded") || line.startsWith("Proxy"))
        .noneMatch(line -> line.contains("forged") || line.contains("esend"))
        .filteredOn(line -> line.startsWith("Planaria-Stamp: "))
        .singleElement()
        .asString()
        .matches(
            "Planaria-Stamp: [0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  }

  private static String echoOf(String headers) throws IOException {
    try (var client = front.connect()) {
      client.send("GET /echo HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
      var reply = client.readReply();
      assertThat(reply.headers()).containsEntry("x-kept", "yes").doesNotContainKey("keep-alive");
      return reply.body();
    }
  }

  @Test
  void an_answer_without_a_body_stays_one() throws IOException {
    try (var client = front.connect()) {
      client.send(post("Content-Length: 1\r\n", "x").replace("/echo", "/odd/empty"));
      var reply = client.readReply();
      assertThat(reply.status()).isEqualTo(202);
      assertThat(reply.body()).isEmpty();
    }
  }

  @Test
  void a_connection_that_the_client_wants_closed_is_closed_after_the_answer() throws IOException {
    try (var client = front.connect()) {
      client.send("GET /fast HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(client.readReply().headers()).containsEntry("connection", "close");
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void an_answer_beyond_the_limit_is_an_error_and_not_half_an_answer() throws IOException {
    try (var client = front.connect()) {
      client.send("GET /big?bytes=30000000 HTTP/1.1\r\nHost: x\r\n\r\n");
      var reply = client.readReply();
      assertThat(reply.status()).isIn(502, 503);
    }
  }

  @Test
  void a_large_event_arrives_whole_and_one_beyond_the_limit_ends_the_stream() throws IOException {
    var large = front.get("/huge?bytes=2000000");
    assertThat(large.body()).hasSize("id: 0\ndata: \n\n".length() * 3 + 2_000_000);
    assertThat(Promises.ids(large.body())).containsExactly("0", "1", "2");
    assertThatThrownBy(() -> front.get("/huge?bytes=9000000")).isInstanceOf(IOException.class);
  }

  @Test
  void the_worker_learns_that_a_client_has_gone() throws Exception {
    var before = front.noted("gone");
    try (var client = front.connect()) {
      client.send("GET /listen HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readHead().status()).isEqualTo(200);
    }
    assertThat(
            FrontProcess.eventually(() -> {
              try {
                return front.noted("gone") > before;
              } catch (IOException e) {
                return false;
              }
            }))
        .isTrue();
  }
}

package dev.planaria.app.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bad input at the HTTP edge: a clear error, and the next request is served.
class HttpEdgeTest extends EdgeFront {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Content-Length: 3\r\nContent-Length: 3\r\n",
        "Content-Length: 3, 3\r\n",
        "Content-Length: +3\r\n",
        "Content-Length: -3\r\n",
        "Content-Length: 0x3\r\n",
        "Content-Length:\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\n",
      })
  void a_body_with_an_ambiguous_length_is_refused(String framing) throws IOException {
    refused(post(framing, "0\r\n\r\n"), 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\r\nhelloX0\r\n\r\n",
        "5\r\nhello0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "g\r\nhello\r\n0\r\n\r\n",
        "5\nhello\n0\n\n",
        "ffffffffffffffff5\r\nhello\r\n0\r\n\r\n",
        "5;a\nb\r\nhello\r\n0\r\n\r\n",
      })
  void a_malformed_chunk_is_refused(String chunks) throws IOException {
    refused(post("Transfer-Encoding: chunked\r\n", chunks), 400);
  }

  @Test
  void a_chunk_extension_and_a_trailer_go_no_further() throws IOException {
    try (var client = front.connect()) {
      client.send(
          post("Transfer-Encoding: chunked\r\n", "5;ext=evil\r\nhello\r\n0\r\nX-Evil: 1\r\n\r\n"));
      var reply = client.readReply();
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body())
          .contains("Content-Length: 5\r\n")
          .endsWith("\r\n\r\nhello")
          .doesNotContainIgnoringCase("evil")
          .doesNotContainIgnoringCase("transfer-encoding");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /echo HTTP/1.1\nHost: x\n\n",
        "GET /echo HTTP/1.1\r\nHost: x\r\nA: b\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: x\r\nA: b\r\n folded\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET /echo HTTP/1.1\r\n Host: x\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost:\r\n\r\n",
        "GET /echo HTTP/1.1\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: x\r\nA: b\u0000c\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: x\r\n: no name\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: x\r\nB@d: name\r\n\r\n",
        "GET /echo\u0001 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /\u00e9cho HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET http://evil/echo HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET evil HTTP/1.1\r\nHost: x\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        "G@T /echo HTTP/1.1\r\nHost: x\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001",
      })
  void a_head_that_is_not_well_formed_is_refused(String request) throws IOException {
    refused(request, 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /echo\r\n\r\n",
        "GET /echo HTTP/1.2\r\nHost: x\r\n\r\n",
        "GET /echo HTTP/2.0\r\nHost: x\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      })
  void another_version_of_the_protocol_is_refused(String request) throws IOException {
    refused(request, 505);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "CONNECT", "trace"})
  void methods_that_only_serve_attackers_are_refused(String method) throws IOException {
    refused(method + " /echo HTTP/1.1\r\nHost: x\r\n\r\n", 405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "identity"})
  void an_encoded_body_is_refused(String coding) throws IOException {
    refused(post("Content-Encoding: " + coding + "\r\nContent-Length: 1\r\n", "x"), 415);
  }

  @Test
  void an_expectation_that_nobody_knows_is_refused() throws IOException {
    refused(post("Expect: miracles\r\nContent-Length: 1\r\n", "x"), 417);
  }

  @Test
  void a_head_may_have_its_limit_and_no_byte_more() throws IOException {
    var start = "GET /echo HTTP/1.1\r\nHost: localhost\r\nA: ";
    var most = (16 << 10) - start.length() - 4;
    try (var client = front.connect()) {
      client.send(start + "a".repeat(most) + "\r\n\r\n");
      assertThat(client.readReply().status()).isEqualTo(200);
    }
    assertThat(refused(start + "a".repeat(most + 1) + "\r\n\r\n", 431)).contains("headBytes");
    assertThat(refused(start + "a".repeat(1 << 20) + "\r\n\r\n", 431)).contains("headBytes");
    refused("GET /echo HTTP/1.1\r\nHost: x\r\n" + "a: b\r\n".repeat(10_000) + "\r\n", 431);
  }

  @Test
  void a_target_may_have_its_limit_and_no_byte_more() throws IOException {
    var end = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    try (var client = front.connect()) {
      client.send("GET /" + "a".repeat((8 << 10) - 1) + end);
      assertThat(client.readReply().status()).isEqualTo(200);
    }
    assertThat(refused("GET /" + "a".repeat(8 << 10) + end, 414)).contains("requestTargetBytes");
    refused("GET /" + "a".repeat(1 << 20) + end, 414);
  }

  @ParameterizedTest
  @CsvSource({"0,200", "1,200", "99999,200", "100000,200", "100001,413", "10000000,413"})
  void a_body_may_have_its_limit_and_no_byte_more(int bytes, int status) throws IOException {
    var body = "b".repeat(bytes);
    var chunked =
        bytes == 0 ? "0\r\n\r\n" : Integer.toHexString(bytes) + "\r\n" + body + "\r\n0\r\n\r\n";
    for (var request :
        List.of(
            post("Content-Length: " + bytes + "\r\n", body),
            post("Transfer-Encoding: chunked\r\n", chunked))) {
      try (var client = front.connect()) {
        sendAsFarAsPossible(client, request);
        var reply = client.readReply();
        assertThat(reply.status()).isEqualTo(status);
        if (status == 200) {
          assertThat(reply.body()).endsWith("\r\n\r\n" + body);
        } else {
          assertThat(reply.body()).contains("bodyBytes");
        }
      }
    }
  }

  /// The front stops reading at its limit and answers; our writing may then fail.
  private static void sendAsFarAsPossible(RawClient client, String request) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            client.send(request);
          } catch (IOException e) {
            assertThat(e).hasMessageMatching(".*(closed|reset|Broken).*");
          }
        });
  }

  @Test
  void a_body_without_end_is_cut_at_the_limit() throws IOException {
    try (var client = front.connect()) {
      client.send(post("Transfer-Encoding: chunked\r\n", ""));
      var chunk = "4000\r\n" + "b".repeat(0x4000) + "\r\n";
      var sent = 0L;
      try {
        for (; sent < 1L << 30; sent += chunk.length()) {
          client.send(chunk);
        }
      } catch (IOException e) {
        assertThat(sent).as("bytes taken by us and the kernel").isLessThan(64L << 20);
      }
      assertThat(sent).isLessThan(1L << 30);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"G", "GET /echo HTTP/1.1\r\nHost: localhost\r\nA:"})
  void a_head_that_does_not_come_is_not_awaited_for_ever(String part) throws IOException {
    refused(part, 408);
  }

  @Test
  void a_head_that_drips_is_not_awaited_for_ever() throws Exception {
    try (var client = front.connect()) {
      var dripping =
          Thread.ofVirtual()
              .start(() -> {
                var drops = new CountDownLatch(1);
                try {
                  client.send("GET /echo HTTP/1.1\r\nA: ");
                  while (!drops.await(50, TimeUnit.MILLISECONDS)) {
                    client.send("a");
                  }
                } catch (IOException | InterruptedException e) {
                  // The front had enough.
                }
              });
      assertThat(client.readReply().status()).isEqualTo(408);
      dripping.join();
    }
  }

  @Test
  void a_body_that_does_not_come_is_not_awaited_for_ever() throws IOException {
    refused(post("Content-Length: 10\r\n", "12345"), 408);
    refused(post("Transfer-Encoding: chunked\r\n", "5\r\nhel"), 408);
  }

  @Test
  void a_newcomer_that_says_nothing_is_sent_away() throws IOException {
    try (var client = front.connect()) {
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void an_idle_connection_is_closed_in_time_and_a_stream_is_not_idle() throws IOException {
    try (var idle = front.connect();
        var stream = front.connect()) {
      stream.send("GET /listen?ms=700 HTTP/1.1\r\nHost: localhost\r\n\r\n");
      idle.send("GET /fast HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(idle.readReply().status()).isEqualTo(200);
      assertThat(idle.isClosedByServer()).isTrue();
      assertThat(stream.readHead().status()).isEqualTo(200);
      for (var i = 0; i < 3; i++) {
        assertThat(stream.readChunk()).isNotEmpty();
      }
    }
  }

  @Test
  void a_client_that_does_not_read_is_cut_off() throws IOException {
    try (var client = front.connect()) {
      client.socket().setReceiveBufferSize(4_096);
      for (var i = 0; i < 16; i++) {
        client.send("GET /big?bytes=4000000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
      }
      assertThat(eventuallyLogged("does not read")).isTrue();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  private static boolean eventuallyLogged(String what) throws IOException {
    try {
      return FrontProcess.eventually(() -> {
        try {
          return front.log().contains(what);
        } catch (IOException e) {
          return false;
        }
      });
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}

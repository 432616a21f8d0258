package dev.planaria.app.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// A front with small limits in front of the fake worker; after each test the next request must be
/// served.
abstract class EdgeFront {

  static final int BODY_BYTES = 100_000;

  @TempDir static Path scratch;
  static FrontProcess front;

  @BeforeAll
  static void start() throws IOException {
    front =
        FrontProcess.start(
            scratch.resolve("d"),
            "bodyBytes=" + BODY_BYTES,
            "headMillis=400",
            "bodyMillis=400",
            "idleMillis=500",
            "writeMillis=400",
            "lingerMillis=300",
            "tickMillis=20");
  }

  @AfterAll
  static void stop() {
    front.close();
  }

  @AfterEach
  void the_next_request_is_served() throws IOException {
    assertThat(front.get("/fast").body()).isEqualTo("{\"fast\":true}");
  }

  /// Sends something and expects an error with that status, in one sentence, and the end of the
  /// connection.
  static String refused(String request, int status) throws IOException {
    try (var client = front.connect()) {
      client.send(request);
      var reply = client.readReply();
      assertThat(reply.status()).as(request).isEqualTo(status);
      assertThat(reply.headers()).containsEntry("content-type", "application/json");
      assertThat(reply.body())
          .startsWith("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-33" + status + ",")
          .endsWith("\"},\"id\":null}");
      assertThat(client.isClosedByServer()).isTrue();
      return reply.body();
    }
  }

  static String post(String headers, String body) {
    return "POST /echo HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body;
  }

  /// The text with the line ends of HTTP.
  static String lines(String text) {
    return text.replace("\n", "\r\n");
  }
}

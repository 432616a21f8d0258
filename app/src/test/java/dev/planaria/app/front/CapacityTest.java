package dev.planaria.app.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How many connections a front holds, in how little memory, and what those beyond hear.
class CapacityTest {

  @TempDir Path scratch;

  private FrontProcess start(String... settings) throws IOException {
    return FrontProcess.start(scratch.resolve("d"), settings);
  }

  @Test
  void half_open_connections_beyond_the_limit_hurt_nobody_who_is_served() throws Exception {
    var sockets = new ArrayList<Socket>();
    try (var front = start("connections=2000", "headMillis=60000");
        var served = front.connect();
        var stream = front.connect()) {
      served.send("GET /fast HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(served.readReply().status()).isEqualTo(200);
      stream.send("GET /listen HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(stream.readHead().status()).isEqualTo(200);
      for (var i = 0; i < 2_500; i++) {
        sockets.add(new Socket(InetAddress.getLoopbackAddress(), front.port()));
      }
      var began = System.nanoTime();
      served.send("GET /fast HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(served.readReply().status()).isEqualTo(200);
      assertThat(front.get("/fast").status()).as("a newcomer that speaks").isEqualTo(200);
      assertThat(stream.readChunk()).isNotEmpty();
      System.out.println(
          "with 2500 half-open connections: three answers in "
              + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)
              + " ms, "
              + FrontProcess.memoryKib(front.process().pid(), "VmRSS") / 1024
              + " MiB resident");
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void a_newcomer_beyond_the_limit_is_told_so_when_all_others_are_served() throws Exception {
    var clients = new ArrayList<RawClient>();
    try (var front = start("connections=20")) {
      for (var i = 0; i < 20; i++) {
        var client = front.connect();
        clients.add(client);
        client.send("GET /fast HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.readReply().status()).isEqualTo(200);
      }
      try (var newcomer = front.connect()) {
        var reply = newcomer.readReply();
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.body()).contains("20 connections already (connections");
      }
      clients.removeFirst().close();
      assertThat(FrontProcess.eventually(() -> answers(front))).isTrue();
    } finally {
      for (var client : clients) {
        client.close();
      }
    }
  }

  @Test
  void as_many_streams_as_the_heap_holds_are_served_and_the_front_still_answers() throws Exception {
    var streams = new ArrayList<RawClient>();
    try (var front = start()) {
      var heap = FrontJson.number(front.status(), "frontHeapMaxBytes", 0);
      var places = HttpLimits.DEFAULT.fittedTo(heap).connections();
      assertThat(places).isGreaterThan(300);
      // Two places stay free for the calls below.
      for (var i = 0; i < places - 2; i++) {
        var stream = front.connect();
        streams.add(stream);
        stream.send("GET /listen?ms=2000 HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(stream.readHead().status()).as("stream " + i).isEqualTo(200);
      }
      var body = "b".repeat(4 << 20);
      try (var client = front.connect()) {
        client.send(
            "POST /fast HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n");
        client.send(body);
        assertThat(client.readReply().status()).as("the largest request").isEqualTo(200);
        client.send("GET /big?bytes=5000000 HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.readReply().body()).as("a large answer").hasSize(5_000_000);
      }
      System.out.println(places - 2 + " streams and a large call: " + resident(front) + " KiB");
    } finally {
      for (var stream : streams) {
        stream.close();
      }
    }
  }

  private static boolean answers(FrontProcess front) {
    try {
      return front.get("/fast").status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void after_a_thousand_calls_the_front_is_still_small() throws Exception {
    try (var front = start();
        var client = front.connect()) {
      for (var i = 0; i < 1_000; i++) {
        client.send(Promises.request(i % 10 == 0 ? "/stream?key=1" : "/call?key=1"));
        assertThat(client.readReply().status()).isEqualTo(200);
      }
      assertThat(FrontProcess.eventually(() -> resident(front) < 60 << 10)).isTrue();
      System.out.println("front after 1000 calls: " + resident(front) + " KiB resident");
    }
  }

  private static long resident(FrontProcess front) {
    try {
      return FrontProcess.memoryKib(front.process().pid(), "VmRSS");
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }
}

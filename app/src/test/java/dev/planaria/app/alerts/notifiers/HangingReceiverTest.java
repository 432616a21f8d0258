package dev.planaria.app.alerts.notifiers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.planaria.app.alerts.AlertBoard;
import dev.planaria.app.alerts.KeptLog;
import dev.planaria.app.alerts.Patience;
import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.ReadingsBuilder;
import dev.planaria.app.alerts.StandingFile;
import dev.planaria.app.alerts.Subject;
import dev.planaria.app.alerts.Thresholds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A receiver that takes a connection and never says a word is given up and tried again, and holds
/// up no other.
@Timeout(120)
class HangingReceiverTest {
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofHours(1);

  @TempDir private Path home;

  private final KeptLog log = new KeptLog();
  private final AtomicLong now = new AtomicLong(1_800_000_000_000L);
  private final BlockingQueue<Socket> taken = new LinkedBlockingQueue<>();
  // Open until the end of the test: only who waits for an answer gives one up.
  private final List<Socket> held = new ArrayList<>();
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private ServerSocket mute;
  private HttpServer good;

  @BeforeEach
  void one_that_hangs_and_one_that_answers() throws IOException {
    mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::take);
    good = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    good.createContext(
        "/",
        exchange -> {
          told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    good.start();
  }

  private void take() {
    try {
      while (true) {
        taken.add(mute.accept());
      }
    } catch (IOException e) {
      assertThat(mute.isClosed()).isTrue();
    }
  }

  @AfterEach
  void close() throws IOException {
    mute.close();
    taken.drainTo(held);
    for (Socket socket : held) {
      socket.close();
    }
    good.stop(0);
  }

  private static String webhook(String name, int port) {
    return "{\"type\":\"webhook\",\"name\":\"%s\",\"url\":\"http://127.0.0.1:%d/\"}"
        .formatted(name, port);
  }

  private Notifiers notifiers(Duration answer) throws IOException {
    Path config =
        Files.writeString(
            home.resolve("servers.json"),
            "{\"mcpServers\":{},\"planaria\":{\"notifiers\":["
                + webhook("mute", mute.getLocalPort())
                + ","
                + webhook("good", good.getAddress().getPort())
                + "]}}");
    var board =
        new AlertBoard(
            new StandingFile(home.resolve("alerts.json"), new Patience(), log),
            Thresholds.DEFAULT,
            now::get,
            log,
            List.of());
    var notifiers =
        new Notifiers(
            config,
            Map.of(),
            board,
            new HttpPoster(answer, answer.plusSeconds(5)),
            new Notifiers.Surroundings(now::get, Thread::startVirtualThread),
            log);
    notifiers.runOnce();
    var away = new Readings.Away(Subject.server("1", "alpha", "db"), 0, "connection refused");
    board.take(ReadingsBuilder.quiet().away(List.of(away)).build());
    return notifiers;
  }

  @Test
  void it_is_given_up_and_tried_again_and_the_other_is_told_at_once() throws Exception {
    Notifiers notifiers = notifiers(SHORT);
    notifiers.runOnce();
    assertThat(told.poll(60, TimeUnit.SECONDS)).contains("CONNECTION_LOST");
    int hits = 0;
    while (hits < 3) {
      notifiers.runOnce();
      now.addAndGet(1_000);
      Socket socket = taken.poll(50, TimeUnit.MILLISECONDS);
      if (socket != null) {
        hits++;
        held.add(socket);
      }
    }
    System.out.println("a receiver that hangs: hits " + hits);
    assertThat(log.warnings()).singleElement().asString().contains("mute cannot be reached");
    assertThat(told).as("once").isEmpty();
  }

  @Test
  void without_a_limit_it_would_be_waited_for_while_the_other_is_told_all_the_same()
      throws Exception {
    Notifiers notifiers = notifiers(LONG);
    notifiers.runOnce();
    assertThat(told.poll(60, TimeUnit.SECONDS)).contains("CONNECTION_LOST");
    Socket only = taken.poll(60, TimeUnit.SECONDS);
    assertThat(only).isNotNull();
    held.add(only);
    for (int turn = 0; turn < 100; turn++) {
      now.addAndGet(1_000);
      notifiers.runOnce();
    }
    assertThat(taken).as("nobody gave up, so nobody tried again").isEmpty();
    assertThat(log.warnings()).isEmpty();
  }
}

package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.app.gateway.connections.ConnectionMachine;
import dev.planaria.app.gateway.connections.ConnectionSettings;
import dev.planaria.app.gateway.connections.Connections;
import dev.planaria.app.gateway.connections.RelaySettings;
import dev.planaria.chaos.link.LinkFault;
import dev.planaria.engine.state.CallStatus;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.ConnectionStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of calls, in real time, while the link to a server over HTTP does what links do.
class LinkFaultsTest {
  private static final int CALLS = 6;
  private static final int SERVERS = 200;
  private static final long DEADLINE_SECONDS = 90;

  /// As in the product, but a quiet server is asked after 2 s and given 8 s to answer.
  private static final ConnectionSettings SETTINGS =
      new ConnectionSettings(
          3, 1_000, 5, 1_000, 60_000, 300_000, 2_000, 8_000, 1_000, 10_000, 75_000, 300_000, 10);

  @TempDir Path directory;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private TestWorker worker;

  @BeforeEach
  void begin() {
    worker =
        TestWorker.on(directory, new Connections.Terms(RelaySettings.DEFAULT, SETTINGS, 10_000));
  }

  @AfterEach
  void end() throws Exception {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    worker.close();
  }

  /// A fault, and what it leads to.
  ///
  /// @param breaks true when the conversation does not survive it
  private record Case(String name, LinkFault fault, boolean breaks) {}

  /// The server hears everything, and is heard no more.
  private static final Case CUT = new Case("cut", new LinkFault.CutAfter(40), true);

  private static Case answer(String name, String status, String head, String body) {
    return new Case(
        name,
        new LinkFault.Answer(
            "HTTP/1.1 " + status + "\r\n" + head + "Connection: close\r\n\r\n" + body),
        true);
  }

  private static List<Case> cases() {
    String stream = "Content-Type: text/event-stream\r\n";
    return List.of(
        new Case("drop", new LinkFault.Drop(), true),
        new Case("reset", new LinkFault.Reset(), true),
        new Case("half-open", new LinkFault.Silence(), true),
        CUT,
        new Case("delay", new LinkFault.Delay(5_000), false),
        new Case("bytes", new LinkFault.Bytes(), false),
        new Case("garbage", new LinkFault.Answer("SSH-2.0-OpenSSH\r\n"), true),
        answer("truncated", "200 OK", stream, "data: {\"jsonrpc\":\"2.0\",\"id\":2,"),
        answer("type", "200 OK", "Content-Type: text/html\r\n", "<p>Welcome"),
        answer("401", "401 No", "Content-Length: 0\r\n", ""),
        answer("404", "404 No", "Content-Length: 0\r\n", ""),
        answer("429", "429 No", "Content-Length: 0\r\nRetry-After: 2\r\n", ""),
        answer("500", "500 Oh", "Content-Length: 0\r\n", ""),
        answer("503", "503 Oh", "Content-Length: 0\r\n", ""));
  }

  @Test
  void after_every_fault_each_call_has_run_once_and_in_order_or_is_accounted_for()
      throws Exception {
    var running = new ArrayList<Future<String>>();
    for (Case each : cases()) {
      Callable<String> drive = () -> drive(worker, each, "{}");
      running.add(threads.submit(drive));
    }
    for (Future<String> future : running) {
      System.out.println(future.get(DEADLINE_SECONDS, TimeUnit.SECONDS));
    }
    assertThat(worker.isServing()).isTrue();
  }

  @Test
  void a_network_that_fails_does_not_cost_the_session_at_the_server() throws Exception {
    try (var server = FaultyPlace.Server.start(directory.resolve("once"))) {
      var place = new FaultyPlace(worker, server, "once");
      place.begin("{}");
      server.link().set(CUT.fault());
      server.link().cutAll();
      place.call(0);
      place.awaitNotSent(0);
      place.awaitStatus(ConnectionStatus.EXPONENTIAL_BACKOFF);
      server.link().thaw();
      server.link().cutAll();
      place.awaitEnded(1);
      place.call(1);
      place.awaitEnded(2);
      place.awaitConnected();
      assertThat(place.ends()).last().isEqualTo(CallStatus.COMPLETED);
      assertThat(server.echo().seen())
          .noneMatch(seen -> seen.startsWith("DELETE"))
          .anyMatch(seen -> seen.contains("=session-1"))
          .noneMatch(seen -> seen.contains("=session-2"));
    }
  }

  @Test
  void a_call_that_runs_twice_turns_this_red() {
    assertThatThrownBy(() -> drive(worker, CUT, "{\"idempotent\":[\"effect\"]}"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("duplicate");
  }

  @Test
  void attempts_that_do_not_wait_turn_this_red() {
    var hasty =
        new ConnectionSettings(
            3, 1, 5, 100, 60_000, 300_000, 2_000, 8_000, 1, 10_000, 75_000, 300_000, 10);
    Path elsewhere = directory.resolve("hasty");
    assertThat(elsewhere.toFile().mkdir()).isTrue();
    try (var other =
        TestWorker.on(elsewhere, new Connections.Terms(RelaySettings.DEFAULT, hasty, 10_000))) {
      assertThatThrownBy(() -> drive(other, CUT, "{}"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("greater than or equal to");
    }
  }

  private String drive(TestWorker worker, Case faulty, String planaria) throws Exception {
    try (var server = FaultyPlace.Server.start(directory.resolve("effects-" + faulty.name()))) {
      var place = new FaultyPlace(worker, server, faulty.name());
      place.begin(planaria);
      boolean silent = faulty.fault() instanceof LinkFault.Silence;
      if (silent) {
        server.link().freeze();
        place.awaitStatus(ConnectionStatus.HEARTBEAT_TIMEOUT);
      } else {
        server.link().set(faulty.fault());
        server.link().cutAll();
      }
      place.call(0);
      if (faulty.breaks()) {
        place.awaitNotSent(0);
      }
      for (int number = 1; number < CALLS; number++) {
        place.call(number);
      }
      place.awaitHits(1);
      if (!faulty.breaks()) {
        place.awaitEnded(CALLS);
      } else if (!silent) { // an attempt under silence takes 30 s
        place.awaitStatus(ConnectionStatus.EXPONENTIAL_BACKOFF);
      }
      server.link().thaw();
      server.link().cutAll();
      place.awaitEnded(CALLS);
      place.call(CALLS);
      place.awaitEnded(CALLS + 1);
      place.awaitConnected();
      return judged(place, faulty);
    }
  }

  private static String judged(FaultyPlace place, Case faulty) throws Exception {
    List<CallStatus> ends = place.ends();
    List<Integer> ran = place.ran();
    var reasons = place.history().stream().map(each -> each.standing().reason()).distinct();
    var description = faulty + ": " + ends + ", ran " + ran + ", because " + reasons.toList();
    assertThat(ran).as(description).doesNotHaveDuplicates();
    List<Integer> queued = place.queued();
    assertThat(ran.stream().filter(queued::contains).toList()).as(description).isSorted();
    assertThat(queued.size() >= CALLS - 1).as(description).isEqualTo(faulty.breaks());
    for (int number = 0; number < ends.size(); number++) {
      switch (ends.get(number)) {
        case COMPLETED -> assertThat(ran).as(description).contains(number);
        case UNKNOWN -> assertThat(faulty.breaks()).as(description).isTrue();
        case CANCELLED, EXPIRED, FAILED, ACCEPTED, QUEUED, SENT ->
            throw new AssertionError("call " + number + " of " + description);
      }
    }
    long unknown = ends.stream().filter(CallStatus.UNKNOWN::equals).count();
    assertThat(ends.getLast()).as(description).isEqualTo(CallStatus.COMPLETED);
    place.requireAnswers();
    List<Connection> history = place.history();
    requireLegal(history, description);
    long attempts = requireGaps(history, description);
    List<ConnectionStatus> path = path(history);
    assertThat(path.size() > 3).as(description + path).isEqualTo(faulty.breaks());
    return "%-10s hits %3d, attempts %2d, queued %d, unknown %d of %d, path %s"
        .formatted(
            faulty.name(),
            place.link().hits(),
            attempts,
            queued.size(),
            unknown,
            ends.size(),
            path);
  }

  @Test
  void many_servers_that_are_away_at_once_are_not_stormed() throws Exception {
    try (var server = FaultyPlace.Server.start(directory.resolve("effects"))) {
      var places = new ArrayList<FaultyPlace>();
      for (int number = 0; number < SERVERS; number++) {
        var place = new FaultyPlace(worker, server, "many" + number);
        place.begin("{}");
        places.add(place);
      }
      server.link().set(new LinkFault.Reset());
      server.link().cutAll();
      for (FaultyPlace place : places) {
        place.call(0);
        place.awaitNotSent(0);
        place.call(1);
      }
      for (FaultyPlace place : places) {
        place.awaitStatus(ConnectionStatus.EXPONENTIAL_BACKOFF);
      }
      server.link().thaw();
      long attempts = 0;
      for (FaultyPlace place : places) {
        place.awaitEnded(2);
        place.call(2);
        place.awaitEnded(3);
        place.awaitConnected();
        assertThat(place.ends().subList(1, 3)).containsOnly(CallStatus.COMPLETED);
        assertThat(place.ran()).doesNotHaveDuplicates().contains(1, 2).isSorted();
        place.requireAnswers();
        attempts += requireGaps(place.history(), "many");
      }
      System.out.println(
          SERVERS
              + " servers away at once: "
              + server.link().hits()
              + " connections in vain, "
              + attempts
              + " attempts; all came back");
    }
  }

  private static List<ConnectionStatus> path(List<Connection> history) {
    var path = new ArrayList<ConnectionStatus>();
    for (Connection each : history) {
      if (path.isEmpty() || path.getLast() != each.status()) {
        path.add(each.status());
      }
    }
    return path;
  }

  private static void requireLegal(List<Connection> history, String description) {
    List<ConnectionStatus> path = path(history);
    for (int i = 1; i < path.size(); i++) {
      assertThat(ConnectionMachine.next(path.get(i - 1)))
          .as(description + ": " + path)
          .contains(path.get(i));
    }
    assertThat(path.getLast()).as(description).isEqualTo(ConnectionStatus.CONNECTED);
  }

  /// No two attempts begin within a second.
  private static long requireGaps(List<Connection> history, String description) {
    long attempts = 0;
    long last = Long.MIN_VALUE;
    int before = 0;
    for (Connection each : history) {
      int now = each.standing().attempts();
      boolean begun = now > before || (now > 0 && now < before);
      if (begun && last != Long.MIN_VALUE) {
        assertThat(each.updatedAtMillis() - last)
            .as(description)
            .isGreaterThanOrEqualTo(SETTINGS.attemptGapMillis());
      }
      if (begun) {
        attempts++;
        last = each.updatedAtMillis();
      }
      before = now;
    }
    return attempts;
  }
}

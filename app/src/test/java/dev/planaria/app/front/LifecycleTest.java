package dev.planaria.app.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.daemon.DaemonFile;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A daemon's life: start, change, hang, stop, sudden death, and the next start after it.
class LifecycleTest {

  @TempDir Path scratch;

  private FrontProcess start(String... settings) throws IOException {
    return FrontProcess.start(scratch.resolve("d"), settings);
  }

  @Test
  void a_daemon_says_in_one_line_that_it_is_ready_and_in_a_file_who_it_is() throws Exception {
    try (var front = start()) {
      assertThat(front.firstLine()).isEqualTo("planaria ready http://127.0.0.1:" + front.port());
      assertThat(FrontProcess.eventually(() -> Files.exists(front.data().resolve("daemon.json"))))
          .isTrue();
      var file = front.daemonFile();
      assertThat(file.front().pid()).isEqualTo(front.process().pid());
      assertThat(file.worker().pid()).isEqualTo(front.workerPid());
      assertThat(file.url()).isEqualTo("http://127.0.0.1:" + front.port());
      assertThat(file.token()).isEqualTo(front.token()).hasSize(43);
      assertThat(file.isRunning()).isTrue();
      assertThat(file.toString()).doesNotContain(file.token());
      for (var name : List.of("daemon.json", "operator.token", "front.lock", "logs/front.log")) {
        assertThat(mode(front.data().resolve(name))).as(name).isEqualTo("rw-------");
      }
      assertThat(mode(front.data())).isEqualTo("rwx------");
      assertThat(mode(front.data().resolve("logs"))).isEqualTo("rwx------");
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void a_stop_by_signal_drains_and_leaves_nothing_behind() throws Exception {
    try (var front = start();
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var worker = ProcessHandle.of(front.workerPid()).orElseThrow();
      var slow = clients.submit(() -> front.get("/call?ms=500&key=slow"));
      assertThat(FrontProcess.eventually(() -> isBusy(front))).isTrue();
      assertThat(front.stop()).isZero();
      assertThat(slow.get().body()).contains("\"key\":\"slow\"");
      assertThat(worker.isAlive()).isFalse();
      assertThat(front.noted("drain")).isEqualTo(1);
      assertThat(namesIn(front.data()))
          .containsExactlyInAnyOrder("front.lock", "operator.token", "logs", "ledger");
    }
  }

  private static boolean isBusy(FrontProcess front) {
    try (var client = front.connect()) {
      client.send("GET /busy HTTP/1.1\r\nHost: x\r\n\r\n");
      return client.readReply().body().startsWith("2");
    } catch (IOException e) {
      return false;
    }
  }

  private static List<String> namesIn(Path directory) throws IOException {
    try (var names = Files.list(directory)) {
      return names.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Test
  void the_operator_can_ask_change_and_stop_and_nobody_else() throws Exception {
    try (var front = start()) {
      var status = front.status();
      assertThat(FrontJson.string(status, "state", "")).isEqualTo("ready");
      assertThat(FrontJson.number(status, "frontPid", 0)).isEqualTo(front.process().pid());
      assertThat(status.get("crashes")).isEqualTo(JsonArray.EMPTY);

      var host = "Host: localhost\r\n";
      var token = "Authorization: Bearer " + front.token() + "\r\n";
      assertThat(ask(front, "GET", "", host)).isEqualTo(401);
      assertThat(ask(front, "GET", "", host + "Authorization: Bearer x\r\n")).isEqualTo(401);
      assertThat(ask(front, "GET", "", "Host: evil\r\n" + token)).isEqualTo(403);
      assertThat(ask(front, "GET", "", "Host: localhost:1\r\n" + token)).isEqualTo(403);
      assertThat(ask(front, "GET", "", host + token + "Origin: null\r\n")).isEqualTo(403);
      assertThat(ask(front, "GET", "", host + token + "Origin: http://localhost.evil.com\r\n"))
          .isEqualTo(403);
      var own = "Origin: http://localhost:" + front.port() + "\r\n";
      assertThat(ask(front, "GET", "", host + token + own)).isEqualTo(200);
      assertThat(ask(front, "POST", "", host + token)).isEqualTo(405);
      assertThat(ask(front, "GET", "/stop", host + token)).isEqualTo(405);
      assertThat(front.process().isAlive()).isTrue();
      assertThat(ask(front, "POST", "/stop", host + token)).isEqualTo(202);
      assertThat(front.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(front.process().exitValue()).isZero();
      assertThat(DaemonFile.read(front.data())).isEmpty();
    }
  }

  private static int ask(FrontProcess front, String method, String action, String headers)
      throws IOException {
    try (var client = front.connect()) {
      client.send(method + " /api/v1/daemon" + action + " HTTP/1.1\r\n" + headers + "\r\n");
      return client.readReply().status();
    }
  }

  @Test
  void no_client_notices_a_planned_change_of_the_worker() throws Exception {
    try (var front = start();
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = new AtomicBoolean();
      var calls = new AtomicInteger();
      var callers = new ArrayList<Future<?>>();
      for (var i = 0; i < 6; i++) {
        callers.add(clients.submit(() -> callUntil(front, done, calls)));
      }
      var stream = front.connect();
      stream.send("GET /listen HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(stream.readHead().status()).isEqualTo(200);
      for (var i = 0; i < 3; i++) {
        var soFar = calls.get();
        assertThat(FrontProcess.eventually(() -> calls.get() > soFar + 20)).isTrue();
        var before = front.workerPid();
        assertThat(replace(front, "").status()).isEqualTo(200);
        assertThat(front.workerPid()).isNotEqualTo(before);
        var now = ": worker " + front.workerPid() + "\n\n";
        while (!stream.readChunk().equals(now)) {
          // Comments of the worker before.
        }
      }
      done.set(true);
      for (var caller : callers) {
        assertThat(caller).succeedsWithin(Duration.ofSeconds(20));
      }
      System.out.println(calls + " calls over 3 planned changes");
      assertThat(front.status().get("crashes")).isEqualTo(JsonArray.EMPTY);
      assertThat(front.noted("drain")).isEqualTo(3);
      stream.close();
    }
  }

  private static @Nullable Void callUntil(
      FrontProcess front, AtomicBoolean done, AtomicInteger calls) throws IOException {
    while (!done.get()) {
      try (var client = front.connect()) {
        client.send(Promises.request("/call?ms=20&key=k"));
        assertThat(client.readReply().body()).contains("\"key\":\"k\"");
        client.send(Promises.request("/stream?ms=20&key=k"));
        assertThat(Promises.ids(client.readReply().body()))
            .containsExactly("0", "1", "2", "3", "4");
      }
      calls.addAndGet(2);
    }
    return null;
  }

  private static RawClient.Reply replace(FrontProcess front, String body) throws IOException {
    try (var client = front.connect()) {
      client.send(
          "POST /api/v1/daemon/replace HTTP/1.1\r\n"
              + front.operatorHeaders()
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      return client.readReply();
    }
  }

  @Test
  void a_change_to_a_worker_that_does_not_start_is_taken_back() throws Exception {
    try (var front = start()) {
      var reply = replace(front, "{\"flags\":[\"-XX:NoSuchFlag\"]}");
      assertThat(reply.status()).isEqualTo(409);
      assertThat(reply.body()).contains("the former command is back");
      assertThat(front.get("/fast").status()).isEqualTo(200);
      assertThat(replace(front, "{\"flags\":[1]}").status()).isEqualTo(400);
      assertThat(replace(front, "{").status()).isEqualTo(400);
      assertThat(replace(front, "{\"flags\":[\"-Xmx48m\"]}").status()).isEqualTo(200);
      // The handle of a process shows no arguments when they are longer than a page.
      assertThat(Files.readString(Path.of("/proc/" + front.workerPid() + "/cmdline")).split("\0"))
          .contains("-Xmx48m");
    }
  }

  @Test
  void a_worker_that_hangs_is_noticed_killed_and_replaced_while_its_clients_wait()
      throws Exception {
    try (var front = start("silenceMillis=1000");
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var before = front.workerPid();
      assertThat(FrontProcess.victims(before).stop()).isEqualTo(1);
      var began = System.nanoTime();
      var reply = clients.submit(() -> front.get("/call?ms=1&key=hang"));
      assertThat(reply.get().body()).contains("\"key\":\"hang\"");
      var millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      System.out.println("answered " + millis + " ms after the worker was stopped");
      assertThat(front.workerPid()).isNotEqualTo(before);
      var crash = onlyCrash(front);
      assertThat(FrontJson.string(crash, "type", "")).isEqualTo("PROCESS_HANG");
      assertThat(FrontJson.string(crash, "lastKnownState", "")).isEqualTo("fake");
    }
  }

  private static JsonObject onlyCrash(FrontProcess front) throws Exception {
    if (front.status().get("crashes") instanceof JsonArray(var crashes)
        && crashes.size() == 1
        && crashes.getFirst() instanceof JsonObject crash) {
      return crash;
    }
    throw new AssertionError("not one crash: " + front.status());
  }

  @Test
  void the_next_worker_is_told_of_the_crash() throws Exception {
    try (var front = start()) {
      front.killWorker();
      assertThat(front.get("/fast").status()).isEqualTo(200);
      assertThat(FrontJson.string(onlyCrash(front), "type", "")).isEqualTo("PROCESS_CRASH");
      // Java itself tells no arguments of a process whose command line is longer than a page.
      var line = Files.readString(Path.of("/proc/" + front.workerPid() + "/cmdline"));
      var arguments = List.of(line.split("\0", -1));
      assertThat(arguments).contains("--crash");
      assertThat(arguments).contains(FrontJson.write(onlyCrash(front)));
    }
  }

  @Test
  void what_a_killed_worker_leaves_behind_is_ended_before_the_next_one_starts() throws Exception {
    try (var front = start()) {
      assertThat(FrontProcess.eventually(() -> isSubreaper(front))).isTrue();
      var child = Long.parseLong(front.get("/children").body());
      assertThat(ProcessHandle.of(child)).isPresent();
      front.killWorker();
      assertThat(front.get("/fast").status()).isEqualTo(200);
      assertThat(Files.exists(Path.of("/proc/" + child))).as("not even a zombie").isFalse();
      assertThat(front.log()).contains("ended process " + child);
    }
  }

  /// The kernel does not say; a child of a dead child that comes to the front does.
  private static boolean isSubreaper(FrontProcess front) {
    try {
      return front.log().contains("orphans come to this process");
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void a_second_daemon_on_the_same_directory_is_refused_and_told_of_the_first() throws Exception {
    try (var first = start();
        var second = start("port=0")) {
      assertThat(second.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(second.process().exitValue()).isEqualTo(6);
      assertThat(second.errors())
          .contains("process " + first.process().pid())
          .contains("http://127.0.0.1:" + first.port());
      assertThat(first.get("/fast").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"front", "both"})
  void after_a_sudden_death_the_next_daemon_takes_over_port_and_directory(String who)
      throws Exception {
    var first = start();
    assertThat(FrontProcess.eventually(() -> Files.exists(first.data().resolve("daemon.json"))))
        .isTrue();
    var port = first.port();
    var token = first.token();
    var worker = first.workerPid();
    var front = first.process().pid();
    var victims =
        who.equals("both") ? FrontProcess.victims(front, worker) : FrontProcess.victims(front);
    assertThat(victims.kill()).isEqualTo(victims.processes().size());
    try (var second = start("port=" + port)) {
      assertThat(second.port()).isEqualTo(port);
      assertThat(second.token()).isEqualTo(token);
      assertThat(second.get("/fast").status()).isEqualTo(200);
      assertThat(ProcessHandle.of(worker).filter(ProcessHandle::isAlive)).isEmpty();
    }
  }

  @Test
  void a_port_that_is_taken_is_refused_with_its_holder_and_nothing_is_left() throws Exception {
    try (var holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var front = start("port=" + holder.getLocalPort())) {
      assertThat(front.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(front.process().exitValue()).isEqualTo(6);
      assertThat(front.errors())
          .contains("port " + holder.getLocalPort() + " is taken by process ")
          .contains("process " + ProcessHandle.current().pid())
          .contains("--port");
      assertThat(DaemonFile.read(front.data())).isEmpty();
    }
  }

  @Test
  void a_worker_that_never_comes_up_is_reported_and_not_tried_for_ever() throws Exception {
    try (var front = start("neverReady=1")) {
      assertThat(front.firstLine()).isEmpty();
      assertThat(front.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(front.process().exitValue()).isEqualTo(1);
      assertThat(front.errors())
          .contains("the worker did not become ready")
          .contains("worker.stderr");
    }
  }

  @Test
  void an_address_that_other_machines_reach_needs_consent() throws Exception {
    try (var front = start("host=0.0.0.0")) {
      assertThat(front.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(front.errors()).contains("--allow-remote");
    }
    try (var front = start("host=0.0.0.0", "allowRemote=1")) {
      assertThat(front.get("/fast").status()).isEqualTo(200);
    }
  }

  @Test
  void a_directory_with_a_long_name_works_too_and_its_sockets_are_cleaned_up() throws Exception {
    var deep = Files.createDirectories(scratch.resolve("x".repeat(100)));
    var sockets = "";
    try (var front = FrontProcess.start(deep.resolve("d"))) {
      assertThat(front.get("/fast").status()).isEqualTo(200);
      assertThat(FrontProcess.eventually(() -> Files.exists(front.data().resolve("daemon.json"))))
          .isTrue();
      sockets = front.daemonFile().socketDirectory();
      assertThat(mode(Path.of(sockets))).isEqualTo("rwx------");
    }
    assertThat(Path.of(sockets)).doesNotExist();
  }

  @Test
  void while_no_worker_is_ready_requests_wait_and_then_hear_why() throws Exception {
    try (var front = start("workerWaitMillis=300", "silenceMillis=60000", "drainMillis=60000")) {
      assertThat(front.get("/readyz").status()).isEqualTo(200);
      var worker = FrontProcess.victims(front.workerPid());
      assertThat(worker.stop()).isEqualTo(1);
      try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
        var change = clients.submit(() -> replace(front, ""));
        assertThat(FrontProcess.eventually(() -> !front.isReady())).isTrue();
        var reply = front.get("/fast");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.headers()).containsKey("retry-after");
        assertThat(reply.body()).contains("no worker is ready: the worker is being changed");
        var probe = front.get("/readyz");
        assertThat(probe.status()).isEqualTo(503);
        assertThat(probe.body()).contains("the worker is being changed");
        assertThat(front.get("/livez").status()).isEqualTo(200);
        worker.goOn();
        assertThat(change.get().status()).isEqualTo(200);
        assertThat(front.get("/fast").status()).isEqualTo(200);
      }
    }
  }
}

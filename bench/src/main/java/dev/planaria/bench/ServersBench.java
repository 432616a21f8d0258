package dev.planaria.bench;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/// How many servers and sessions one daemon holds, and what each costs it: sessions that share one
/// server, sessions with a child of their own each, and the time until all of these answer again
/// after the worker was killed. Memory is what is resident, after a collection that nobody asked
/// for: an upper bound.
///
/// `bench/run ServersBench LAUNCHER [DIRECTORY [SESSIONS [CHILDREN]]]`, with Node.js in the PATH.
public final class ServersBench {
  private static final int CALLERS = 16;

  private ServersBench() {}

  /// Runs it and prints what was measured.
  ///
  /// @param args the launcher, where to work, how many sessions share a server, how many have one
  public static void main(String[] args) throws Exception {
    Path parent = Path.of(args.length > 1 ? args[1] : System.getProperty("java.io.tmpdir"));
    int sessions = args.length > 2 ? Integer.parseInt(args[2]) : 500;
    int children = args.length > 3 ? Integer.parseInt(args[3]) : 200;
    Path work = Files.createTempDirectory(parent, "planaria-bench");
    try (var processes = new BenchProcesses(work)) {
      Path small = Path.of("bench/gateways/small.mjs").toAbsolutePath();
      Path config = work.resolve("servers.json");
      Files.writeString(
          config,
          """
          {"mcpServers": {
            "shared": {"command": "node", "args": ["%1$s"],
                       "planaria": {"scope": "shared", "trust_hints": true}},
            "own": {"command": "node", "args": ["%1$s"], "planaria": {"trust_hints": true}}}}
          """
              .formatted(small));
      int port = processes.startDaemon(Path.of(args[0]), config);
      var daemon = new Daemon(work.resolve("data"), port);
      daemon.call("first", "shared");
      long before = daemon.workerKilobytes();
      report("sessions on one shared server", sessions, daemon, i -> "/s/s" + i + "/u/shared/mcp");
      long shared = daemon.workerKilobytes();
      report("sessions with a child each", children, daemon, i -> "/s/c" + i + "/u/own/mcp");
      long own = daemon.workerKilobytes();
      System.out.printf(
          "worker resident: %d MiB before, %.0f KiB more per session, %.0f KiB more per child%n",
          before >> 10, (double) (shared - before) / sessions, (double) (own - shared) / children);
      System.out.printf("front resident: %d MiB%n", daemon.kilobytes("frontPid") >> 10);
      long killed = System.nanoTime();
      ProcessHandle.of(daemon.pid("pid")).orElseThrow().destroyForcibly();
      drive(children, daemon, i -> "/s/c" + i + "/u/own/mcp");
      System.out.printf(
          "worker killed: all %d children answer again after %.1f s%n",
          children, (System.nanoTime() - killed) / 1e9);
    }
  }

  private static void report(String what, int count, Daemon daemon, IntFunction<String> path)
      throws Exception {
    long begin = System.nanoTime();
    drive(count, daemon, path);
    System.out.printf(
        "%d %s: all answered after %.1f s%n", count, what, (System.nanoTime() - begin) / 1e9);
  }

  private static void drive(int count, Daemon daemon, IntFunction<String> path) throws Exception {
    var next = new AtomicInteger();
    var callers = new ArrayList<Future<?>>();
    try (var threads = Executors.newFixedThreadPool(CALLERS)) {
      for (int i = 0; i < CALLERS; i++) {
        callers.add(
            threads.submit(() -> {
              for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                daemon.callAt(path.apply(n));
              }
              return null;
            }));
      }
    }
    for (Future<?> caller : callers) {
      caller.get();
    }
  }

  /// A running daemon.
  private record Daemon(Path data, int port) {
    void call(String session, String server) throws IOException {
      callAt("/s/" + session + "/u/" + server + "/mcp");
    }

    /// Begins as a new client, and calls once.
    void callAt(String path) throws IOException {
      String token = Files.readString(data.resolve("operator.token")).strip();
      var server = McpServerAddress.onLoopback(port, path, token);
      String session = server.initialize();
      try (var connection = new HttpConnection(server.socket())) {
        HttpConnection.Answer answer = connection.send(server.call(session, 1, "pid", "{}"));
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.status() != 200 || !body.contains("\"text\"") || body.contains("isError")) {
          throw new IOException(path + " answered " + answer.status() + " " + body);
        }
      }
    }

    /// @param which the member of `daemon.json`
    long pid(String which) throws IOException {
      JsonObject file =
          Json.parseObject(Files.readAllBytes(data.resolve("daemon.json")), JsonLimits.DEFAULT);
      return Long.parseLong(Json.write(Objects.requireNonNull(file.get(which))));
    }

    long workerKilobytes() throws IOException {
      return kilobytes("pid");
    }

    long kilobytes(String which) throws IOException {
      List<String> status = Files.readAllLines(Path.of("/proc/" + pid(which) + "/status"));
      return status.stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElseThrow();
    }
  }
}

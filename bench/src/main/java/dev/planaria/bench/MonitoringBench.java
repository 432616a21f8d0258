package dev.planaria.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// What it costs a daemon to be watched: calls through a daemon that keeps no figures and raises no
/// alerts (`PLANARIA_MONITORING=off`), through one that does and is scraped every 15 seconds, and
/// through that one while its dashboard is open on ten screens, in turns. Each pair has two fresh
/// daemons, since no two virtual machines compile alike.
///
/// `bench/run MonitoringBench LAUNCHER [DIRECTORY [PAIRS [SECONDS]]]`, with Node.js in the PATH.
public final class MonitoringBench {
  private static final int SCREENS = 10;
  private static final long SCRAPE_MILLIS = 15_000;

  /// Most of compiling is over after so long; what is left falls on all ways alike.
  private static final long WARMING_NANOS = TimeUnit.SECONDS.toNanos(8);

  private static final List<Load> LOADS =
      List.of(new Load("echo", 1), new Load("echo", 32), new Load("add", 1), new Load("add", 32));

  private MonitoringBench() {}

  /// What is called, by how many at a time.
  private record Load(String tool, int callers) {
    String arguments() {
      return tool.equals("echo") ? "{\"text\":\"" + "x".repeat(64) + "\"}" : "{\"n\":1}";
    }
  }

  /// What came of one run.
  ///
  /// @param cpuMicros processor time of the daemon, and of the server behind it, for a call
  private record Run(double perSecond, double p99Micros, double cpuMicros) {}

  private record Round(Load load, Run off, Run watched, Run screens) {}

  /// A running daemon with the echo server behind it.
  private record Daemon(Process process, int port, McpServerAddress server, String token) {
    /// Processor time of all its processes so far.
    Duration cpu() {
      return Stream.concat(Stream.of(process.toHandle()), process.descendants())
          .map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
          .reduce(Duration.ZERO, Duration::plus);
    }
  }

  /// Runs the rounds and prints a table.
  ///
  /// @param args the launcher, where to work, how many rounds, how many seconds each run
  public static void main(String[] args) throws Exception {
    Path parent = Path.of(args.length > 1 ? args[1] : System.getProperty("java.io.tmpdir"));
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    long nanos = TimeUnit.SECONDS.toNanos(args.length > 3 ? Long.parseLong(args[3]) : 5);
    var all = new ArrayList<Round>();
    for (int i = 0; i < rounds; i++) {
      Path work = Files.createTempDirectory(parent, "planaria-bench");
      try (var processes = new BenchProcesses(work)) {
        processes.install(Path.of("bench/gateways"));
        Daemon off = start(Path.of(args[0]), work, processes, "off");
        Daemon on = start(Path.of(args[0]), work, processes, "on");
        idle(off, on, nanos);
        for (Load load : LOADS) {
          all.add(round(load, off, on, i, nanos));
        }
      }
    }
    System.out.println(
        "calls  tool  watched/off (min..max)  screens/watched (min..max)"
            + "  processor of a call, us: off, watched, screens   p99 us: off, watched, screens");
    LOADS.forEach(load -> print(all.stream().filter(round -> round.load().equals(load)).toList()));
  }

  private static Daemon start(Path launcher, Path work, BenchProcesses processes, String monitoring)
      throws Exception {
    Path config = work.resolve("servers.json");
    Files.writeString(
        config,
        """
        {"mcpServers": {"stdio": {"command": "node", "args": ["%s", "--stdio"],
                                  "planaria": {"trust_hints": true}}}}
        """
            .formatted(work.resolve("echo.mjs")));
    int port = BenchProcesses.freePort();
    Path data = work.resolve("data-" + monitoring);
    Process process =
        processes.start(
            "planaria-" + monitoring,
            port,
            List.of(
                "env",
                "PLANARIA_MONITORING=" + monitoring,
                launcher.toAbsolutePath().toString(),
                "up",
                "--data",
                data.toString(),
                "--port",
                Integer.toString(port),
                "--config",
                config.toString()));
    String token = Files.readString(data.resolve("operator.token")).strip();
    var server = McpServerAddress.onLoopback(port, "/s/bench/u/stdio/mcp", token);
    var daemon = new Daemon(process, port, server, token);
    for (Load load : LOADS) {
      run(daemon, load, WARMING_NANOS / LOADS.size());
    }
    return daemon;
  }

  /// What each takes while nobody calls.
  private static void idle(Daemon off, Daemon on, long nanos) throws Exception {
    double seconds = 2 * nanos / 1e9;
    Duration offBefore = off.cpu();
    Duration onBefore = on.cpu();
    Thread.sleep(Duration.ofNanos(2 * nanos));
    System.out.printf(
        "idle: %.1f ms of processor time a second without monitoring, %.1f with%n",
        off.cpu().minus(offBefore).toMillis() / seconds,
        on.cpu().minus(onBefore).toMillis() / seconds);
  }

  private static Round round(Load load, Daemon off, Daemon on, int number, long nanos)
      throws Exception {
    // Whoever comes later finds larger stores and a warmer machine, so that they take turns.
    if (number % 2 == 0) {
      Run without = run(off, load, nanos);
      Run watched = watched(on, load, nanos);
      return new Round(load, without, watched, screens(on, load, nanos));
    }
    Run screens = screens(on, load, nanos);
    Run watched = watched(on, load, nanos);
    return new Round(load, run(off, load, nanos), watched, screens);
  }

  private static Run watched(Daemon daemon, Load load, long nanos) throws Exception {
    var end = new CountDownLatch(1);
    Thread scraper = Thread.ofPlatform().name("scraper").start(() -> scrape(daemon, end));
    try {
      return run(daemon, load, nanos);
    } finally {
      end.countDown();
      scraper.join();
    }
  }

  private static void scrape(Daemon daemon, CountDownLatch end) {
    byte[] request =
        "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(daemon.port(), daemon.token())
            .getBytes(StandardCharsets.ISO_8859_1);
    try (var connection =
        new HttpConnection(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()))) {
      do {
        HttpConnection.Answer answer = connection.send(request);
        if (answer.status() != 200) {
          throw new IOException("/metrics was answered with " + answer.status());
        }
      } while (!end.await(SCRAPE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Run screens(Daemon daemon, Load load, long nanos) throws Exception {
    var open = new ArrayList<Screen>();
    try {
      for (int i = 0; i < SCREENS; i++) {
        Screen.Page page = i % 2 == 0 ? Screen.Page.OVERVIEW : Screen.Page.SESSIONS;
        open.add(new Screen(daemon.port(), daemon.token(), page));
      }
      return watched(daemon, load, nanos);
    } finally {
      long asked = 0;
      for (Screen screen : open) {
        screen.close();
        asked += screen.asked();
      }
      System.out.println("ten screens asked for " + asked + " documents");
    }
  }

  private static Run run(Daemon daemon, Load load, long nanos) throws Exception {
    McpServerAddress server = daemon.server();
    String session = server.initialize();
    var ids = new AtomicInteger();
    Duration before = daemon.cpu();
    HttpLoad.Sample sample =
        HttpLoad.drive(
            server.socket(),
            load.callers(),
            nanos,
            _ -> server.call(session, ids.incrementAndGet(), load.tool(), load.arguments()));
    double cpuMicros = daemon.cpu().minus(before).toNanos() / 1e3 / ids.get();
    return new Run(sample.perSecond(), sample.microsAt(0.99), cpuMicros);
  }

  private static void print(List<Round> rounds) {
    Load load = rounds.getFirst().load();
    ToDoubleFunction<Round> watched =
        round -> round.watched().perSecond() / round.off().perSecond();
    ToDoubleFunction<Round> screens =
        round -> round.screens().perSecond() / round.watched().perSecond();
    System.out.printf(
        "%5d  %-4s  %.3f (%.3f..%.3f)  %.3f (%.3f..%.3f)  %.0f, %.0f, %.0f  %.0f, %.0f, %.0f%n",
        load.callers(),
        load.tool(),
        at(0.5, rounds, watched),
        at(0, rounds, watched),
        at(1, rounds, watched),
        at(0.5, rounds, screens),
        at(0, rounds, screens),
        at(1, rounds, screens),
        at(0.5, rounds, round -> round.off().cpuMicros()),
        at(0.5, rounds, round -> round.watched().cpuMicros()),
        at(0.5, rounds, round -> round.screens().cpuMicros()),
        at(0.5, rounds, round -> round.off().p99Micros()),
        at(0.5, rounds, round -> round.watched().p99Micros()),
        at(0.5, rounds, round -> round.screens().p99Micros()));
  }

  private static double at(double quantile, List<Round> rounds, ToDoubleFunction<Round> of) {
    double[] sorted = rounds.stream().mapToDouble(of).sorted().toArray();
    return sorted[(int) (quantile * (sorted.length - 1))];
  }
}

package dev.planaria.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/// What a gateway in front of a server costs: calls of one echo server, reached directly over HTTP
/// and through a gateway, in turns. The others are mcp-proxy and supergateway. Client, gateway and
/// server share the processors: only shares within one run mean something.
///
/// `bench/run GatewayBench LAUNCHER [DIRECTORY [PAIRS [SECONDS [PART]]]]`, with Node.js in the
/// PATH; only the gateways whose names hold PART are measured.
public final class GatewayBench {
  private static final List<Integer> CALLERS = List.of(1, 32);
  private static final String TEXT = "x".repeat(64);

  /// A daemon runs for days, and compilers are done after some twenty thousand calls.
  private static final long WARMING_NANOS = TimeUnit.SECONDS.toNanos(20);

  private GatewayBench() {}

  /// One way to the server.
  ///
  /// @param direct the same server without the gateway
  private record Way(String name, McpServerAddress direct, McpServerAddress through, String tool) {}

  /// A pair of runs, one after the other.
  private record Pair(HttpLoad.Sample direct, HttpLoad.Sample through) {
    double share() {
      return through.perSecond() / direct.perSecond();
    }

    double addedMillis(double quantile) {
      return (through.microsAt(quantile) - direct.microsAt(quantile)) / 1e3;
    }
  }

  /// Runs the pairs and prints a table.
  ///
  /// @param args the launcher, where to work, how many pairs, how many seconds each, part of a name
  public static void main(String[] args) throws Exception {
    Path parent = Path.of(args.length > 1 ? args[1] : System.getProperty("java.io.tmpdir"));
    int pairs = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    long nanos = TimeUnit.SECONDS.toNanos(args.length > 3 ? Long.parseLong(args[3]) : 3);
    String part = args.length > 4 ? args[4] : "";
    Path work = Files.createTempDirectory(parent, "planaria-bench");
    try (var processes = new BenchProcesses(work)) {
      processes.install(Path.of("bench/gateways"));
      System.out.println(
          "calls  gateway                          share (min..max)    added p50 ms  p99 ms "
              + " calls/s");
      List<Way> ways =
          ways(Path.of(args[0]), work, processes).stream()
              .filter(way -> way.name().contains(part))
              .toList();
      for (Way way : ways) {
        for (int callers : CALLERS) {
          measure(way, callers, pairs, nanos);
        }
      }
    }
  }

  private static List<Way> ways(Path launcher, Path work, BenchProcesses processes)
      throws Exception {
    String node = "node";
    String echo = work.resolve("echo.mjs").toString();
    String modules = work.resolve("node_modules").toString();
    int direct = BenchProcesses.freePort();
    processes.start("echo", direct, List.of(node, echo, "--http", Integer.toString(direct)));
    int proxy = BenchProcesses.freePort();
    processes.start(
        "mcp-proxy",
        proxy,
        List.of(
            node,
            modules + "/mcp-proxy/dist/bin/mcp-proxy.mjs",
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(proxy),
            "--server",
            "stream",
            "--",
            node,
            echo,
            "--stdio"));
    int superPort = BenchProcesses.freePort();
    processes.start(
        "supergateway",
        superPort,
        List.of(
            node,
            modules + "/supergateway/dist/index.js",
            "--stdio",
            node + " " + echo + " --stdio",
            "--outputTransport",
            "streamableHttp",
            "--stateful",
            "--port",
            Integer.toString(superPort),
            "--logLevel",
            "none"));
    McpServerAddress plain = McpServerAddress.onLoopback(direct, "/mcp", "");
    int daemon = planaria(launcher, work, processes, direct, echo);
    String token = Files.readString(work.resolve("data/operator.token")).strip();
    return List.of(
        new Way("mcp-proxy", plain, McpServerAddress.onLoopback(proxy, "/mcp", ""), "echo"),
        new Way("supergateway", plain, McpServerAddress.onLoopback(superPort, "/mcp", ""), "echo"),
        new Way("Planaria, stdio, read-only", plain, server(daemon, "stdio", token), "echo"),
        new Way("Planaria, stdio, durable", plain, server(daemon, "stdio", token), "add"),
        new Way("Planaria, HTTP, read-only", plain, server(daemon, "http", token), "echo"),
        new Way("Planaria, HTTP, durable", plain, server(daemon, "http", token), "add"));
  }

  private static McpServerAddress server(int daemon, String name, String token) {
    return McpServerAddress.onLoopback(daemon, "/s/bench/u/" + name + "/mcp", token);
  }

  private static int planaria(
      Path launcher, Path work, BenchProcesses processes, int direct, String echo)
      throws Exception {
    Path config = work.resolve("servers.json");
    Files.writeString(
        config,
        """
        {"mcpServers": {
          "stdio": {"command": "node", "args": ["%s", "--stdio"],
                    "planaria": {"trust_hints": true}},
          "http": {"type": "http", "url": "http://127.0.0.1:%d/mcp",
                   "planaria": {"trust_hints": true}}}}
        """
            .formatted(echo, direct));
    return processes.startDaemon(launcher, config);
  }

  private static void measure(Way way, int callers, int pairs, long nanos) throws Exception {
    run(way.direct(), way.tool(), callers, nanos);
    run(way.through(), way.tool(), callers, WARMING_NANOS);
    var measured = new ArrayList<Pair>();
    for (int i = 0; i < pairs; i++) {
      measured.add(
          new Pair(
              run(way.direct(), way.tool(), callers, nanos),
              run(way.through(), way.tool(), callers, nanos)));
    }
    System.out.printf(
        "%5d  %-31s  %5.2f (%.2f..%.2f)  %12.2f  %6.2f  %7.0f%n",
        callers,
        way.name(),
        at(0.5, measured, Pair::share),
        at(0, measured, Pair::share),
        at(1, measured, Pair::share),
        at(0.5, measured, pair -> pair.addedMillis(0.5)),
        at(0.5, measured, pair -> pair.addedMillis(0.99)),
        at(0.5, measured, pair -> pair.through().perSecond()));
  }

  private static double at(double quantile, List<Pair> pairs, ToDoubleFunction<Pair> of) {
    double[] sorted = pairs.stream().mapToDouble(of).sorted().toArray();
    return sorted[(int) (quantile * (sorted.length - 1))];
  }

  private static HttpLoad.Sample run(McpServerAddress to, String tool, int callers, long nanos)
      throws Exception {
    String session = to.initialize();
    var ids = new AtomicInteger();
    String arguments = tool.equals("echo") ? "{\"text\":\"" + TEXT + "\"}" : "{\"n\":1}";
    return HttpLoad.drive(
        to.socket(), callers, nanos, _ -> to.call(session, ids.incrementAndGet(), tool, arguments));
  }
}

package dev.planaria.bench;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What the session tools give over HTTP, in turns with Jetty answering a constant, and the same
/// requests sent to the worker's own socket, which shows what the front alone costs. Needs a
/// daemon: `bench/run HttpBench LAUNCHER [DIRECTORY [PAIRS [SECONDS]]]` starts one of its own.
public final class HttpBench {

  private static final List<Integer> CONNECTIONS = List.of(1, 32);

  private HttpBench() {}

  /// One way to be answered.
  private record Way(String name, SocketAddress to, String tool, String token) {

    byte[] request(int number) {
      String arguments =
          switch (tool) {
            case "memory_store" ->
                "{\"key\":\"k%d\",\"value\":\"%s\"}".formatted(number % 100, "v".repeat(100));
            case "memory_retrieve" -> "{\"key\":\"k0\"}";
            default -> throw new IllegalArgumentException(tool);
          };
      return HttpLoad.post(
          token,
          tool,
          """
          {"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"%s","arguments":%s,\
          "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
          "io.modelcontextprotocol/clientCapabilities":{}}}}\
          """
              .formatted(number + 1, tool, arguments));
    }
  }

  /// Runs the pairs and prints a table.
  ///
  /// @param args the launcher, where to work, how many pairs, how many seconds each
  public static void main(String[] args) throws Exception {
    Path parent = Path.of(args.length > 1 ? args[1] : System.getProperty("java.io.tmpdir"));
    int pairs = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    long nanos = TimeUnit.SECONDS.toNanos(args.length > 3 ? Long.parseLong(args[3]) : 3);
    Path data = Files.createTempDirectory(parent, "planaria-bench");
    Process constant = constantServer();
    Process daemon =
        new ProcessBuilder(args[0], "up", "--data", data.toString(), "--port", "0")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      int port = Integer.parseInt(firstLine(constant));
      String ready = firstLine(daemon);
      if (!ready.startsWith("planaria ready")) {
        throw new IOException("the daemon did not start: " + ready);
      }
      List<Way> ways = ways(data, port);
      System.out.println(
          "conn.  what                       requests/s (min..max)   share  p50 us  p99 us");
      for (int connections : CONNECTIONS) {
        measure(ways, connections, pairs, nanos);
      }
    } finally {
      daemon.destroy();
      constant.destroy();
      daemon.waitFor();
      delete(data);
    }
  }

  private static List<Way> ways(Path data, int constantPort) throws IOException {
    JsonObject file =
        Json.parseObject(Files.readAllBytes(data.resolve("daemon.json")), JsonLimits.DEFAULT);
    String token = text(file, "token");
    var front = loopback(URI.create(text(file, "url")).getPort());
    SocketAddress worker;
    try (var sockets = Files.newDirectoryStream(data, "*.sock")) {
      worker = UnixDomainSocketAddress.of(sockets.iterator().next());
    }
    return List.of(
        new Way("Jetty, a constant", loopback(constantPort), "memory_retrieve", token),
        new Way("memory_retrieve", front, "memory_retrieve", token),
        new Way("memory_retrieve, no front", worker, "memory_retrieve", token),
        new Way("memory_store", front, "memory_store", token),
        new Way("memory_store, no front", worker, "memory_store", token));
  }

  private static void measure(List<Way> ways, int connections, int pairs, long nanos)
      throws Exception {
    var series = ways.stream().map(way -> new Series(way, new ArrayList<>())).toList();
    for (Series warmingUp : series) {
      var _ = warmingUp.drive(connections, nanos);
    }
    for (int i = 0; i < pairs; i++) {
      for (Series measured : series) {
        measured.samples().add(measured.drive(connections, nanos));
      }
    }
    double ceiling = median(series.getFirst().samples()).perSecond();
    for (Series measured : series) {
      HttpLoad.Sample middle = median(measured.samples());
      System.out.printf(
          "%5d  %-25s  %8.0f (%.0f..%.0f)  %4.0f%%  %6.0f  %6.0f%n",
          connections,
          measured.way().name(),
          middle.perSecond(),
          measured.samples().getFirst().perSecond(),
          measured.samples().getLast().perSecond(),
          100 * middle.perSecond() / ceiling,
          middle.microsAt(0.5),
          middle.microsAt(0.99));
    }
  }

  /// What was measured of one way.
  private record Series(Way way, List<HttpLoad.Sample> samples) {

    HttpLoad.Sample drive(int connections, long nanos) throws Exception {
      return HttpLoad.drive(way.to(), connections, nanos, way::request);
    }
  }

  /// Sorts the samples by speed and gives the middle one.
  private static HttpLoad.Sample median(List<HttpLoad.Sample> samples) {
    samples.sort((a, b) -> Double.compare(a.perSecond(), b.perSecond()));
    return samples.get(samples.size() / 2);
  }

  private static Process constantServer() throws IOException {
    return new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            ConstantServer.class.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static String firstLine(Process process) throws IOException {
    var out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null) {
      throw new IOException("a server ended before it was ready");
    }
    return line;
  }

  private static SocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static String text(JsonObject file, String name) {
    return file.get(name) instanceof JsonString(var text) ? text : "";
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}

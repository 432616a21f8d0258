package dev.planaria.app.front;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Measures what the front costs: the same requests to the fake worker, through the front and
/// directly over the worker's socket, in turns. Run it by hand; it prints one line for each.
final class FrontOverhead {

  private static final byte[] REQUEST =
      """
      POST /fast HTTP/1.1
      Host: localhost
      Content-Type: application/json
      Accept: application/json, text/event-stream
      Authorization: Bearer 0123456789012345678901234567890123456789012
      Mcp-Session-Id: 0123456789abcdef0123456789abcdef
      MCP-Protocol-Version: 2025-11-25
      Content-Length: 150

      """
          .replace("\n", "\r\n")
          .concat("x".repeat(150))
          .getBytes(StandardCharsets.ISO_8859_1);

  private FrontOverhead() {}

  public static void main(String[] arguments) throws Exception {
    var seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 4;
    var rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
    var scratch = Files.createTempDirectory("front-overhead");
    try (var front = FrontProcess.start(scratch.resolve("d"))) {
      var through = new InetSocketAddress(InetAddress.getLoopbackAddress(), front.port());
      var directly = UnixDomainSocketAddress.of(workerSocket(front.data()));
      for (var connections : List.of(1, 32)) {
        measure("warm-up", through, connections, seconds);
        measure("warm-up", directly, connections, seconds);
        for (var round = 0; round < rounds; round++) {
          var before = cpuMillis(front);
          var line = measure("front ", through, connections, seconds);
          System.out.println(line + ", " + (cpuMillis(front) - before) + " ms of CPU in the front");
          System.out.println(measure("direct", directly, connections, seconds));
        }
      }
      System.out.println(
          "front resident " + FrontProcess.memoryKib(front.process().pid(), "VmRSS") + " KiB");
    }
  }

  private static long cpuMillis(FrontProcess front) {
    return front.process().info().totalCpuDuration().map(Duration::toMillis).orElse(0L);
  }

  private static Path workerSocket(Path data) throws IOException {
    try (var found = Files.newDirectoryStream(data, "worker-*.sock")) {
      return found.iterator().next();
    }
  }

  private static String measure(String name, SocketAddress to, int connections, int seconds)
      throws Exception {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    var callers = new ArrayList<Future<long[]>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < connections; i++) {
        callers.add(threads.submit(() -> call(to, end)));
      }
    }
    var all = new ArrayList<long[]>();
    for (var caller : callers) {
      all.add(caller.get());
    }
    var sorted = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    return "%s %2d connections: p50 %4d us, p99 %5d us, %6d requests/s"
        .formatted(
            name,
            connections,
            sorted[sorted.length / 2] / 1_000,
            sorted[(int) (sorted.length * 0.99)] / 1_000,
            sorted.length / seconds);
  }

  private static long[] call(SocketAddress to, long end) throws IOException {
    var took = new long[1 << 12];
    var count = 0;
    try (var channel = SocketChannel.open(to)) {
      if (to instanceof InetSocketAddress) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      var in = new BufferedInputStream(Channels.newInputStream(channel));
      var out = Channels.newOutputStream(channel);
      for (var start = System.nanoTime(); start < end; start = System.nanoTime()) {
        once(in, out);
        if (count == took.length) {
          took = Arrays.copyOf(took, count * 2);
        }
        took[count++] = System.nanoTime() - start;
      }
    }
    return Arrays.copyOf(took, count);
  }

  private static void once(InputStream in, OutputStream out) throws IOException {
    out.write(REQUEST);
    var matched = 0;
    for (var last = "{\"fast\":true}"; matched < last.length(); ) {
      var b = in.read();
      if (b < 0) {
        throw new IOException("the connection ended");
      }
      matched = b == last.charAt(matched) ? matched + 1 : b == '{' ? 1 : 0;
    }
  }
}

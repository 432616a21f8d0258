package dev.planaria.bench;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/// Sends requests over some connections, each as fast as the answers come, and measures.
final class HttpLoad {

  private HttpLoad() {}

  /// One measured run.
  @SuppressWarnings("ArrayRecordComponent")
  record Sample(double perSecond, long[] sortedNanos) {
    double microsAt(double quantile) {
      return sortedNanos[(int) (quantile * (sortedNanos.length - 1))] / 1e3;
    }
  }

  /// Drives a server.
  ///
  /// @param to where it listens: TCP or a Unix domain socket
  /// @param request the bytes of a connection's n-th request
  /// @throws IOException when any answer is not 200
  static Sample drive(SocketAddress to, int connections, long nanos, IntFunction<byte[]> request)
      throws Exception {
    long begin = System.nanoTime();
    var callers = new ArrayList<Future<long[]>>();
    try (var threads = Executors.newFixedThreadPool(connections)) {
      for (int i = 0; i < connections; i++) {
        callers.add(threads.submit(() -> call(to, begin + nanos, request)));
      }
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    var all = new ArrayList<long[]>();
    for (Future<long[]> caller : callers) {
      all.add(caller.get());
    }
    long[] sorted = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    return new Sample(sorted.length / seconds, sorted);
  }

  private static long[] call(SocketAddress to, long end, IntFunction<byte[]> request)
      throws IOException {
    long[] took = new long[1 << 12];
    int count = 0;
    try (var connection = new HttpConnection(to)) {
      for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
        HttpConnection.Answer answer = connection.send(request.apply(count));
        if (answer.status() != 200 || answer.body().length == 0) {
          throw new IOException("answered with " + answer.status());
        }
        if (count == took.length) {
          took = Arrays.copyOf(took, count * 2);
        }
        took[count++] = System.nanoTime() - start;
      }
    }
    return Arrays.copyOf(took, count);
  }

  /// A POST of JSON with the headers that an MCP client sends.
  static byte[] post(String token, String tool, String body) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    String head =
        """
        POST /mcp HTTP/1.1
        Host: localhost
        Content-Type: application/json
        Accept: application/json, text/event-stream
        Authorization: Bearer %s
        MCP-Protocol-Version: 2026-07-28
        Mcp-Method: tools/call
        Mcp-Name: %s
        Content-Length: %d

        """
            .formatted(token, tool, content.length)
            .replace("\n", "\r\n");
    byte[] headBytes = head.getBytes(StandardCharsets.ISO_8859_1);
    byte[] whole = Arrays.copyOf(headBytes, headBytes.length + content.length);
    System.arraycopy(content, 0, whole, headBytes.length, content.length);
    return whole;
  }
}

package dev.planaria.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// One connection that is kept open, and does nothing but what a measurement needs, so that it
/// takes as little of the processors as it can. Not thread-safe.
final class HttpConnection implements AutoCloseable {
  private final SocketChannel channel;
  private final InputStream in;
  private final OutputStream out;

  /// What came back.
  ///
  /// @param headers by their names in lower case
  @SuppressWarnings("ArrayRecordComponent") // read only
  record Answer(int status, Map<String, String> headers, byte[] body) {}

  /// @param to TCP or a Unix domain socket
  HttpConnection(SocketAddress to) throws IOException {
    channel = SocketChannel.open(to);
    if (to instanceof InetSocketAddress) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
    in = new BufferedInputStream(Channels.newInputStream(channel));
    out = Channels.newOutputStream(channel);
  }

  /// Sends a whole request and reads the whole answer.
  Answer send(byte[] request) throws IOException {
    out.write(request);
    String status = readLine();
    if (!status.startsWith("HTTP/1.1 ")) {
      throw new IOException("answered: " + status);
    }
    var headers = new HashMap<String, String>();
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Answer(Integer.parseInt(status.substring(9, 12)), headers, readBody(headers));
  }

  private byte[] readBody(Map<String, String> headers) throws IOException {
    String length = headers.get("content-length");
    if (length != null) {
      return in.readNBytes(Integer.parseInt(length));
    }
    var body = new ByteArrayOutputStream();
    if (!"chunked".equals(headers.get("transfer-encoding"))) {
      return body.toByteArray();
    }
    while (true) {
      int size = Integer.parseInt(readLine().strip(), 16);
      body.write(in.readNBytes(size));
      readLine();
      if (size == 0) {
        return body.toByteArray();
      }
    }
  }

  private String readLine() throws IOException {
    var line = new StringBuilder(64);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

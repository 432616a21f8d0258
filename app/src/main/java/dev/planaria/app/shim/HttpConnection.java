package dev.planaria.app.shim;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One HTTP/1.1 connection (RFC 9112) to a daemon: a request, its answer, and perhaps another
/// request. Used by one thread at a time; only [#close] is for all.
///
/// Of its own over a plain socket, because `java.net.http` would take more memory and time to start
/// than the rest of the shim.
final class HttpConnection implements Closeable {

  private static final int BUFFER_BYTES = 8 << 10;
  private static final int HEAD_BYTES = 64 << 10;

  private final Socket socket;
  private final ByteSource source;

  private HttpConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.source = new ByteSource(socket.getInputStream());
  }

  /// Connects.
  static HttpConnection open(String host, int port, int connectMillis) throws IOException {
    var socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(host, port), connectMillis);
      return new HttpConnection(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// How long one read may take; 0 is as long as it takes.
  void readWithin(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  /// Sends a request.
  ///
  /// @param headers whole lines, without line breaks
  /// @param body empty for none
  void send(String method, String path, List<String> headers, byte[] body) throws IOException {
    var head = new StringBuilder();
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    for (var header : headers) {
      head.append(header).append("\r\n");
    }
    if (method.equals("POST")) {
      head.append("Content-Type: application/json\r\nContent-Length: ");
      head.append(body.length).append("\r\n");
    }
    head.append("\r\n");
    var bytes = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    var whole = java.util.Arrays.copyOf(bytes, bytes.length + body.length);
    System.arraycopy(body, 0, whole, bytes.length, body.length);
    socket.getOutputStream().write(whole);
  }

  /// Reads the head of the answer; its body is read from the response.
  HttpResponse receive() throws IOException {
    while (true) {
      var response = HttpResponse.readHead(source, HEAD_BYTES);
      if (response.status() >= 200 || response.status() == 101) {
        return response;
      }
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing a socket is all that can be done with it", e);
    }
  }

  /// Bytes one by one, without the locks of the JDK's streams.
  static final class ByteSource {
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;

    ByteSource(InputStream in) {
      this.in = in;
    }

    /// The next byte, or -1 at the end.
    int read() throws IOException {
      return at < end || fill() ? buffer[at++] & 0xff : -1;
    }

    /// As [#read], but there must be one.
    int require() throws IOException {
      int b = read();
      if (b < 0) {
        throw new EOFException("the connection ended within an answer");
      }
      return b;
    }

    /// Copies what has arrived, waiting for at least one byte.
    ///
    /// @param toLineEnd whether to stop before the next CR or LF
    /// @return how many bytes; -1 at the end
    int copy(byte[] into, int from, int most, boolean toLineEnd) throws IOException {
      if (at >= end && !fill()) {
        return -1;
      }
      int last = Math.min(end, at + most);
      int to = at;
      if (toLineEnd) {
        while (to < last && buffer[to] != '\n' && buffer[to] != '\r') {
          to++;
        }
      } else {
        to = last;
      }
      int count = to - at;
      System.arraycopy(buffer, at, into, from, count);
      at = to;
      return count;
    }

    private boolean fill() throws IOException {
      at = 0;
      end = in.read(buffer, 0, buffer.length);
      return end > 0;
    }
  }
}

package dev.planaria.app.front;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// A client that sends exactly the bytes it is told to, and reads answers as they are framed.
final class RawClient implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 30_000;

  /// One answer.
  ///
  /// @param status 0 when the connection ended without one
  record Reply(int status, Map<String, String> headers, String body) {

    static final Reply NONE = new Reply(0, Map.of(), "");
  }

  private final Socket socket;
  private final InputStream in;

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static RawClient connect(int port) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    return new RawClient(socket);
  }

  Socket socket() {
    return socket;
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /// Reads one answer to its end.
  Reply readReply() throws IOException {
    return readReply(false);
  }

  /// @param toHead true when the request was a HEAD, whose answer has no body
  Reply readReply(boolean toHead) throws IOException {
    var status = readLine();
    if (status.isEmpty()) {
      return Reply.NONE;
    }
    var headers = new HashMap<String, String>();
    for (var line = readLine(); !line.isEmpty(); line = readLine()) {
      var colon = line.indexOf(": ");
      headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
    }
    var code = Integer.parseInt(status.split(" ", -1)[1]);
    var bodiless = toHead || code < 200 || code == 204;
    return new Reply(code, headers, bodiless ? "" : readBody(headers));
  }

  private String readBody(Map<String, String> headers) throws IOException {
    if ("chunked".equals(headers.get("transfer-encoding"))) {
      var body = new StringBuilder();
      for (var chunk = readChunk(); !chunk.isEmpty(); chunk = readChunk()) {
        body.append(chunk);
      }
      return body.toString();
    }
    var length = headers.get("content-length");
    var bytes = length == null ? in.readAllBytes() : readExactly(Integer.parseInt(length));
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /// Reads the head of a streamed answer and leaves the rest.
  Reply readHead() throws IOException {
    return readReply(true);
  }

  /// Reads one chunk; empty at the proper end.
  ///
  /// @throws EOFException when the stream breaks off
  String readChunk() throws IOException {
    var size = readLine();
    if (size.isEmpty()) {
      throw new EOFException("the stream broke off");
    }
    var chunk = readExactly(Integer.parseInt(size, 16));
    if (!readLine().isEmpty()) {
      throw new IOException("a chunk does not end");
    }
    return new String(chunk, StandardCharsets.ISO_8859_1);
  }

  private byte[] readExactly(int count) throws IOException {
    var bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the connection ended in an answer");
    }
    return bytes;
  }

  private String readLine() throws IOException {
    var line = new StringBuilder();
    for (var b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return "";
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  /// True when the other side has closed the connection, properly or not.
  boolean isClosedByServer() {
    try {
      return in.read() < 0;
    } catch (IOException e) {
      return !(e instanceof java.net.SocketTimeoutException);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

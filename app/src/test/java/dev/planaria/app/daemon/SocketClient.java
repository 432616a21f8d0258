package dev.planaria.app.daemon;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A client that writes what it is told, byte by byte, and reads what comes. Used by one thread,
/// but may be closed by any.
final class SocketClient implements AutoCloseable {
  private final SocketChannel channel;
  private final ByteArrayOutputStream read = new ByteArrayOutputStream();

  SocketClient(Path socket) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
  }

  /// Sends a request on a connection of its own and reads to the end of the connection.
  static String ask(Path socket, String head, String body) throws IOException {
    try (var client = new SocketClient(socket)) {
      client.write(request(head, body));
      return client.readAll();
    }
  }

  /// A request with the headers that all have.
  static String request(String head, String body) {
    return head
        + "\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
        + "Accept: application/json, text/event-stream\r\nContent-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  /// Writes as much as the other side takes.
  ///
  /// @return false when it took no more
  boolean write(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      return true;
    } catch (IOException e) {
      return false; // the server has seen enough and closed
    }
  }

  /// Ends what is sent.
  void endWriting() throws IOException {
    channel.shutdownOutput();
  }

  /// Reads to the end of the connection.
  String readAll() {
    ByteBuffer buffer = ByteBuffer.allocate(8_192);
    try {
      while (channel.read(buffer.clear()) >= 0) {
        read.write(buffer.array(), 0, buffer.position());
      }
    } catch (IOException e) {
      read.writeBytes("(reset)".getBytes(StandardCharsets.US_ASCII));
    }
    return read.toString(StandardCharsets.UTF_8);
  }

  /// Reads until a text has come, or the connection ends.
  String readUntil(String text) {
    ByteBuffer buffer = ByteBuffer.allocate(8_192);
    try {
      while (!read.toString(StandardCharsets.UTF_8).contains(text)
          && channel.read(buffer.clear()) >= 0) {
        read.write(buffer.array(), 0, buffer.position());
      }
    } catch (IOException e) {
      read.writeBytes("(reset)".getBytes(StandardCharsets.US_ASCII));
    }
    return read.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

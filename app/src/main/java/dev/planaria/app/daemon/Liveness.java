package dev.planaria.app.daemon;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// Asks a daemon whether it lives.
final class Liveness {

  /// A living front answers its probe at once.
  private static final int PATIENCE_MILLIS = 1_000;

  private Liveness() {}

  /// True when something at that URL answers `/livez` with 200.
  static boolean answers(String url) {
    try (var socket = new Socket()) {
      var uri = URI.create(url);
      var host = uri.getHost().replace("[", "").replace("]", "");
      socket.connect(new InetSocketAddress(host, uri.getPort()), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      var request = "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var answer = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      return new String(answer, StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
    } catch (IOException | RuntimeException _) {
      return false;
    }
  }
}

package dev.planaria.chaos.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// The server with a diary over Streamable HTTP (revision 2025-11-25), in this process and on this
/// machine alone: it never dies, so that whatever goes wrong goes wrong between it and its client.
/// Answers are plain JSON, so that one that breaks cannot be resumed. Thread-safe.
public final class DiaryHttpServer implements AutoCloseable {

  private static final String PATH = "/mcp";
  private static final String LINK = "Mcp-Session-Id";
  private static final int WAITING = 64;
  private static final int NO_BODY = -1;

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final DiaryTools tools;
  private final Set<String> links = ConcurrentHashMap.newKeySet();
  private final AtomicLong last = new AtomicLong();

  private DiaryHttpServer(HttpServer http, Path diary) {
    this.http = http;
    this.tools = new DiaryTools(diary);
  }

  /// Starts it on a port that is free.
  ///
  /// @param diary the diary's file
  public static DiaryHttpServer start(Path diary) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var server = new DiaryHttpServer(HttpServer.create(address, WAITING), diary);
    server.http.setExecutor(server.threads);
    server.http.createContext(PATH, server::handle);
    server.http.start();
    return server;
  }

  /// The port that it listens on, at `/mcp`.
  public int port() {
    return http.getAddress().getPort();
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (exchange.getRequestMethod()) {
        case "POST" -> post(exchange);
        case "DELETE" -> {
          String link = exchange.getRequestHeaders().getFirst(LINK);
          refuse(exchange, link != null && links.remove(link) ? 200 : 404);
        }
        default -> refuse(exchange, 405); // it has nothing to say that was not asked for
      }
    }
  }

  private void post(HttpExchange exchange) throws IOException {
    JsonObject message;
    try {
      message = Json.parseObject(exchange.getRequestBody().readAllBytes(), JsonLimits.DEFAULT);
    } catch (JsonSyntaxException spoilt) {
      refuse(exchange, 400);
      return;
    }
    String method = message.get("method") instanceof JsonString(String name) ? name : "";
    JsonValue id = message.get("id");
    String link = exchange.getRequestHeaders().getFirst(LINK);
    if (method.equals("initialize")) {
      String fresh = "diary-" + last.incrementAndGet();
      links.add(fresh);
      exchange.getResponseHeaders().set(LINK, fresh);
    } else if (link == null || !links.contains(link)) {
      refuse(exchange, link == null ? 400 : 404);
      return;
    }
    if (id == null) {
      refuse(exchange, 202); // a notification
      return;
    }
    JsonObject params =
        message.get("params") instanceof JsonObject given ? given : JsonObject.EMPTY;
    byte[] answer = Json.writeBytes(tools.answer(id, method, params));
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
  }

  private static void refuse(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, NO_BODY);
  }
}

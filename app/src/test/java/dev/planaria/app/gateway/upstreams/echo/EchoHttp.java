package dev.planaria.app.gateway.upstreams.echo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The server over HTTP: `/mcp` in both eras, or `/sse` and `/messages` with `--sse` (2024-11-05).
///
/// Switches: `--json` (answers are JSON instead of event streams), `--primer` (streams begin with
/// an id and `retry: 100`), `--no-get` (no stream of its own), `--require-header NAME` (401 without
/// it), `--cut-after-primer` (each stream of a call ends behind its primer and must be resumed).
public final class EchoHttp implements AutoCloseable {
  static final String SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";
  private static final String END = "";

  private final EchoOptions options;
  private final HttpServer server;
  private final EchoTools stateless;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final List<Stream> listeners = new CopyOnWriteArrayList<>();
  private final AtomicLong last = new AtomicLong();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  /// One legacy client.
  private final class Session {
    final EchoTools tools = new EchoTools(options);
    final Map<String, Stream> streams = new ConcurrentHashMap<>();
    final Map<String, CompletableFuture<JsonObject>> questions = new ConcurrentHashMap<>();
    final Stream own = new Stream("own");
  }

  /// The events of one stream, which can be read again from any position.
  private static final class Stream {
    final String name;
    final List<String> events = new CopyOnWriteArrayList<>();
    final BlockingQueue<String> fresh = new LinkedBlockingQueue<>();

    Stream(String name) {
      this.name = name;
    }

    void add(String event) {
      events.add(event);
      fresh.add(event);
    }
  }

  private EchoHttp(EchoOptions options, HttpServer server) {
    this.options = options;
    this.server = server;
    this.stateless = new EchoTools(options);
  }

  /// Starts it on the port of `--http`, or on any when that is 0 or missing.
  public static EchoHttp start(EchoOptions options) throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    var address =
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(), Math.max(0, options.number("--http")));
    var http = new EchoHttp(options, HttpServer.create(address, 64));
    http.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.server.createContext("/", http::handle);
    http.server.start();
    return http;
  }

  /// The port that it listens on.
  public int port() {
    return server.getAddress().getPort();
  }

  /// The requests so far: method, path, and the headers that begin with `Mcp-` or `X-`.
  public List<String> seen() {
    return seen;
  }

  /// Forgets every session, as a restarted server does.
  public void forgetSessions() {
    sessions.clear();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  static String message(String method, JsonObject params) {
    return Json.write(
        JsonObject.builder()
            .put("jsonrpc", "2.0")
            .put("method", method)
            .put("params", params)
            .build());
  }

  static String question(String id, String method, JsonObject params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + message(method, params).substring(16);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = new StringBuilder();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> {
            if (name.startsWith("Mcp-") || name.startsWith("X-") || name.startsWith("Last-")) {
              headers.append(' ').append(name).append('=').append(values.getFirst());
            }
          });
      seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + headers);
      String required = options.text("--require-header");
      if (required != null && exchange.getRequestHeaders().getFirst(required) == null) {
        send(exchange, 401, "");
        return;
      }
      if (options.has("--sse")) {
        oldest(exchange);
        return;
      }
      switch (exchange.getRequestMethod()) {
        case "POST" -> post(exchange);
        case "GET" -> get(exchange);
        case "DELETE" -> {
          String id = exchange.getRequestHeaders().getFirst("Mcp-Session-Id");
          send(exchange, id != null && sessions.remove(id) != null ? 200 : 404, "");
        }
        default -> send(exchange, 405, "");
      }
    }
  }

  private void post(HttpExchange exchange) throws IOException {
    JsonObject message = Json.parseObject(exchange.getRequestBody().readAllBytes(), JsonLimits.OWN);
    String method = EchoTools.text(message, "method");
    JsonObject params =
        message.get("params") instanceof JsonObject given ? given : JsonObject.EMPTY;
    boolean modern =
        params.get("_meta") instanceof JsonObject meta
            && meta.has("io.modelcontextprotocol/protocolVersion");
    String sessionId = exchange.getRequestHeaders().getFirst("Mcp-Session-Id");
    if (modern && options.speaksModern()) {
      modern(exchange, message, method, params);
    } else if (method.equals("initialize") && options.speaksLegacy()) {
      String id = "session-" + last.incrementAndGet();
      sessions.put(id, new Session());
      exchange.getResponseHeaders().set("Mcp-Session-Id", id);
      call(exchange, sessions.get(id), message, method, params, false);
    } else if (sessionId == null) {
      send(exchange, 400, "");
    } else {
      Session session = sessions.get(sessionId);
      if (session == null) {
        send(exchange, 404, "");
      } else if (!message.has("id")) {
        send(exchange, 202, "");
      } else if (method.isEmpty()) {
        var question = session.questions.remove(Json.write(EchoTools.id(message)));
        if (question != null) {
          question.complete(message);
        }
        send(exchange, 202, "");
      } else {
        call(exchange, session, message, method, params, false);
      }
    }
  }

  private void modern(HttpExchange exchange, JsonObject message, String method, JsonObject params)
      throws IOException {
    String named = exchange.getRequestHeaders().getFirst("Mcp-Method");
    boolean text =
        EchoTools.text(params, "name").equals("echo")
            && params.get("arguments") instanceof JsonObject arguments
            && arguments.has("text");
    boolean told = exchange.getRequestHeaders().containsKey("Mcp-Param-Text");
    if (!method.equals(named) || text != told) {
      send(
          exchange,
          400,
          "{\"jsonrpc\":\"2.0\",\"id\":"
              + Json.write(EchoTools.id(message))
              + ",\"error\":{\"code\":-32020,\"message\":\"HeaderMismatch\"}}");
    } else if (!message.has("id")) {
      send(exchange, 202, "");
    } else {
      call(exchange, null, message, method, params, true);
    }
  }

  private void call(
      HttpExchange exchange,
      @Nullable Session session,
      JsonObject message,
      String method,
      JsonObject params,
      boolean modern)
      throws IOException {
    JsonValue id = message.get("id");
    var stream = new Stream("s" + last.incrementAndGet());
    var questions =
        session == null ? Map.<String, CompletableFuture<JsonObject>>of() : session.questions;
    var peer = new HttpPeer(stream, session, questions);
    if (session != null) {
      session.streams.put(stream.name, stream);
    }
    if (modern && method.equals("subscriptions/listen")) {
      var meta = JsonObject.builder().put(SUBSCRIPTION_ID, id).build();
      stream.add(
          message(
              "notifications/subscriptions/acknowledged",
              JsonObject.builder()
                  .put("_meta", meta)
                  .put("notifications", params.get("notifications"))
                  .build()));
      listeners.add(stream);
      stream(exchange, stream, 0, false);
      return;
    }
    Runnable work =
        () -> {
          var answer = JsonObject.builder().put("jsonrpc", "2.0").put("id", id);
          try {
            EchoTools tools = session == null ? stateless : session.tools;
            stream.add(
                Json.write(
                    answer.put("result", tools.answer(method, params, modern, peer)).build()));
          } catch (EchoTools.NoSuchMethod e) {
            var error = JsonObject.builder().put("code", -32601).put("message", "Method not found");
            stream.add(Json.write(answer.put("error", error.build()).build()));
          }
          stream.add(END);
        };
    if (options.has("--json")) {
      work.run();
      send(exchange, 200, stream.events.get(stream.events.size() - 2));
    } else {
      Thread.ofVirtual().start(work);
      stream(exchange, stream, 0, options.has("--primer"));
    }
  }

  private final class HttpPeer implements EchoPeer {
    private final Stream stream;
    private final @Nullable Session session;
    private final Map<String, CompletableFuture<JsonObject>> questions;

    HttpPeer(
        Stream stream,
        @Nullable Session session,
        Map<String, CompletableFuture<JsonObject>> questions) {
      this.stream = stream;
      this.session = session;
      this.questions = questions;
    }

    @Override
    public void tell(String method, JsonObject params) {
      stream.add(message(method, params));
    }

    @Override
    public void announce(String method, JsonObject params) {
      if (session != null) {
        session.own.add(message(method, params));
      }
      listeners.forEach(listener -> listener.add(message(method, params)));
    }

    @Override
    public JsonObject ask(String method, JsonObject params) {
      String id = "\"q" + last.incrementAndGet() + "\"";
      var answer = new CompletableFuture<JsonObject>();
      questions.put(id, answer);
      stream.add(question(id, method, params));
      return answer.join();
    }
  }

  private void get(HttpExchange exchange) throws IOException {
    String id = exchange.getRequestHeaders().getFirst("Mcp-Session-Id");
    Session session = id == null ? null : sessions.get(id);
    if (session == null) {
      send(exchange, id == null ? 400 : 404, "");
      return;
    }
    String position = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    if (position != null) {
      String[] parts = position.split("/", 2);
      Stream stream = session.streams.getOrDefault(parts[0], session.own);
      stream(exchange, stream, Integer.parseInt(parts[1]), false);
    } else if (options.has("--no-get")) {
      send(exchange, 405, "");
    } else {
      stream(exchange, session.own, session.own.events.size(), false);
    }
  }

  private void oldest(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/sse") && exchange.getRequestMethod().equals("GET")) {
      String id = "session-" + last.incrementAndGet();
      var session = new Session();
      sessions.put(id, session);
      begin(exchange);
      write(exchange.getResponseBody(), "event: endpoint\ndata: /messages?id=" + id + "\n\n");
      follow(exchange, session.own, 0);
    } else if (path.equals("/messages")) {
      Session session = sessions.get(exchange.getRequestURI().getQuery().substring(3));
      JsonObject message =
          Json.parseObject(exchange.getRequestBody().readAllBytes(), JsonLimits.OWN);
      send(exchange, session == null ? 404 : 202, "");
      if (session != null && message.has("method") && message.has("id")) {
        var peer = new HttpPeer(session.own, session, session.questions);
        answerOldest(session, message, peer);
      } else if (session != null && message.has("id")) {
        var question = session.questions.remove(Json.write(EchoTools.id(message)));
        if (question != null) {
          question.complete(message);
        }
      }
    } else {
      send(exchange, 405, "");
    }
  }

  private static void answerOldest(Session session, JsonObject message, EchoPeer peer) {
    JsonObject params =
        message.get("params") instanceof JsonObject given ? given : JsonObject.EMPTY;
    var answer = JsonObject.builder().put("jsonrpc", "2.0").put("id", message.get("id"));
    try {
      answer.put(
          "result", session.tools.answer(EchoTools.text(message, "method"), params, false, peer));
    } catch (EchoTools.NoSuchMethod e) {
      answer.put("error", JsonObject.builder().put("code", -32601).put("message", "none").build());
    }
    session.own.add(Json.write(answer.build()));
  }

  private void stream(HttpExchange exchange, Stream stream, int from, boolean primer)
      throws IOException {
    begin(exchange);
    OutputStream out = exchange.getResponseBody();
    if (primer) {
      write(out, "retry: 100\nid: " + stream.name + "/0\ndata: \n\n");
      if (options.has("--cut-after-primer")) {
        return;
      }
    }
    follow(exchange, stream, from);
  }

  private static void begin(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
  }

  private static void follow(HttpExchange exchange, Stream stream, int from) throws IOException {
    OutputStream out = exchange.getResponseBody();
    for (int at = from; ; at++) {
      while (stream.events.size() <= at) {
        try {
          if (stream.fresh.poll(50, TimeUnit.MILLISECONDS) == null) {
            write(out, ": alive\n\n");
          }
        } catch (InterruptedException e) {
          return;
        }
      }
      String event = stream.events.get(at);
      if (event.equals(END)) {
        return;
      }
      write(out, "id: " + stream.name + "/" + (at + 1) + "\ndata: " + event + "\n\n");
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    if (body.length > 0) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
    }
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }
}

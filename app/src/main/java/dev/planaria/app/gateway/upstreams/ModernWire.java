package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.ProtocolVersion;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.gateway.wire.RpcId;
import dev.planaria.engine.json.JsonString;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Streamable HTTP without state (MCP 2026-07-28): each message is a POST of its own, whose headers
/// repeat what intermediaries may want to know of the body; closing the stream of an answer cancels
/// the request. Thread-safe.
final class ModernWire implements Wire {
  /// Whose name stands in a header.
  private static final Map<String, String> NAMED_BY =
      Map.of("tools/call", "name", "prompts/get", "name", "resources/read", "uri");

  private static final String TASKS = "tasks/";
  private static final String LIST_TOOLS = "tools/list";

  /// A server whose list never ends is not followed for ever.
  private static final int MOST_PAGES = 100;

  private final HttpExchanges http;
  private final HttpSettings settings;
  private final Inbound inbound;
  private final ParamHeaders params = new ParamHeaders();
  private final Map<Long, Flight> flights = new ConcurrentHashMap<>();

  ModernWire(HttpExchanges http, HttpSettings settings, Inbound inbound) {
    this.http = http;
    this.settings = settings;
    this.inbound = inbound;
  }

  @Override
  public void start() {
    // there is nothing to wait for before the first request
  }

  @Override
  public void request(Pending pending, byte[] message) {
    var flight = new Flight();
    flights.put(pending.id(), flight);
    flight.start(() -> {
      try {
        exchange(pending, message, flight);
      } catch (UpstreamBroken e) {
        fail(pending, e);
      } catch (InterruptedException _) {
        pending.fail(new Trouble.Closed()); // broken off by us, which the request knows already
      } finally {
        flights.remove(pending.id());
      }
    });
  }

  private static void fail(Pending pending, UpstreamBroken failure) {
    if (failure.sent() == Sent.NEVER_SENT) {
      pending.nothingSent();
    }
    pending.fail(failure);
  }

  private void exchange(Pending pending, byte[] message, Flight flight)
      throws UpstreamBroken, InterruptedException {
    if (!pending.beginSending()) {
      return;
    }
    var learning = new Learning(pending);
    PostReader.StreamEnd end = null;
    try {
      end = attempt(pending, message, flight, learning);
    } catch (UpstreamBroken e) {
      if (!learning.mismatched) {
        throw e;
      }
    }
    if (learning.mismatched) {
      learnTools(pending);
      end = attempt(pending, message, flight, inbound);
    }
    if (end != null && !pending.isDone()) {
      throw new UpstreamBroken(new Trouble.Truncated(end.why()), Sent.MAYBE_SENT);
    }
  }

  private PostReader.@Nullable StreamEnd attempt(
      Pending pending, byte[] message, Flight flight, Inbound to)
      throws UpstreamBroken, InterruptedException {
    return new PostReader(http, settings, to, pending).read(post(pending, message), false, flight);
  }

  private HttpResponse<InputStream> post(Pending pending, byte[] message)
      throws UpstreamBroken, InterruptedException {
    String method = pending.request().method();
    Map<String, String> headers = headers(method);
    String member = method.startsWith(TASKS) ? "taskId" : NAMED_BY.get(method);
    String name = member == null ? null : pending.params().text(member);
    if (name != null) {
      headers.put("Mcp-Name", ParamHeaders.encoded(name));
    }
    if (method.equals("tools/call")) {
      headers.putAll(params.of(pending.params()));
    }
    return send(headers, message, 0);
  }

  private static Map<String, String> headers(String method) {
    var headers = new HashMap<String, String>();
    headers.put("MCP-Protocol-Version", ProtocolVersion.V2026_07_28.text());
    headers.put("Mcp-Method", ParamHeaders.encoded(method));
    headers.put("Accept", "application/json, text/event-stream");
    headers.put("Content-Type", "application/json");
    return headers;
  }

  private HttpResponse<InputStream> send(
      Map<String, String> headers, byte[] message, long timeoutMillis)
      throws UpstreamBroken, InterruptedException {
    return http.send(
        new HttpExchanges.Ask("POST", http.server().url(), headers, message, timeoutMillis));
  }

  /// Reads the lists of tools before a client asks for them: which arguments belong into headers
  /// has changed. Nothing was carried out, by the server's word.
  private void learnTools(Pending pending) throws UpstreamBroken, InterruptedException {
    RawObject meta = pending.params().object("_meta").orElse(RawObject.EMPTY);
    RawObject page = RawObject.EMPTY.with("_meta", meta.without("progressToken"));
    String cursor = null;
    for (int pages = 0; pages < MOST_PAGES; pages++) {
      var request =
          UpstreamRequest.of(
              LIST_TOOLS,
              cursor == null ? page : page.with("cursor", new JsonString(cursor)),
              settings.handshakeMillis());
      var asked = new Pending(request, pending.id(), request.params());
      var result = new ListPage(asked);
      var response =
          send(
              headers(LIST_TOOLS),
              Envelopes.request(asked.id(), LIST_TOOLS, request.params()),
              settings.handshakeMillis());
      new PostReader(http, settings, result, asked).read(response, false, new Flight());
      cursor = result.nextCursor;
      if (cursor == null) {
        return;
      }
    }
  }

  @Override
  public void send(byte[] message) throws UpstreamBroken {
    List<Incoming> read = Incoming.read(message, settings.message());
    String method = read.getFirst() instanceof Incoming.Told(String told, _) ? told : "";
    try {
      var response = send(headers(method), message, settings.handshakeMillis());
      HttpExchanges.close(response);
      if (response.statusCode() / 100 != 2) {
        throw HttpExchanges.refused(response, false);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UpstreamBroken(new Trouble.Closed(), Sent.MAYBE_SENT);
    }
  }

  @Override
  public void abandon(Pending pending, byte[] cancellation) {
    Flight flight = flights.remove(pending.id());
    if (flight != null) {
      flight.breakOff();
    }
  }

  @Override
  public void introduced(ServerIntroduction server) {
    // every message says everything itself
  }

  @Override
  public void close() {
    flights.values().forEach(Flight::breakOff);
  }

  /// Sees answers before anybody else does.
  private final class Learning extends ForwardedInbound {
    private final Pending pending;
    private boolean mismatched;

    Learning(Pending pending) {
      super(inbound);
      this.pending = pending;
    }

    @Override
    public void receive(byte[] message, @Nullable Pending during) {
      String method = pending.request().method();
      RawAnswer answer =
          method.equals(LIST_TOOLS) || method.equals("tools/call")
              ? answerIn(message, pending.id())
              : null;
      switch (answer) {
        case RawAnswer.Result(RawObject page) when method.equals(LIST_TOOLS) ->
            pending.answer(new RawAnswer.Result(params.learn(page)));
        case RawAnswer.Refusal(RawObject error)
            when Handshake.code(error) == RpcError.HEADER_MISMATCH ->
            mismatched = true;
        case null, default -> super.receive(message, during);
      }
    }
  }

  /// Takes a page of the list that nobody else asked for.
  private final class ListPage extends ForwardedInbound {
    private final Pending asked;
    private @Nullable String nextCursor;

    ListPage(Pending asked) {
      super(inbound);
      this.asked = asked;
    }

    @Override
    public void receive(byte[] message, @Nullable Pending during) {
      RawAnswer answer = answerIn(message, asked.id());
      if (answer == null) {
        super.receive(message, null);
        return;
      }
      if (answer instanceof RawAnswer.Result(RawObject page)) {
        var _ = params.learn(page);
        nextCursor = page.text("nextCursor");
      }
      asked.answer(answer);
    }
  }

  private @Nullable RawAnswer answerIn(byte[] message, long to) {
    for (Incoming incoming : Incoming.read(message, settings.message())) {
      if (incoming instanceof Incoming.Answer(RpcId id, RawAnswer answer)
          && id.key().equals(Long.toString(to))) {
        return answer;
      }
    }
    return null;
  }
}

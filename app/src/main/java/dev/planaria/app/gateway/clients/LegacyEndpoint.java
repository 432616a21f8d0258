package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.connections.Mailbox;
import dev.planaria.app.gateway.wire.BadRequest;
import dev.planaria.app.gateway.wire.Exchange;
import dev.planaria.app.gateway.wire.Headers;
import dev.planaria.app.gateway.wire.HttpAnswer;
import dev.planaria.app.gateway.wire.ProtocolVersion;
import dev.planaria.app.gateway.wire.Rpc;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.gateway.wire.RpcId;
import dev.planaria.app.gateway.wire.RpcMessage;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The legacy era on one address: POST, GET and DELETE of MCP 2024-11-05 to 2025-11-25 over
/// Streamable HTTP (2025-11-25, basic/transports). Thread-safe.
public final class LegacyEndpoint {
  private static final String SESSION_HEADER = "Mcp-Session-Id";
  private static final String VERSION_HEADER = "MCP-Protocol-Version";

  private final LegacyMethods methods;
  private final LegacyCalls calls;
  private final RelayedRequests relayed;
  private final ListenStreams streams;
  private final Links links;
  private final ClientSettings settings;

  LegacyEndpoint(
      LegacyMethods methods,
      LegacyCalls calls,
      RelayedRequests relayed,
      ListenStreams streams,
      Links links,
      ClientSettings settings) {
    this.methods = methods;
    this.calls = calls;
    this.relayed = relayed;
    this.streams = streams;
    this.links = links;
    this.settings = settings;
  }

  /// Answers a POST.
  ///
  /// @param body as it came
  /// @param parsed the same, parsed
  /// @throws RpcError when the message is none, or is not allowed here
  /// @throws BadRequest when a header forbids to go on
  public void post(Exchange exchange, Visitor visitor, byte[] body, JsonValue parsed)
      throws IOException {
    Headers headers = exchange.head().headers();
    Negotiation.requireBothAccepted(headers);
    if (parsed instanceof JsonArray(List<JsonValue> messages)) {
      exchange.send(batch(requireLink(headers, visitor), visitor, messages));
      return;
    }
    switch (Rpc.read(parsed)) {
      case RpcMessage.Request request when request.method().equals("initialize") ->
          exchange.send(methods.initialize(request, visitor));
      case RpcMessage.Request request -> {
        Link link = requireLink(headers, visitor);
        if (isRecorded(request, visitor)) {
          calls.call(exchange, link, visitor, new LegacyCalls.Arrival(request, body));
        } else {
          exchange.send(
              HttpAnswer.json(
                  200, Rpc.result(request.id(), methods.answer(link, request, visitor))));
        }
      }
      case RpcMessage.Notification notification -> {
        // It is for servers behind us. Nothing that a client may tell us changes anything here: a
        // call that is cancelled has either changed the session already or will never be asked for
        // again.
        relayed.told(visitor, requireLink(headers, visitor), notification, body);
        exchange.send(HttpAnswer.empty(202));
      }
      case RpcMessage.Response _ -> {
        requireLink(headers, visitor);
        relayed.answered(body);
        exchange.send(HttpAnswer.empty(202));
      }
    }
  }

  /// True for what may take its time: its answer can be resumed. Of a server behind us that is
  /// everything that is not answered here.
  private static boolean isRecorded(RpcMessage.Request request, Visitor visitor) {
    return switch (request.method()) {
      case "tools/call" -> true;
      case "ping", "initialize" -> false;
      default -> visitor.address().server() != null;
    };
  }

  private HttpAnswer batch(Link link, Visitor visitor, List<JsonValue> messages) {
    if (!link.version().hasBatches()) {
      throw RpcError.invalidRequest(
          "this protocol version has no batches; send one message per request");
    }
    if (messages.isEmpty() || messages.size() > settings.batchMessages()) {
      throw RpcError.invalidRequest(
          "a batch must hold 1 to " + settings.batchMessages() + " messages");
    }
    var answers = new ArrayList<JsonValue>();
    for (int i = 0; i < messages.size(); i++) {
      inBatch(link, visitor, messages.get(i), i).ifPresent(answers::add);
    }
    return answers.isEmpty() ? HttpAnswer.empty(202) : HttpAnswer.json(200, new JsonArray(answers));
  }

  private Optional<JsonValue> inBatch(Link link, Visitor visitor, JsonValue message, int index) {
    RpcId id = Rpc.idOf(message);
    try {
      if (!(Rpc.read(message) instanceof RpcMessage.Request request)) {
        return Optional.empty();
      }
      if (isRecorded(request, visitor)) {
        var arrival = new LegacyCalls.Arrival(request, Rpc.bytes(message));
        byte[] answer = calls.runInBatch(link, visitor, arrival, index);
        return Optional.of(Json.parse(answer, JsonLimits.OWN));
      }
      return Optional.of(Rpc.result(request.id(), methods.answer(link, request, visitor)));
    } catch (RpcError e) {
      return Optional.of(Rpc.error(id, e));
    }
  }

  /// Answers a GET: resumes the stream of a call, or opens one for messages that belong to no call.
  ///
  /// @throws BadRequest when a header forbids to go on
  public void get(Exchange exchange, Visitor visitor) throws IOException {
    Headers headers = exchange.head().headers();
    if (isModern(headers)) {
      throw new BadRequest(405, "this protocol version has no GET; use subscriptions/listen");
    }
    Negotiation.requireEventsAccepted(headers);
    Link link = requireLink(headers, visitor);
    Visitor.Carriage carriage = visitor.carriage();
    String last =
        carriage.lastEventId() == null ? headers.single("Last-Event-ID") : carriage.lastEventId();
    if (last == null || ListenStreams.isOurs(last)) {
      if (visitor.address().server() == null) {
        streams.listen(exchange, link, null);
        return;
      }
      try (Mailbox mail = relayed.relay(visitor.address(), visitor.principal()).listen()) {
        streams.listen(exchange, link, mail);
      }
    } else {
      calls.resume(exchange, link, last, carriage.headSent());
    }
  }

  /// Answers a DELETE: ends the link, never a session.
  ///
  /// @throws BadRequest when a header forbids to go on
  public void delete(Exchange exchange, Visitor visitor) throws IOException {
    Headers headers = exchange.head().headers();
    if (isModern(headers)) {
      throw new BadRequest(405, "this protocol version has no DELETE");
    }
    links.end(requireLink(headers, visitor));
    exchange.send(HttpAnswer.empty(200));
  }

  private static boolean isModern(Headers headers) {
    String version = headers.single(VERSION_HEADER);
    return version != null
        && ProtocolVersion.of(version).filter(known -> !known.isLegacy()).isPresent();
  }

  /// The link that a request names. 404 makes a client give up its link, so it is said of a link
  /// only that was ended, has expired, was never issued, or is somebody else's.
  private Link requireLink(Headers headers, Visitor visitor) {
    String id = headers.single(SESSION_HEADER);
    if (id == null) {
      throw new BadRequest(
          400, "the header " + SESSION_HEADER + " is missing; send initialize without it first");
    }
    String version = headers.single(VERSION_HEADER);
    if (version != null
        && ProtocolVersion.of(version).filter(ProtocolVersion::isLegacy).isEmpty()) {
      throw new BadRequest(400, VERSION_HEADER + " must be the version that was agreed on");
    }
    return links
        .find(id, visitor.principal())
        .orElseThrow(() ->
            new BadRequest(
                404, "there is no such " + SESSION_HEADER + "; send initialize without it"));
  }
}

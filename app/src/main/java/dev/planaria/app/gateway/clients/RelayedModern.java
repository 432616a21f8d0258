package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.connections.Mailbox;
import dev.planaria.app.gateway.connections.Message;
import dev.planaria.app.gateway.connections.Relay;
import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.wire.EventStream;
import dev.planaria.app.gateway.wire.Exchange;
import dev.planaria.app.gateway.wire.HttpAnswer;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.Rpc;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.gateway.wire.RpcMessage;
import dev.planaria.app.gateway.wire.Sse;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;

/// The modern era in front of a server behind Planaria. Thread-safe.
///
/// An answer is plain JSON unless the server has something to say before it: a client whose stream
/// breaks hangs until its time is up, while one that waits for JSON learns at once that it has to
/// ask again.
final class RelayedModern {
  private static final byte[] NOTHING = new byte[0];
  private static final String METHOD_NOT_FOUND = "" + RpcError.METHOD_NOT_FOUND;

  /// The client did not say that it can do what the server would have to ask of it.
  private static final String MISSING_CAPABILITY = "-32021";

  private final RelayedRequests relayed;
  private final ClientSettings settings;

  RelayedModern(RelayedRequests relayed, ClientSettings settings) {
    this.relayed = relayed;
    this.settings = settings;
  }

  /// Answers a request whose headers were checked.
  void answer(Exchange exchange, Visitor visitor, RpcMessage.Request request, byte[] body)
      throws IOException {
    switch (request.method()) {
      case "server/discover" -> {
        Relay relay = relayed.relay(visitor.address(), visitor.principal());
        RawObject result = RelayedIntroduction.discover(relay.server());
        exchange.send(HttpAnswer.json(200, Rpc.answer(request.id(), "result", result)));
      }
      case "subscriptions/listen" -> listen(exchange, visitor, request);
      case "initialize",
          "ping",
          "logging/setLevel",
          "resources/subscribe",
          "resources/unsubscribe" ->
          // They are of the other era, and a server of that era must not be told them from here.
          throw RpcError.methodNotFound(request.method(), 404);
      default -> {
        checkParams(exchange, visitor, request, body);
        Reply reply =
            visitor.carriage().headSent()
                ? Reply.over(exchange.openStream(NOTHING))
                : Reply.asJson(exchange);
        RawAnswer answer =
            relayed.run(request, body, visitor, message -> reply.tell(message.toBytes()));
        reply.send(null, RelayedRequests.answer(request.id(), answer), status(answer));
      }
    }
  }

  private void checkParams(
      Exchange exchange, Visitor visitor, RpcMessage.Request request, byte[] body) {
    if (request.method().equals("tools/call")) {
      Relay relay = relayed.relay(visitor.address(), visitor.principal());
      ModernHeaders.checkParams(
          exchange.head().headers(), relay.paramHeaders(RelayedRequests.params(body)));
    }
  }

  /// The HTTP status that goes with an error (MCP 2026-07-28, Streamable HTTP, "Status codes").
  private static int status(RawAnswer answer) {
    if (!(answer instanceof RawAnswer.Refusal(RawObject error))
        || !(error.value("code") instanceof JsonNumber(String code))) {
      return 200;
    }
    return switch (code) {
      case METHOD_NOT_FOUND -> 404;
      case MISSING_CAPABILITY -> 400;
      default -> 200;
    };
  }

  /// What a client wants to hear of.
  private record Wanted(JsonObject changes, Set<String> resources) {
    static Wanted of(JsonObject notifications) {
      JsonObject.Builder changes = JsonObject.builder();
      for (String kind : Set.of("toolsListChanged", "promptsListChanged", "resourcesListChanged")) {
        if (JsonBoolean.of(true).equals(notifications.get(kind))) {
          changes.put(kind, true);
        }
      }
      Set<String> resources =
          notifications.get("resourceSubscriptions") instanceof JsonArray(var uris)
              ? uris.stream()
                  .filter(JsonString.class::isInstance)
                  .map(uri -> ((JsonString) uri).value())
                  .collect(Collectors.toUnmodifiableSet())
              : Set.of();
      if (!resources.isEmpty()) {
        changes.put(
            "resourceSubscriptions", JsonArray.ofStrings(resources.stream().sorted().toList()));
      }
      return new Wanted(changes.build(), resources);
    }

    boolean includes(Message message) {
      return switch (message.method()) {
        case "notifications/tools/list_changed" -> changes.has("toolsListChanged");
        case "notifications/prompts/list_changed" -> changes.has("promptsListChanged");
        case "notifications/resources/list_changed" -> changes.has("resourcesListChanged");
        case "notifications/resources/updated" -> {
          String uri = message.params().text("uri");
          yield uri != null && resources.contains(uri);
        }
        default -> false;
      };
    }
  }

  private void listen(Exchange exchange, Visitor visitor, RpcMessage.Request request)
      throws IOException {
    if (!(request.params().get("notifications") instanceof JsonObject notifications)) {
      throw RpcError.invalidParams("params.notifications must be an object");
    }
    Wanted wanted = Wanted.of(notifications);
    Relay relay = relayed.relay(visitor.address(), visitor.principal());
    JsonObject subscription =
        JsonObject.builder().put(Meta.SUBSCRIPTION_ID, request.id().value()).build();
    JsonObject acknowledged =
        JsonObject.builder()
            .put("_meta", subscription)
            .put("notifications", wanted.changes())
            .build();
    try (Mailbox mail = relay.listen(wanted.resources())) {
      EventStream events =
          exchange.openStream(
              visitor.carriage().headSent()
                  ? NOTHING
                  : Sse.message(
                      Rpc.bytes(
                          Rpc.notification(
                              "notifications/subscriptions/acknowledged", acknowledged))));
      while (!mail.isClosed()) {
        Message message = mail.next(settings.keepAliveMillis());
        if (message == null) {
          events.write(Sse.keepAlive());
        } else if (wanted.includes(message)) {
          events.write(Sse.message(tagged(message, subscription).toBytes()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Message tagged(Message message, JsonObject subscription) {
    RawObject meta = message.params().object("_meta").orElse(RawObject.EMPTY);
    for (var member : subscription.members().entrySet()) {
      meta = meta.with(member.getKey(), member.getValue());
    }
    return new Message.Told(message.method(), message.params().with("_meta", meta));
  }
}

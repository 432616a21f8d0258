package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.connections.Ask;
import dev.planaria.app.gateway.connections.Connections;
import dev.planaria.app.gateway.connections.Message;
import dev.planaria.app.gateway.connections.Outlet;
import dev.planaria.app.gateway.connections.Relay;
import dev.planaria.app.gateway.upstreams.ClientIntroduction;
import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.upstreams.ServerIntroduction;
import dev.planaria.app.gateway.wire.Address;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.Rpc;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.gateway.wire.RpcId;
import dev.planaria.app.gateway.wire.RpcMessage;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.Era;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Requests, notifications and answers of clients for a server behind Planaria. Thread-safe.
final class RelayedRequests {
  private static final String OPERATION_ID = "dev.planaria/operationId";
  private static final int OPERATION_ID_CHARACTERS = 128;

  private final Connections connections;
  private final Supplier<String> newId;
  private final Map<Key, Running> running = new ConcurrentHashMap<>();

  /// A request by its client's name for it.
  private record Key(String audience, String id) {}

  private record Running(Relay relay, CallId id) {}

  /// @param newId fresh operation ids, for requests that come without a front
  RelayedRequests(Connections connections, Supplier<String> newId) {
    this.connections = connections;
    this.newId = newId;
  }

  /// The server behind an address.
  ///
  /// @throws RpcError when there is none
  Relay relay(Address address, String principal) {
    return connections.relay(address, principal);
  }

  /// Who the server is that a legacy client wants to speak to; null when that is Planaria itself.
  ///
  /// @param client what the client says of itself
  /// @param capabilities what it can do
  /// @throws RpcError when there is no such server, or nothing is known of it yet and it cannot be
  ///   reached
  @Nullable ServerIntroduction introductionFor(
      Visitor visitor, JsonObject client, JsonObject capabilities) {
    if (visitor.address().server() == null) {
      return null;
    }
    Relay relay = relay(visitor.address(), visitor.principal());
    relay.introduce(new ClientIntroduction(RawObject.of(client), RawObject.of(capabilities)));
    return relay.server();
  }

  /// Looks whether a legacy client's request can be relayed.
  ///
  /// @throws RpcError when it cannot
  Job prepare(RpcMessage.Request request, byte[] body, Address address) {
    RawObject params = params(body);
    String given = operationId(params);
    return new Job() {
      @Override
      public byte[] run(Context context) {
        Relay relay = relay(address, context.principal());
        Link link = context.link();
        if (link != null) {
          relay.introduce(introduction(link));
        }
        String fallback = context.fallbackOperationId();
        String operation = given != null ? given : fallback != null ? fallback : newId.get();
        var ask =
            new Ask(
                new CallId(context.principal(), operation),
                request.method(),
                params,
                Era.LEGACY,
                context.outlet());
        return answer(
            request.id(),
            RelayedRequests.this.run(relay, ask, new Key(context.audience(), request.id().key())));
      }

      @Override
      public boolean isSensitive() {
        return request.method().equals("tools/call") && connections.isSensitive(address, params);
      }
    };
  }

  /// Relays a modern client's request.
  ///
  /// @param outlet takes what the server says before it answers
  /// @return the answer
  RawAnswer run(RpcMessage.Request request, byte[] body, Visitor visitor, Outlet outlet) {
    RawObject params = params(body);
    String given = operationId(params);
    String stamp = visitor.carriage().stamp();
    String operation = given != null ? given : stamp != null ? stamp : newId.get();
    Relay relay = relay(visitor.address(), visitor.principal());
    var ask =
        new Ask(
            new CallId(visitor.principal(), operation),
            request.method(),
            params,
            Era.MODERN,
            message ->
                switch (message) {
                  case Message.Asked _ -> false;
                  // What it did not ask for is nobody else's either.
                  case Message.Told told -> !LogLevel.isWanted(told, params) || outlet.tell(told);
                });
    return run(relay, ask, new Key(visitor.principal(), request.id().key()));
  }

  private RawAnswer run(Relay relay, Ask ask, Key key) {
    running.put(key, new Running(relay, ask.id()));
    try {
      return relay.request(ask);
    } finally {
      running.remove(key);
    }
  }

  /// Takes a notification of a legacy client.
  ///
  /// @throws RpcError when there is no such server
  void told(Visitor visitor, Link link, RpcMessage.Notification told, byte[] body) {
    switch (told.method()) {
      case "notifications/cancelled" -> cancel(link, told);
      case "notifications/initialized" -> {
        // It is ours; the server was told when it was connected.
      }
      default -> {
        if (visitor.address().server() != null) {
          relay(visitor.address(), visitor.principal()).tell(told.method(), params(body));
        }
      }
    }
  }

  private void cancel(Link link, RpcMessage.Notification told) {
    JsonValue id = told.params().get("requestId");
    if (id != null) {
      Running found = running.get(new Key(link.id(), new RpcId(id).key()));
      if (found != null) {
        String reason = told.params().get("reason") instanceof JsonString(String text) ? text : "";
        found.relay().cancel(found.id(), RpcError.shortened(reason));
      }
    }
  }

  /// Takes a legacy client's answer to a request of a server. Nobody can guess such a request's id,
  /// so that it alone says whose it is.
  void answered(byte[] body) {
    RawObject message = RawObject.parse(body, JsonLimits.DEFAULT);
    String id = message.text("id");
    RawAnswer answer =
        message
            .object("result")
            .<RawAnswer>map(RawAnswer.Result::new)
            .orElseGet(
                () -> new RawAnswer.Refusal(message.object("error").orElse(RawObject.EMPTY)));
    if (id != null) {
      connections.respond(id, answer);
    }
  }

  /// What a server hears of a legacy client: what it can do of the things that a server may ask.
  static ClientIntroduction introduction(Link link) {
    return new ClientIntroduction(RawObject.of(link.client()), RawObject.of(link.capabilities()));
  }

  /// An answer as a message.
  static byte[] answer(RpcId id, RawAnswer answer) {
    return switch (answer) {
      case RawAnswer.Result(RawObject raw) -> Rpc.answer(id, "result", raw);
      case RawAnswer.Refusal(RawObject raw) -> Rpc.answer(id, "error", raw);
    };
  }

  /// The parameters as the client sent them.
  static RawObject params(byte[] body) {
    return RawObject.parse(body, JsonLimits.DEFAULT).object("params").orElse(RawObject.EMPTY);
  }

  private static @Nullable String operationId(RawObject params) {
    var meta = params.object("_meta");
    if (meta.isEmpty() || !meta.get().has(OPERATION_ID)) {
      return null;
    }
    String id = meta.get().text(OPERATION_ID);
    if (id == null || id.isEmpty() || id.length() > OPERATION_ID_CHARACTERS) {
      throw RpcError.invalidParams(
          "_meta[\""
              + OPERATION_ID
              + "\"] must be a string of 1 to "
              + OPERATION_ID_CHARACTERS
              + " characters");
    }
    return id;
  }
}

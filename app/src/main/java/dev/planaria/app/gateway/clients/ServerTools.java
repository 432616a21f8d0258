package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.connections.Ask;
import dev.planaria.app.gateway.connections.Connections;
import dev.planaria.app.gateway.connections.Outlet;
import dev.planaria.app.gateway.connections.Relay;
import dev.planaria.app.gateway.upstreams.ClientIntroduction;
import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.wire.Address;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.Rpc;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.gateway.wire.RpcMessage;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.Era;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The tools of a session's servers at the address of the session itself, where each is called
/// `{server}__{tool}`. Calling one is the same as calling it at its server's own address.
/// Thread-safe.
final class ServerTools {
  private static final String BETWEEN = "__";

  /// Longest name: clients put a name of their own before it, and models' APIs take 64 in all.
  private static final int NAME_CHARACTERS = 48;

  private static final int HASH_CHARACTERS = 8;

  /// What every model's API takes as a tool's name.
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1," + NAME_CHARACTERS + "}");

  private static final Pattern HASHED = Pattern.compile(".*_[0-9a-f]{" + HASH_CHARACTERS + "}");

  /// How long a list waits for the slowest server: clients begin with a list, and give up after 20
  /// to 60 s. What has not come by then is missing from it, which it says.
  private static final long LIST_MILLIS = 10_000;

  /// Pages of one server's list; no server has as many.
  private static final int PAGES = 100;

  private final Connections connections;
  private final Supplier<String> newId;

  /// @param newId fresh operation ids
  ServerTools(Connections connections, Supplier<String> newId) {
    this.connections = connections;
    this.newId = newId;
  }

  /// A call as it stands at its server's own address.
  @SuppressWarnings("ArrayRecordComponent") // read only
  record Call(Address address, RpcMessage.Request request, byte[] body) {}

  /// Who asks for a list.
  ///
  /// @param client what a legacy client has said of itself; null for a modern one
  record Asking(String principal, Address address, Era era, @Nullable ClientIntroduction client) {}

  /// True when no server is used at an address.
  boolean isEmpty(Address address) {
    return connections.servers(address).isEmpty();
  }

  /// What a tool is called at a session's address. What is too long, or has characters that models'
  /// APIs refuse, ends in a hash.
  static String shown(String server, String tool) {
    String name = server + BETWEEN + tool;
    if (PLAIN.matcher(name).matches()) {
      return name;
    }
    String hash = Hash.sha256(name.getBytes(StandardCharsets.UTF_8)).toString();
    String kept = name.replaceAll("[^A-Za-z0-9_-]", "_");
    int most = NAME_CHARACTERS - HASH_CHARACTERS - 1;
    return kept.substring(0, Math.min(most, kept.length()))
        + "_"
        + hash.substring(0, HASH_CHARACTERS);
  }

  /// The call that a `tools/call` means; empty when its tool is no server's.
  ///
  /// @param body the request as it came
  /// @throws RpcError when the servers cannot be asked
  Optional<Call> find(RpcMessage.Request request, byte[] body, Address address, String principal) {
    if (address.server() != null
        || !request.method().equals("tools/call")
        || !(request.params().get("name") instanceof JsonString(String name))
        || (!name.contains(BETWEEN) && !HASHED.matcher(name).matches())) {
      return Optional.empty();
    }
    List<String> servers = connections.servers(address);
    for (int at = name.lastIndexOf(BETWEEN); at > 0; at = name.lastIndexOf(BETWEEN, at - 1)) {
      String server = name.substring(0, at);
      String tool = name.substring(at + BETWEEN.length());
      if (servers.contains(server) && shown(server, tool).equals(name)) {
        return Optional.of(call(body, address, server, tool));
      }
    }
    return HASHED.matcher(name).matches() && !servers.isEmpty()
        ? hashed(name, new Asking(principal, address, Era.LEGACY, null))
            .map(tool -> call(body, address, tool.server(), tool.name()))
        : Optional.empty();
  }

  private static Call call(byte[] body, Address address, String server, String tool) {
    RawObject message = RawObject.parse(body, JsonLimits.DEFAULT);
    RawObject params = message.object("params").orElse(RawObject.EMPTY);
    byte[] own = message.with("params", params.with("name", new JsonString(tool))).bytes();
    if (!(Rpc.read(Rpc.parse(own, JsonLimits.DEFAULT)) instanceof RpcMessage.Request request)) {
      throw RpcError.internal();
    }
    return new Call(new Address(address.session(), server), request, own);
  }

  private record Tool(String server, String name) {}

  /// Only the lists say what stands behind a hash.
  private Optional<Tool> hashed(String name, Asking asking) {
    for (Map.Entry<String, RawAnswer> list : lists(asking).entrySet()) {
      for (JsonObject tool : tools(list.getValue())) {
        if (tool.get("name") instanceof JsonString(String own)
            && shown(list.getKey(), own).equals(name)) {
          return Optional.of(new Tool(list.getKey(), own));
        }
      }
    }
    return Optional.empty();
  }

  /// Adds the tools of all servers to a list of tools. What is missing, and what is given from
  /// memory because its server is away, stands in `_meta`, with the reason.
  JsonObject addTo(JsonArray own, Asking asking) {
    var all = new ArrayList<JsonValue>(own.items());
    JsonObject.Builder missing = JsonObject.builder();
    JsonObject.Builder stale = JsonObject.builder();
    var names = new HashSet<String>();
    lists(asking)
        .forEach((server, answer) -> {
          switch (answer) {
            case RawAnswer.Refusal(RawObject error) ->
                missing.put(server, String.valueOf(error.text("message")));
            case RawAnswer.Result(RawObject result) -> {
              for (JsonObject tool : tools(answer)) {
                if (tool.get("name") instanceof JsonString(String name)
                    && names.add(shown(server, name))) {
                  all.add(renamed(tool, shown(server, name)));
                }
              }
              result
                  .object("_meta")
                  .map(meta -> meta.value("dev.planaria/stale"))
                  .ifPresent(why -> stale.put(server, why));
            }
          }
        });
    return JsonObject.builder()
        .put("tools", new JsonArray(all))
        .put("_meta", meta(missing.build(), stale.build()))
        .build();
  }

  private static @Nullable JsonObject meta(JsonObject missing, JsonObject stale) {
    JsonObject.Builder meta = JsonObject.builder();
    if (!missing.members().isEmpty()) {
      meta.put("dev.planaria/missing", missing);
    }
    if (!stale.members().isEmpty()) {
      meta.put("dev.planaria/stale", stale);
    }
    JsonObject said = meta.build();
    return said.members().isEmpty() ? null : said;
  }

  private static JsonObject renamed(JsonObject tool, String name) {
    JsonObject.Builder renamed = JsonObject.builder();
    tool.members()
        .forEach((member, value) ->
            renamed.put(member, member.equals("name") ? new JsonString(name) : value));
    return renamed.build();
  }

  private static List<JsonObject> tools(RawAnswer answer) {
    return answer instanceof RawAnswer.Result(RawObject result)
            && result.value("tools") instanceof JsonArray(List<JsonValue> tools)
        ? tools.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast).toList()
        : List.of();
  }

  /// The lists of all servers, asked for at once.
  private Map<String, RawAnswer> lists(Asking asking) {
    List<String> servers = connections.servers(asking.address());
    var answers = new ConcurrentHashMap<String, RawAnswer>();
    var left = new CountDownLatch(servers.size());
    for (String server : servers) {
      Thread.ofVirtual()
          .name("tools-of-" + server)
          .start(() -> {
            try {
              answers.put(server, list(server, asking));
            } finally {
              left.countDown();
            }
          });
    }
    try {
      if (!left.await(LIST_MILLIS, TimeUnit.MILLISECONDS)) {
        servers.forEach(server -> answers.computeIfAbsent(server, ServerTools::late));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var inOrder = new LinkedHashMap<String, RawAnswer>();
    servers.forEach(
        server -> inOrder.put(server, answers.computeIfAbsent(server, ServerTools::late)));
    return inOrder;
  }

  private static RawAnswer late(String server) {
    return refused("the server " + server + " has not answered within " + LIST_MILLIS + " ms");
  }

  /// One server's whole list.
  private RawAnswer list(String server, Asking asking) {
    try {
      Relay relay =
          connections.relay(new Address(asking.address().session(), server), asking.principal());
      if (asking.client() != null) {
        relay.introduce(asking.client());
      }
      RawObject first = RawObject.EMPTY;
      var tools = new ArrayList<JsonValue>();
      String cursor = null;
      for (int i = 0; i < PAGES; i++) {
        RawAnswer page = relay.request(ask(cursor, asking));
        if (!(page instanceof RawAnswer.Result(RawObject result))) {
          return page;
        }
        first = i == 0 ? result : first;
        tools.addAll(tools(page));
        cursor = result.text("nextCursor");
        if (cursor == null) {
          return new RawAnswer.Result(first.with("tools", new JsonArray(tools)));
        }
      }
      return refused("its list of tools has more than " + PAGES + " pages");
    } catch (RpcError e) {
      return refused(String.valueOf(e.getMessage()));
    }
  }

  private Ask ask(@Nullable String cursor, Asking asking) {
    RawObject params =
        cursor == null ? RawObject.EMPTY : RawObject.EMPTY.with("cursor", new JsonString(cursor));
    var id = new CallId(asking.principal(), newId.get());
    return new Ask(id, "tools/list", params, asking.era(), Outlet.NONE);
  }

  private static RawAnswer refused(String why) {
    return new RawAnswer.Refusal(RawObject.of(JsonObject.builder().put("message", why).build()));
  }
}

package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.gateway.wire.RpcMessage;
import dev.planaria.app.tools.SessionPrompts;
import dev.planaria.app.tools.SessionResources;
import dev.planaria.app.tools.ToolCatalogue;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.session.SessionUnavailable;
import dev.planaria.engine.state.Era;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is offered to both eras alike: the lists, the resources and the prompts, and how this
/// server introduces itself. Thread-safe.
final class Offer {
  private static final String INSTRUCTIONS =
      "Durable sessions for swarms of agents. Everything that a tool has acknowledged is on disk"
          + " and survives any crash. Start with swarm_init or session_open; spawn agents with"
          + " agent_spawn; put work on the board with task_create; let each agent task_claim,"
          + " task_update and task_complete; keep what was learned with memory_store. Give every"
          + " change an operation_id of your own: if an answer is lost, the same call again with"
          + " the same operation_id is safe and returns the first result.";

  private final ToolCatalogue tools;
  private final ServerTools servers;
  private final SessionResources resources;
  private final SessionPrompts prompts;
  private final JsonObject serverInfo;

  /// @param servers whose tools are offered beside ours
  /// @param version of this program
  Offer(ToolCatalogue tools, ServerTools servers, String version) {
    this.tools = tools;
    this.servers = servers;
    this.resources = new SessionResources(tools.sessions());
    this.prompts = new SessionPrompts(tools.sessions());
    this.serverInfo =
        JsonObject.builder()
            .put("name", "planaria")
            .put("title", "Planaria: crash-proof swarm sessions")
            .put("version", version)
            .build();
  }

  /// Who this server is.
  JsonObject serverInfo() {
    return serverInfo;
  }

  /// What a language model should know first.
  String instructions() {
    return INSTRUCTIONS;
  }

  /// What this server can do. Logging is for legacy clients only, as the later revision has it per
  /// request.
  static JsonObject capabilities(Era era) {
    return JsonObject.builder()
        .put("tools", JsonObject.EMPTY)
        .put("resources", JsonObject.EMPTY)
        .put("prompts", JsonObject.EMPTY)
        .put("logging", era == Era.LEGACY ? JsonObject.EMPTY : null)
        .build();
  }

  /// Answers a request for something that is offered to both eras; nothing when it is another.
  ///
  /// @throws RpcError when the parameters are wrong, or what they name is not there
  Optional<JsonObject> answer(RpcMessage.Request request, ServerTools.Asking asking) {
    try {
      return Optional.ofNullable(
          switch (request.method()) {
            case "tools/list" -> listTools(request.params(), asking);
            case "resources/list" -> resources.list(request.params());
            case "resources/templates/list" -> resources.templates();
            case "resources/read" -> readResource(request.params(), asking.era());
            case "prompts/list" -> prompts.list();
            case "prompts/get" -> getPrompt(request.params(), asking.address().session());
            default -> null;
          });
    } catch (FieldException e) {
      throw RpcError.invalidParams("params: " + e.getMessage());
    } catch (SessionUnavailable e) {
      throw new RpcError(RpcError.INTERNAL, 200, String.valueOf(e.getMessage()), null);
    }
  }

  private JsonObject listTools(JsonObject params, ServerTools.Asking asking) {
    if (params.has("cursor")) {
      throw RpcError.invalidParams("params.cursor: all tools are on one page");
    }
    return servers.addTo(tools.list(), asking);
  }

  private JsonObject readResource(JsonObject params, Era era) {
    String uri = text(params, "uri");
    return resources
        .read(uri)
        .orElseThrow(() ->
            new RpcError(
                era == Era.LEGACY ? RpcError.RESOURCE_NOT_FOUND_LEGACY : RpcError.INVALID_PARAMS,
                200,
                "there is no such resource; see resources/list",
                JsonObject.builder().put("uri", uri).build()));
  }

  private JsonObject getPrompt(JsonObject params, @Nullable String urlSession) {
    JsonObject arguments =
        switch (params.get("arguments")) {
          case null -> JsonObject.EMPTY;
          case JsonNull() -> JsonObject.EMPTY;
          case JsonObject given -> given;
          default -> throw RpcError.invalidParams("params.arguments must be an object");
        };
    return prompts
        .get(text(params, "name"), arguments, urlSession)
        .orElseThrow(() -> RpcError.invalidParams("there is no such prompt; see prompts/list"));
  }

  private static String text(JsonObject params, String name) {
    if (params.get(name) instanceof JsonString(String text)) {
      return text;
    }
    throw RpcError.invalidParams("params." + name + " must be a string");
  }
}

package dev.planaria.app.cli;

import dev.planaria.app.clients.programs.JavaClient;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Calls by a Java client that was not made for Planaria.
///
/// @param client shows a result's `_meta`, or throws the text of a result that is an error: then
///   its words have to do, as they have to for a model
record EchoOverJava(JavaClient client) implements EchoCalls.Listing {

  /// How Planaria's words for each outcome begin.
  private static final Map<String, String> OUTCOMES =
      Map.of(
          "The outcome of this call is unknown", "unknown",
          "The call is queued", "queued",
          "The call was not run", "refused");

  @Override
  public List<String> tools() {
    return client.tools();
  }

  @Override
  public List<JsonObject> call(String operation, String tool, String arguments) throws IOException {
    Map<String, Object> meta = Map.of("dev.planaria/operationId", operation);
    try {
      JavaClient.Result result = client.call(tool, given(arguments), meta);
      return List.of(message(result.texts(), result.error(), result.meta()));
    } catch (RuntimeException e) {
      String said = String.valueOf(e.getMessage());
      for (Map.Entry<String, String> outcome : OUTCOMES.entrySet()) {
        if (said.contains(outcome.getKey())) {
          return List.of(
              message(List.of(said), true, Map.of("dev.planaria/outcome", outcome.getValue())));
        }
      }
      throw new IOException("the client has no answer", e);
    }
  }

  private static Map<String, Object> given(String arguments) {
    var given = new HashMap<String, Object>();
    Json.parseObject(arguments, JsonLimits.OWN)
        .members()
        .forEach((name, value) -> {
          switch (value) {
            case JsonString(String text) -> given.put(name, text);
            case JsonNumber number -> given.put(name, number.toLong());
            default -> throw new IllegalArgumentException(arguments);
          }
        });
    return given;
  }

  private static JsonObject message(List<String> texts, boolean error, Map<?, ?> meta) {
    var items = new ArrayList<JsonValue>();
    for (String text : texts) {
      items.add(JsonObject.builder().put("type", "text").put("text", text).build());
    }
    var shown = JsonObject.builder();
    meta.forEach((name, value) -> shown.put(String.valueOf(name), String.valueOf(value)));
    var result =
        JsonObject.builder()
            .put("content", new JsonArray(items))
            .put("isError", JsonBoolean.of(error))
            .put("_meta", shown.build());
    return JsonObject.builder().put("result", result.build()).build();
  }

  @Override
  public void close() {
    client.close();
  }
}

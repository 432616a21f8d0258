package dev.planaria.app.cli;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Calls of a legacy client over the lines of a shim.
final class EchoOverShim implements EchoCalls {
  private final AtomicInteger lastId = new AtomicInteger();
  private final WrapProcess wrap;

  /// @param wrap was initialized
  EchoOverShim(WrapProcess wrap) {
    this.wrap = wrap;
  }

  @Override
  public List<JsonObject> call(String operation, String tool, String arguments)
      throws IOException, InterruptedException {
    String id = Integer.toString(lastId.incrementAndGet());
    wrap.say(EchoOverHttp.callOf(id, operation, tool, arguments, false));
    return List.of(wrap.answer(id));
  }

  /// The requests that have not exactly one answer.
  List<String> notAnsweredOnce() {
    var counts = new int[lastId.get() + 1];
    for (JsonObject line : wrap.lines()) {
      JsonValue id = line.get("id");
      if (id != null && !line.has("method") && Json.write(id).matches("[0-9]+")) {
        counts[Integer.parseInt(Json.write(id))]++;
      }
    }
    return IntStream.rangeClosed(1, lastId.get())
        .filter(id -> counts[id] != 1)
        .mapToObj(id -> "request " + id + ": " + counts[id] + " answers")
        .toList();
  }

  @Override
  public void close() {
    wrap.close();
  }
}

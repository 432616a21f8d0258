package dev.planaria.chaos.client;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// The lines of one HTTP answer, as far as they came, be it plain JSON or events (HTML Standard,
/// section 9.2). Thread-safe: what came before a connection broke is kept.
final class Heard implements Flow.Subscriber<String> {

  private static final String DATA = "data:";
  private static final String ID = "id:";

  private final List<String> lines = new ArrayList<>();

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public synchronized void onNext(String line) {
    lines.add(line);
  }

  @Override
  public void onError(Throwable broken) {
    // Told to whoever waits for the answer.
  }

  @Override
  public void onComplete() {
    // The same.
  }

  /// The answer to the request with that id, if it came whole.
  synchronized Optional<JsonObject> answer(long id) {
    boolean events = lines.stream().anyMatch(line -> line.startsWith(DATA) || line.startsWith(ID));
    if (!events) {
      return parsed(String.join("\n", lines), id);
    }
    var data = new StringBuilder();
    for (String line : lines) {
      if (line.startsWith(DATA)) {
        data.append(line.substring(DATA.length()).strip());
      } else if (line.isEmpty() && !data.isEmpty()) {
        Optional<JsonObject> found = parsed(data.toString(), id);
        if (found.isPresent()) {
          return found;
        }
        data.setLength(0);
      }
    }
    return Optional.empty();
  }

  private static Optional<JsonObject> parsed(String text, long id) {
    try {
      JsonObject message = Json.parseObject(text, JsonLimits.OWN);
      return JsonNumber.of(id).equals(message.get("id")) ? Optional.of(message) : Optional.empty();
    } catch (JsonSyntaxException half) {
      return Optional.empty(); // not all of it came, or it was never JSON: no answer
    }
  }

  /// The id of the last event, from which the rest can be asked for; null when there was none.
  synchronized @Nullable String lastEventId() {
    String last = null;
    for (String line : lines) {
      if (line.startsWith(ID)) {
        last = line.substring(ID.length()).strip();
      }
    }
    return last;
  }

  /// The beginning of what came, for messages.
  @Override
  public synchronized String toString() {
    String all = String.join(" ", lines);
    return all.length() <= 200 ? all : all.substring(0, 200) + "...";
  }
}

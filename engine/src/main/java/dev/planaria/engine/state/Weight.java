package dev.planaria.engine.state;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonValue;
import org.jspecify.annotations.Nullable;

/// About how many bytes a part of a session takes as JSON: the texts and values that a caller
/// chose, and a fixed amount for the rest. Bounds memory and the size of operations.
final class Weight {

  private static final long FIXED_BYTES = 300;
  private static final long ID_BYTES = 24;

  private Weight() {}

  static long of(@Nullable Agent agent) {
    if (agent == null) {
      return 0;
    }
    long weight = FIXED_BYTES + text(agent.type()) + text(agent.name()) + value(agent.metadata());
    for (var capability : agent.capabilities()) {
      weight += text(capability);
    }
    return weight;
  }

  static long of(@Nullable Task task) {
    return task == null
        ? 0
        : FIXED_BYTES
            + text(task.description())
            + text(task.error())
            + value(task.result())
            + value(task.metadata())
            + ID_BYTES * task.dependsOn().size();
  }

  static long of(@Nullable Connection connection) {
    return connection == null
        ? 0
        : FIXED_BYTES
            + text(connection.id())
            + value(connection.capabilities())
            + text(connection.standing().reason())
            + text(connection.memory().session())
            + value(connection.memory().bindings())
            + text(connection.memory().replayIncomplete());
  }

  static long of(@Nullable Call call) {
    return call == null
        ? 0
        : FIXED_BYTES
            + text(call.id().principal())
            + text(call.id().operationId())
            + text(call.connectionId())
            + text(call.method())
            + text(call.target())
            + text(call.params())
            + text(call.argumentsDigest())
            + text(call.outcome())
            + text(call.reason());
  }

  private static long text(@Nullable String text) {
    return text == null ? 0 : Json.lengthOfString(text);
  }

  private static long value(@Nullable JsonValue value) {
    return value == null ? 0 : Json.length(value);
  }
}

package dev.planaria.engine.state;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.util.List;

/// Rules for connections, which the gateway records.
final class ConnectionRules {

  private ConnectionRules() {}

  static Operation put(SessionState state, Command.PutConnection command, Limits limits) {
    var connection = command.connection();
    Check.line("connection_id", connection.id(), limits);
    Check.value("capabilities", connection.capabilities(), limits);
    if (connection.consecutiveFailures() < 0) {
      throw Check.invalid("consecutive_failures", "must not be negative");
    }
    standing(connection.standing(), limits);
    memory(connection.memory(), limits);
    Connection old = state.connections().get(connection.id());
    if (old == null && state.connections().size() >= limits.connections()) {
      throw Check.overLimit(
          "the session has " + state.connections().size() + " connections already", "connections");
    }
    return new Operation.ConnectionPut(Room.forConnection(state, old, connection, limits));
  }

  private static void standing(Connection.Standing standing, Limits limits) {
    Check.prose("reason", standing.reason(), limits);
    if (standing.attempts() < 0) {
      throw Check.invalid("attempts", "must not be negative");
    }
  }

  private static void memory(Connection.Memory memory, Limits limits) {
    if (memory.session() != null) {
      Check.prose("upstream_session", memory.session(), limits);
    }
    // One level of texts; how many is a matter of the session's bytes.
    memory.bindings().members().forEach(ConnectionRules::binding);
    Check.value("asked", memory.asked(), limits);
    if (memory.replayIncomplete() != null) {
      Check.prose("replay_incomplete", memory.replayIncomplete(), limits);
    }
    if (memory.lossesAnnounced() < 0 || memory.losses() < memory.lossesAnnounced()) {
      throw Check.invalid("losses_announced", "must be at least 0 and at most `losses`");
    }
  }

  private static void binding(String first, JsonValue present) {
    if (!(present instanceof JsonString(var text))
        || !Json.isExpressible(first)
        || !Json.isExpressible(text)) {
      throw Check.invalid("bindings", "must hold texts by name, without unpaired surrogates");
    }
  }

  static Operation remove(SessionState state, Command.RemoveConnection command, Decision decision) {
    String id = command.connectionId();
    Check.line("connection_id", id, decision.limits());
    long now = decision.nowMillis();
    List<CallId> replay = state.replayableCalls(id).map(Call::id).toList();
    return new Operation.ConnectionRemoved(
        id,
        state.connections().containsKey(id),
        CallRules.interrupted(state, id, "its connection was removed", decision),
        replay.isEmpty()
            ? null
            : new Operation.LetGo(replay, now + decision.limits().calls().resultMillis()));
  }
}

package dev.planaria.engine.state;

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
    Connection old = state.connections().get(connection.id());
    if (old == null && state.connections().size() >= limits.connections()) {
      throw Check.overLimit(
          "the session has " + state.connections().size() + " connections already", "connections");
    }
    return new Operation.ConnectionPut(Room.forConnection(state, old, connection, limits));
  }

  static Operation remove(SessionState state, Command.RemoveConnection command, Limits limits) {
    Check.line("connection_id", command.connectionId(), limits);
    return new Operation.ConnectionRemoved(
        command.connectionId(), state.connections().containsKey(command.connectionId()));
  }
}

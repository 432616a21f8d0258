package dev.planaria.app.gateway.upstreams.echo;

import dev.planaria.engine.json.JsonObject;

/// The client, as seen from a tool that runs for it.
interface EchoPeer {
  /// Says something on the way to the answer.
  void tell(String method, JsonObject params);

  /// Says something that belongs to no request.
  void announce(String method, JsonObject params);

  /// Asks the client something and waits for what it answers: the whole message.
  JsonObject ask(String method, JsonObject params);
}

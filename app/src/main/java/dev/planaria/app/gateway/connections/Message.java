package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.Rpc;
import dev.planaria.app.gateway.wire.RpcId;
import dev.planaria.engine.json.JsonString;

/// What a server says to a client unasked.
public sealed interface Message {
  /// What it is about.
  String method();

  /// The rest of it.
  RawObject params();

  /// The message for a client.
  byte[] toBytes();

  /// It wants no answer.
  record Told(String method, RawObject params) implements Message {
    @Override
    public byte[] toBytes() {
      return Rpc.message(null, method, params);
    }
  }

  /// It wants an answer: sampling, elicitation, roots.
  ///
  /// @param id ours, by which the answer finds its way
  record Asked(String id, String method, RawObject params) implements Message {
    @Override
    public byte[] toBytes() {
      return Rpc.message(new RpcId(new JsonString(id)), method, params);
    }
  }
}

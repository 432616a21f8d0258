package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.replay.IdBinding;
import dev.planaria.app.gateway.replay.Profile;
import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.engine.json.JsonLimits;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Ids on their way: a client knows things by the ids that it was first given, the server by those
/// that it has given since. Where nothing is bound, nothing is touched. Pure.
final class Rewriting {
  private Rewriting() {}

  static RawObject toServer(IdBinding ids, RawObject params) {
    return ids.size() == 0 ? params : raw(ids.toServer(text(params)));
  }

  static RawAnswer toClient(IdBinding ids, Profile profile, Ask ask, RawAnswer answer) {
    if (ids.size() == 0 || !(answer instanceof RawAnswer.Result(RawObject result))) {
      return answer;
    }
    String outcome = text(result);
    String tool = ask.target();
    Optional<String> collision =
        ask.method().equals(Ask.CALL) && tool != null
            ? ids.collision(profile, tool, outcome)
            : Optional.empty();
    return collision
        .map(why ->
            Words.refused(
                RpcError.INTERNAL, "the call was run, and its result cannot be told: " + why))
        .orElseGet(() -> new RawAnswer.Result(raw(ids.toClient(outcome))));
  }

  static String text(RawObject object) {
    return new String(object.bytes(), StandardCharsets.UTF_8);
  }

  static RawObject raw(String json) {
    return RawObject.parse(json.getBytes(StandardCharsets.UTF_8), JsonLimits.OWN);
  }
}

package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.RpcId;
import org.jspecify.annotations.Nullable;

/// Hears nothing: for a sibling that is asked one question.
final class Unheard implements UpstreamEvents {
  @Override
  public void notification(String method, RawObject params, @Nullable UpstreamRequest during) {
    // nobody asked
  }

  @Override
  public void request(RpcId id, String method, RawObject params, @Nullable UpstreamRequest during) {
    // it will end before it gets an answer
  }

  @Override
  public void missed() {
    // nothing was expected
  }

  @Override
  public void ended(Trouble reason) {
    // the question has failed as well
  }
}

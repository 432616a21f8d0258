package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.RawObject;

/// What somebody answered to a request, unchanged.
public sealed interface RawAnswer {
  /// The request was carried out.
  ///
  /// @param raw the `result`
  record Result(RawObject raw) implements RawAnswer {}

  /// The request was refused or failed.
  ///
  /// @param raw the `error`: `{"code", "message", "data"?}`
  record Refusal(RawObject raw) implements RawAnswer {}
}

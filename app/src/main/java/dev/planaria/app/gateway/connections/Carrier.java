package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.upstreams.RequestFailed;
import dev.planaria.app.gateway.upstreams.UpstreamSession;

/// Takes one request to the server and brings its answer back, both in the words of the client who
/// asked.
interface Carrier {
  /// Carries a request.
  ///
  /// @param timeoutMillis how long to wait for the answer
  /// @throws RequestFailed when there is none
  RawAnswer carry(UpstreamSession session, Ask ask, long timeoutMillis)
      throws RequestFailed, InterruptedException;
}

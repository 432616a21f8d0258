package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.RpcId;
import org.jspecify.annotations.Nullable;

/// What a server says unasked. Called by the threads that read from it, one call at a time for each
/// stream and in the order of arrival; an implementation is thread-safe and does not wait, since
/// what is behind it waits too.
public interface UpstreamEvents {
  /// A notification, except progress, which goes to its request.
  ///
  /// @param during the request on whose stream it came; null when it came on a stream of its own,
  ///   or over a pipe, where nobody can tell
  void notification(String method, RawObject params, @Nullable UpstreamRequest during);

  /// A request of the server (sampling, elicitation, roots), to be answered by
  /// [UpstreamSession#respond]. Pings are answered by the session and never come here.
  ///
  /// @param id the server's id, which the answer must carry
  /// @param during as for a notification
  void request(RpcId id, String method, RawObject params, @Nullable UpstreamRequest during);

  /// A stream of notifications broke and was opened again; what was said meanwhile is lost.
  void missed();

  /// The conversation is over, and every request that waited was told. Called once, last; not after
  /// [UpstreamSession#close].
  void ended(Trouble reason);
}

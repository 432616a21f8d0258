package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.RawObject;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request to a server. Its JSON-RPC id and its progress token are chosen by the session; what
/// else stands in `params`, `_meta` included, is passed on unchanged. Each request is its own: two
/// with equal content are different.
public final class UpstreamRequest {
  private final String method;
  private final RawObject params;
  private final long timeoutMillis;
  private @Nullable Consumer<RawObject> onProgress;
  private @Nullable String logLevel;
  private @Nullable RawObject clientCapabilities;

  private UpstreamRequest(String method, RawObject params, long timeoutMillis) {
    this.method = method;
    this.params = params;
    this.timeoutMillis = timeoutMillis;
  }

  /// A request as the client sent it.
  ///
  /// @param method the JSON-RPC method
  /// @param params its parameters; a `progressToken` in its `_meta` is taken out, see
  ///   [#withProgress]
  /// @param timeoutMillis how long to wait for the whole answer, from the call of
  ///   [UpstreamSession#request]
  public static UpstreamRequest of(String method, RawObject params, long timeoutMillis) {
    return new UpstreamRequest(method, params, timeoutMillis);
  }

  /// The same request, which asks for progress.
  ///
  /// @param onProgress takes the params of each `notifications/progress`, whose `progressToken` is
  ///   the session's; called by the thread that reads from the server, so it must not wait
  public UpstreamRequest withProgress(Consumer<RawObject> onProgress) {
    UpstreamRequest same = copy();
    same.onProgress = onProgress;
    return same;
  }

  /// The same request, which asks a modern server for log messages; legacy servers are told by
  /// `logging/setLevel`, and this is left out.
  public UpstreamRequest withLogLevel(String level) {
    UpstreamRequest same = copy();
    same.logLevel = level;
    return same;
  }

  /// The same request, which offers a modern server other capabilities than those of the session;
  /// legacy servers have heard theirs already, and this is left out.
  public UpstreamRequest withClientCapabilities(RawObject capabilities) {
    UpstreamRequest same = copy();
    same.clientCapabilities = capabilities;
    return same;
  }

  private UpstreamRequest copy() {
    var same = new UpstreamRequest(method, params, timeoutMillis);
    same.onProgress = onProgress;
    same.logLevel = logLevel;
    same.clientCapabilities = clientCapabilities;
    return same;
  }

  /// The JSON-RPC method.
  public String method() {
    return method;
  }

  /// The parameters as the client sent them.
  public RawObject params() {
    return params;
  }

  /// How long to wait for the whole answer.
  public long timeoutMillis() {
    return timeoutMillis;
  }

  @Nullable Consumer<RawObject> onProgress() {
    return onProgress;
  }

  @Nullable String logLevel() {
    return logLevel;
  }

  @Nullable RawObject clientCapabilities() {
    return clientCapabilities;
  }
}

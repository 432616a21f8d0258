package dev.planaria.app.gateway.upstreams;

/// The answer did not come in time. The conversation goes on.
public final class UpstreamTimeout extends RequestFailed {
  private static final long serialVersionUID = 1L;

  /// @param timeoutMillis how long it was waited for
  /// @param sent whether the request may have been carried out
  public UpstreamTimeout(long timeoutMillis, Sent sent) {
    super("the server did not answer within " + timeoutMillis + " ms", sent);
  }
}

package dev.planaria.app.gateway.upstreams;

/// Somebody here took the request back. The conversation goes on.
public final class UpstreamCancelled extends RequestFailed {
  private static final long serialVersionUID = 1L;

  /// @param sent whether the request may have been carried out
  public UpstreamCancelled(Sent sent) {
    super("the request was cancelled", sent);
  }
}

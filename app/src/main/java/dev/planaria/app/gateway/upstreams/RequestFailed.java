package dev.planaria.app.gateway.upstreams;

/// A request that got no answer.
public abstract sealed class RequestFailed extends Exception
    permits UpstreamBroken, UpstreamTimeout, UpstreamCancelled {
  private static final long serialVersionUID = 1L;

  private final Sent sent;

  RequestFailed(String message, Sent sent) {
    super(message);
    this.sent = sent;
  }

  /// Whether it may have been carried out all the same.
  public Sent sent() {
    return sent;
  }
}

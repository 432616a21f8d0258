package dev.planaria.app.gateway.upstreams;

/// The connection failed under a request, or before it.
public final class UpstreamBroken extends RequestFailed {
  private static final long serialVersionUID = 1L;

  private final transient Trouble trouble;

  /// @param trouble what happened
  /// @param sent whether the request may have been carried out
  public UpstreamBroken(Trouble trouble, Sent sent) {
    super(trouble.sentence(), sent);
    this.trouble = trouble;
  }

  /// What happened.
  public Trouble trouble() {
    return trouble;
  }
}

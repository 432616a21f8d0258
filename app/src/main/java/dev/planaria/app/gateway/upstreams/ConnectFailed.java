package dev.planaria.app.gateway.upstreams;

/// There is no conversation with the server, and nothing is left of the attempt.
public final class ConnectFailed extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Trouble trouble;

  /// @param trouble what happened
  public ConnectFailed(Trouble trouble) {
    super(trouble.sentence());
    this.trouble = trouble;
  }

  /// What happened.
  public Trouble trouble() {
    return trouble;
  }
}

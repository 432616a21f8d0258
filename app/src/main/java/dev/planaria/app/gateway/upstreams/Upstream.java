package dev.planaria.app.gateway.upstreams;

/// A way to reach one MCP server. Thread-safe.
public interface Upstream {
  /// Begins a conversation: starts a fresh process, or opens a fresh HTTP session, and introduces
  /// us.
  ///
  /// @throws ConnectFailed when there is no conversation; nothing is left behind
  /// @throws InterruptedException when the thread was interrupted; nothing is left behind
  UpstreamSession connect(ClientIntroduction client, UpstreamEvents events)
      throws ConnectFailed, InterruptedException;

  /// Goes on with an HTTP session that an earlier process of ours had opened, after asking the
  /// server whether it still knows it.
  ///
  /// @throws ConnectFailed as [#connect]; with [Trouble.SessionLost] when the server has forgotten
  ///   it, or when this kind of server has no sessions that outlive a connection
  default UpstreamSession resume(
      StoredSession stored, ClientIntroduction client, UpstreamEvents events)
      throws ConnectFailed, InterruptedException {
    throw new ConnectFailed(new Trouble.SessionLost(0));
  }
}

package dev.planaria.app.gateway.clients;

/// How clients are served.
///
/// @param retryMillis what a client whose stream broke waits before it resumes. Clients try twice,
///   so twice this is the time we have to come back; a worker needs less than a second
/// @param keepAliveMillis how often a quiet stream says something; proxies cut after 30 s or more
/// @param streamsPerLink how many standalone streams a link may hold open; clients use one
/// @param batchMessages how many messages a batch may hold; only one old revision has batches
/// @param links how links are kept
public record ClientSettings(
    long retryMillis,
    long keepAliveMillis,
    int streamsPerLink,
    int batchMessages,
    LinkSettings links) {
  /// What holds unless a test says otherwise.
  public static final ClientSettings DEFAULT =
      new ClientSettings(3_000, 15_000, 8, 100, LinkSettings.DEFAULT);
}

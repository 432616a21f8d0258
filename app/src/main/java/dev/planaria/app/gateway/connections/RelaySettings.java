package dev.planaria.app.gateway.connections;

/// How long clients of a server behind Planaria wait, and for what.
///
/// @param answerMillis how long a request waits for the server to be there before its client is
///   told that it is queued, or could not be sent; clients themselves give up after 20 to 60 s
/// @param staleMillis how long a list waits before the last known one is given instead
/// @param callMillis how long a request may run at the server before its outcome is called unknown
/// @param repeats how often a request that changes nothing is sent again when the connection breaks
///   under it, before its client is told
/// @param introductionMillis how long a client that begins waits for a server that nobody has heard
///   of yet: a package that is fetched at the first start needs most of a minute
public record RelaySettings(
    long answerMillis, long staleMillis, long callMillis, int repeats, long introductionMillis) {
  /// What holds unless the operator says otherwise.
  public static final RelaySettings DEFAULT = new RelaySettings(15_000, 2_000, 600_000, 5, 45_000);
}

package dev.planaria.app.gateway.upstreams;

import dev.planaria.engine.json.JsonLimits;

/// How patient we are with servers over HTTP, and how much we hold for them.
///
/// @param message what one message may ask of us
/// @param connectMillis until a connection must stand: as long as a lost SYN is sent four times
/// @param handshakeMillis until `server/discover`, `initialize` or the first event must be there
/// @param resumeAttempts how often in a row a broken stream is opened again in vain, before what
///   waits on it is told
/// @param pauseMillis how long to wait before a stream is opened again, unless the server says
/// @param longestPauseMillis how long a server may ask us to wait, and how far the pause grows for
///   streams that end at once
/// @param closeMillis what a server gets to hear that a session is over
/// @param mostRedirects how often in a row a request may be sent elsewhere within its origin
public record HttpSettings(
    JsonLimits message,
    long connectMillis,
    long handshakeMillis,
    int resumeAttempts,
    long pauseMillis,
    long longestPauseMillis,
    long closeMillis,
    int mostRedirects) {
  /// What a daemon uses.
  public static final HttpSettings DEFAULT =
      new HttpSettings(StdioSettings.MESSAGE, 15_000, 30_000, 5, 1_000, 30_000, 2_000, 3);
}

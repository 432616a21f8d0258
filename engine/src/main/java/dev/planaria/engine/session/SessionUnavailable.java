package dev.planaria.engine.session;

import dev.planaria.engine.state.SessionId;

/// A session exists but cannot serve: damage was found in it. Other sessions are not affected.
public final class SessionUnavailable extends RuntimeException {

  private static final System.Logger LOG = System.getLogger(SessionUnavailable.class.getName());

  private static final long serialVersionUID = 1L;

  private final transient SessionId sessionId;

  /// @param sessionId the session
  /// @param message what was found and what to do, in a sentence
  public SessionUnavailable(SessionId sessionId, String message) {
    super(message);
    this.sessionId = sessionId;
  }

  /// The session.
  public SessionId sessionId() {
    return sessionId;
  }

  /// Runs a recovery that nobody waits for: when the session is quarantined, that is logged.
  static void unlessQuarantined(Runnable recovery) {
    try {
      recovery.run();
    } catch (SessionUnavailable quarantined) {
      LOG.log(System.Logger.Level.WARNING, quarantined.getMessage());
    }
  }
}

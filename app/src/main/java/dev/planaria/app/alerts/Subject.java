package dev.planaria.app.alerts;

import org.jspecify.annotations.Nullable;

/// What an alert is about: a session, a server of a session, or the daemon as a whole.
///
/// @param sessionId null for the daemon
/// @param sessionName as it was when the alert fired; not part of the identity
/// @param server a server behind Planaria, or null
public record Subject(
    @Nullable String sessionId, @Nullable String sessionName, @Nullable String server) {
  /// The daemon as a whole.
  public static final Subject DAEMON = new Subject(null, null, null);

  /// All subjects of a type beyond those that are told one by one.
  public static final Subject OTHERS = new Subject(null, null, "(others)");

  /// A session.
  public static Subject session(String id, String name) {
    return new Subject(id, name, null);
  }

  /// A server of a session.
  public static Subject server(String id, String name, String server) {
    return new Subject(id, name, server);
  }

  /// Tells one subject from another.
  public String key() {
    return (sessionId == null ? "" : sessionId) + "|" + (server == null ? "" : server);
  }

  /// As the beginning of a sentence.
  String words() {
    if (sessionName == null) {
      return server == null ? "the daemon" : server;
    }
    return server == null
        ? "session " + sessionName
        : "server " + server + " of session " + sessionName;
  }
}

package dev.planaria.app.shim;

import java.io.IOException;
import java.util.Optional;

/// Where the daemons of one data directory are found and started. Thread-safe.
public interface Daemons {

  /// The daemon that runs now, or nothing.
  ///
  /// @throws IOException in one sentence, when what it says of itself cannot be trusted or read
  Optional<Daemon> find() throws IOException;

  /// Sees to it that one is being started, and returns at once; nothing to do when one is.
  ///
  /// @throws IOException in one sentence, when the last start has failed, or none is possible; the
  ///   next call starts another
  void ensureStarting() throws IOException;

  /// A running daemon.
  ///
  /// @param front its first process, which holds the port; two are the same when the texts are
  /// @param worker its second process, likewise
  /// @param host the name or address at which it answers
  /// @param port the port at which it answers
  /// @param token the operator's token
  record Daemon(String front, String worker, String host, int port, String token) {

    /// Never shows the token.
    @Override
    public String toString() {
      return "Daemon[" + host + ":" + port + ", front " + front + ", worker " + worker + "]";
    }
  }
}

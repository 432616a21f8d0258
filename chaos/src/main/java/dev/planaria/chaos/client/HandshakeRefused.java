package dev.planaria.chaos.client;

import java.io.IOException;

/// A daemon is there and does not shake hands.
public final class HandshakeRefused extends IOException {

  private static final long serialVersionUID = 1L;

  /// Of an error that names no reason, since whatever broke was not foreseen.
  private static final int UNFORESEEN = 500;

  private final int status;

  /// @param status of HTTP
  /// @param answer the rest of what came
  HandshakeRefused(int status, String answer) {
    super("the handshake was answered with " + status + " " + answer);
    this.status = status;
  }

  /// True when the answer says why, so that somebody can do something about it.
  public boolean saysWhy() {
    return status != UNFORESEEN;
  }
}

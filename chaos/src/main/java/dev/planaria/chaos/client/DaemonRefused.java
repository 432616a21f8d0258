package dev.planaria.chaos.client;

import java.io.IOException;

/// A daemon is there and does not do what is asked, in the language of HTTP.
public final class DaemonRefused extends IOException {

  private static final long serialVersionUID = 1L;

  /// Of an error that names no reason, since whatever broke was not foreseen.
  private static final int UNFORESEEN = 500;

  private final int status;

  /// @param asked what was asked, in a few words
  /// @param status of HTTP
  /// @param answer the rest of what came
  DaemonRefused(String asked, int status, String answer) {
    super(asked + " was answered with " + status + " " + answer);
    this.status = status;
  }

  /// True when the answer says why, so that somebody can do something about it.
  public boolean saysWhy() {
    return status != UNFORESEEN;
  }
}

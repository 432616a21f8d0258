package dev.planaria.chaos.client;

import java.io.IOException;

/// A daemon is there and does not do what is asked, in the language of HTTP.
public final class DaemonRefused extends IOException {

  private static final long serialVersionUID = 1L;

  private final int status;

  /// @param asked what was asked, in a few words
  /// @param status of HTTP
  /// @param answer the rest of what came
  DaemonRefused(String asked, int status, String answer) {
    super(asked + " was answered with " + status + " " + answer);
    this.status = status;
  }

  /// True when it says that what was asked for cannot be served now: 503, or 409 for a session.
  public boolean isUnavailable() {
    return status == 503 || status == 409;
  }
}

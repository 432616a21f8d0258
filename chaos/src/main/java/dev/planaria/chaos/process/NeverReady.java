package dev.planaria.chaos.process;

import java.io.IOException;

/// A daemon neither served nor ended in time: nothing was said with which anybody could act.
public final class NeverReady extends IOException {
  private static final long serialVersionUID = 1L;

  NeverReady(String message) {
    super(message);
  }
}

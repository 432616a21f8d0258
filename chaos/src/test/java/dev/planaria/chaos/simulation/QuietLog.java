package dev.planaria.chaos.simulation;

import java.util.logging.Level;
import java.util.logging.Logger;

/// The engine warns of every fault; a simulation has thousands of them, and a log of its own.
final class QuietLog {

  private static final Logger ENGINE = Logger.getLogger("dev.planaria.engine");

  private QuietLog() {}

  /// Lets the engine's log be silent in this JVM.
  static void begin() {
    ENGINE.setLevel(Level.OFF);
  }
}

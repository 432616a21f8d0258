package dev.planaria.chaos.simulation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongSupplier;

/// What happened, a line for each event with its virtual time. Not thread-safe: written by whoever
/// has the turn.
public final class EventLog {

  private final LongSupplier nowMillis;
  private final StringBuilder text = new StringBuilder();

  /// @param nowMillis virtual time
  public EventLog(LongSupplier nowMillis) {
    this.nowMillis = nowMillis;
  }

  /// Adds a line.
  public void add(String event) {
    text.append(nowMillis.getAsLong()).append(' ').append(event).append('\n');
  }

  /// Everything so far.
  public String text() {
    return text.toString();
  }

  /// SHA-256 of everything so far, in hex.
  public String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}

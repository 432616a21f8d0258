package dev.planaria.engine.state;

import java.util.UUID;

/// Names one session for ever. A UUIDv7 (RFC 9562), so that ids sort by creation.
///
/// @param uuid the id
public record SessionId(UUID uuid) implements Comparable<SessionId> {

  /// Reads an id in the form that [#toString] writes.
  ///
  /// @throws IllegalArgumentException when the text is not 36 characters of canonical, lower-case
  ///   UUID
  public static SessionId parse(String text) {
    if (!looksLikeId(text)) {
      throw new IllegalArgumentException(
          "not a session id: 36 lower-case characters of a UUID are expected");
    }
    return new SessionId(UUID.fromString(text));
  }

  /// True when the text has the form of a session id; names never have it.
  public static boolean looksLikeId(String text) {
    if (text.length() != 36) {
      return false;
    }
    for (int i = 0; i < 36; i++) {
      char c = text.charAt(i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      boolean hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
      if (dash ? c != '-' : !hex) {
        return false;
      }
    }
    return true;
  }

  /// The order of the texts.
  @Override
  public int compareTo(SessionId other) {
    int byHigh =
        Long.compareUnsigned(uuid.getMostSignificantBits(), other.uuid.getMostSignificantBits());
    return byHigh != 0
        ? byHigh
        : Long.compareUnsigned(
            uuid.getLeastSignificantBits(), other.uuid.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return uuid.toString();
  }
}

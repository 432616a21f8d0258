package dev.planaria.app.gateway.wire;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The revisions of MCP that are spoken here, oldest first.
public enum ProtocolVersion {
  V2024_11_05("2024-11-05"),
  V2025_03_26("2025-03-26"),
  V2025_06_18("2025-06-18"),
  V2025_11_25("2025-11-25"),
  V2026_07_28("2026-07-28");

  /// What a legacy client is offered when it asks for a version that is not spoken.
  public static final ProtocolVersion NEWEST_LEGACY = V2025_11_25;

  private final String text;

  ProtocolVersion(String text) {
    this.text = text;
  }

  /// The revision's name on the wire.
  public String text() {
    return text;
  }

  /// The revision of that name.
  public static Optional<ProtocolVersion> of(String text) {
    return Arrays.stream(values()).filter(version -> version.text.equals(text)).findFirst();
  }

  /// True for a revision with a handshake and links; false for one without state.
  public boolean isLegacy() {
    return compareTo(V2025_11_25) <= 0;
  }

  /// True when a stream begins with an event that has an id and no data; older clients may choke on
  /// one.
  public boolean hasPrimer() {
    return this == V2025_11_25;
  }

  /// True when a body may be an array of messages.
  public boolean hasBatches() {
    return this == V2025_03_26;
  }

  /// The names of the stateless revisions.
  public static List<String> modernTexts() {
    return Arrays.stream(values())
        .filter(version -> !version.isLegacy())
        .map(ProtocolVersion::text)
        .toList();
  }
}

package dev.planaria.app.gateway.clients;

import java.util.Optional;

/// An event's id: the stream it belongs to and its place there, so that whoever is shown it knows
/// what its reader already has.
///
/// @param stream names the stream
/// @param position 0 for the primer, 1 for the answer
record StreamPosition(String stream, int position) {
  /// The place of the event that carries nothing but its id.
  static final int PRIMER = 0;

  /// The place of the last event.
  static final int ANSWER = 1;

  private static final int MAX_CHARACTERS = 128;

  /// Reads an event id; nothing when it is none of ours.
  static Optional<StreamPosition> parse(String eventId) {
    int dash = eventId.lastIndexOf('-');
    if (dash < 1 || eventId.length() > MAX_CHARACTERS) {
      return Optional.empty();
    }
    return switch (eventId.substring(dash + 1)) {
      case "0" -> Optional.of(new StreamPosition(eventId.substring(0, dash), PRIMER));
      case "1" -> Optional.of(new StreamPosition(eventId.substring(0, dash), ANSWER));
      default -> Optional.empty();
    };
  }

  @Override
  public String toString() {
    return stream + "-" + position;
  }
}

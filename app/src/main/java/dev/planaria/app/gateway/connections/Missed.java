package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.state.Connection;
import java.util.Collection;
import java.util.List;

/// Makes up for notifications that were lost with a conversation: whoever listens is told that
/// everything may have changed.
final class Missed {
  private Missed() {}

  /// @param resources what clients have subscribed to
  static void tell(Voice voice, Connection connection, Collection<String> resources) {
    Introductions.read(connection)
        .ifPresent(server -> {
          for (String kind : List.of("tools", "prompts", "resources")) {
            if (server.capabilities().has(kind)) {
              voice.tellAll("notifications/" + kind + "/list_changed", RawObject.EMPTY);
            }
          }
        });
    resources.forEach(uri -> voice.tellAll("notifications/resources/updated", Voice.uri(uri)));
  }
}

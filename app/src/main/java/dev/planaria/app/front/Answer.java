package dev.planaria.app.front;

import dev.planaria.engine.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// An answer of the front's own: always JSON, always small.
///
/// @param status HTTP status
/// @param extra one more header field, or null
/// @param body JSON, UTF-8
@SuppressWarnings("ArrayRecordComponent") // written to a socket and forgotten, never compared
record Answer(int status, @Nullable Header extra, byte[] body) {

  /// An answer with that document.
  static Answer of(int status, JsonObject document) {
    return new Answer(status, null, FrontJson.write(document).getBytes(StandardCharsets.UTF_8));
  }
}

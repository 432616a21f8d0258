package dev.planaria.app.front;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The head of the worker's answer.
///
/// @param status HTTP status
/// @param reason the words after it, perhaps none
/// @param headers as sent
record ResponseHead(int status, String reason, List<Header> headers) {

  @Nullable String header(String name) {
    return Headers.first(headers, name);
  }

  /// True when the body is a stream of server-sent events.
  boolean isEventStream() {
    var type = header("content-type");
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }

  /// True when an answer with this status never has a body (RFC 9110, section 6.4.1).
  boolean isBodiless() {
    return status == 204 || status == 304 || status < 200;
  }
}

package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.wire.BadRequest;
import dev.planaria.app.gateway.wire.Headers;
import java.util.List;
import java.util.Locale;

/// The HTTP headers with which client and server agree on formats.
public final class Negotiation {
  private static final String JSON = "application/json";
  private static final String EVENTS = "text/event-stream";

  private Negotiation() {}

  /// A body must be JSON in UTF-8, as it is.
  ///
  /// @throws BadRequest with status 415 when it is announced as anything else
  public static void requireJsonBody(Headers headers) {
    String type = headers.single("Content-Type");
    if (type == null || !mediaType(type).equals(JSON)) {
      throw new BadRequest(415, "Content-Type must be " + JSON);
    }
    String parameters = type.toLowerCase(Locale.ROOT);
    if (parameters.contains("charset=") && !parameters.contains("utf-8")) {
      throw new BadRequest(415, "the charset of a JSON body must be utf-8");
    }
    String encoding = headers.single("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new BadRequest(415, "Content-Encoding is not accepted; send the body as it is");
    }
  }

  /// A client must be able to read both forms that an answer may have.
  ///
  /// @throws BadRequest with status 406 when it is not
  static void requireBothAccepted(Headers headers) {
    if (!accepts(headers, JSON) || !accepts(headers, EVENTS)) {
      throw new BadRequest(406, "Accept must list " + JSON + " and " + EVENTS);
    }
  }

  /// A client that wants a stream must be able to read one.
  ///
  /// @throws BadRequest with status 406 when it is not
  static void requireEventsAccepted(Headers headers) {
    if (!accepts(headers, EVENTS)) {
      throw new BadRequest(406, "Accept must list " + EVENTS);
    }
  }

  /// No `Accept` at all means anything (RFC 9110 section 12.5.1).
  private static boolean accepts(Headers headers, String type) {
    List<String> accepted = headers.list("Accept");
    String family = type.substring(0, type.indexOf('/')) + "/*";
    return accepted.isEmpty()
        || accepted.stream()
            .map(Negotiation::mediaType)
            .anyMatch(range -> range.equals(type) || range.equals(family) || range.equals("*/*"));
  }

  private static String mediaType(String value) {
    int parameters = value.indexOf(';');
    return (parameters < 0 ? value : value.substring(0, parameters))
        .strip()
        .toLowerCase(Locale.ROOT);
  }
}

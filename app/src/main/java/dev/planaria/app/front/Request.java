package dev.planaria.app.front;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One client request, complete. Immutable, but for the body, which is released when the request
/// has been answered.
///
/// @param method as sent
/// @param target as sent: a path and perhaps a query; the parser and [RequestReader] hold it to
///   visible ASCII
/// @param http11 false for HTTP/1.0
/// @param headers as sent
/// @param body the bytes, perhaps none
record Request(String method, String target, boolean http11, List<Header> headers, Body body) {

  /// The path without the query.
  String path() {
    var query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  /// True when the client means to send another request on this connection (RFC 9112, section 9.3).
  boolean keepsAlive() {
    if (Headers.lists(headers, "connection", "close")) {
      return false;
    }
    return http11 || Headers.lists(headers, "connection", "keep-alive");
  }

  @Nullable String header(String name) {
    return Headers.first(headers, name);
  }
}

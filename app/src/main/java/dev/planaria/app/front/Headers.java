package dev.planaria.app.front;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Questions about header fields, and which of them travel.
final class Headers {

  /// Fields that belong to one connection (RFC 9110, section 7.6.1), and the framing, which is
  /// written anew on each side.
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "content-length",
          "expect");

  private Headers() {}

  /// The value of the first field of that name, given in lower case, or null.
  static @Nullable String first(List<Header> headers, String name) {
    for (var header : headers) {
      if (header.is(name)) {
        return header.value();
      }
    }
    return null;
  }

  /// True when a field of that name lists the token, both given in lower case.
  static boolean lists(List<Header> headers, String name, String token) {
    for (var header : headers) {
      if (header.is(name) && listed(header.value()).contains(token)) {
        return true;
      }
    }
    return false;
  }

  /// The fields that are passed on: without those of one hop, without the ones that `Connection`
  /// names, without `Planaria-*`, which only the front may write, and without anything that claims
  /// where a request came from.
  static List<Header> endToEnd(List<Header> headers) {
    List<String> named = List.of();
    for (var header : headers) {
      if (header.is("connection")) {
        named = new ArrayList<>(named);
        named.addAll(listed(header.value()));
      }
    }
    var kept = new ArrayList<Header>(headers.size());
    for (var header : headers) {
      var name = header.lowerCaseName();
      // A Connection field that names Host must not leave the request without one.
      if (name.equals("host") || (!named.contains(name) && travels(name))) {
        kept.add(header);
      }
    }
    return kept;
  }

  private static boolean travels(String lowerCaseName) {
    return !HOP_BY_HOP.contains(lowerCaseName)
        && !lowerCaseName.startsWith("planaria-")
        && !lowerCaseName.startsWith("x-forwarded-")
        && !lowerCaseName.equals("forwarded")
        && !lowerCaseName.equals("x-real-ip");
  }

  private static List<String> listed(String value) {
    var tokens = new ArrayList<String>();
    var start = 0;
    for (var at = 0; at <= value.length(); at++) {
      if (at == value.length() || value.charAt(at) == ',') {
        var token = value.substring(start, at).strip();
        if (!token.isEmpty()) {
          tokens.add(token.toLowerCase(Locale.ROOT));
        }
        start = at + 1;
      }
    }
    return tokens;
  }

  /// Writes the fields as lines.
  static void write(StringBuilder out, List<Header> headers) {
    for (var header : headers) {
      out.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
  }
}

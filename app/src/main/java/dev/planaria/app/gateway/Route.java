package dev.planaria.app.gateway;

import dev.planaria.app.dashboard.Dashboard;
import dev.planaria.app.gateway.wire.Address;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a request is addressed to.
sealed interface Route {
  /// The process lives.
  record Live() implements Route {}

  /// It can serve.
  record Ready() implements Route {}

  /// The session tools, or a server behind Planaria.
  record Mcp(Address address) implements Route {}

  /// JSON for the command line and the dashboard.
  record Api(String path) implements Route {}

  /// What is measured, for Prometheus.
  record Metrics() implements Route {}

  /// A page of the dashboard, or one of its files.
  record Page() implements Route {}

  /// Nothing.
  record Nowhere() implements Route {}

  /// Longest name of a session, once decoded.
  int SESSION_CHARACTERS = 256;

  /// The path of a named session's tools, and of a server that the session uses.
  Pattern SESSION = Pattern.compile("/s/([^/]{1,1024})(?:/u/([^/]{1,1024}))?/mcp");

  /// Reads a path. A session's name is an opaque key: it is decoded once and never used as a path;
  /// `.` and `..` are none, since clients take them away on their own.
  static Route of(String path) {
    return switch (path) {
      case "/livez" -> new Live();
      case "/readyz" -> new Ready();
      case "/metrics" -> new Metrics();
      case "/mcp" -> new Mcp(new Address(null, null));
      default -> {
        Matcher session = SESSION.matcher(path);
        if (session.matches()) {
          String name = decoded(session.group(1));
          String encoded = session.group(2);
          String server = encoded == null ? null : decoded(encoded);
          yield name == null || (server == null && encoded != null)
              ? new Nowhere()
              : new Mcp(new Address(name, server));
        }
        if (Dashboard.isPage(path)) {
          yield new Page();
        }
        yield path.startsWith("/api/v1/") ? new Api(path.substring(8)) : new Nowhere();
      }
    };
  }

  /// Undoes percent-encoding (RFC 3986 section 2.1), or null when it is none, or no fit name.
  private static @Nullable String decoded(String encoded) {
    ByteBuffer bytes = ByteBuffer.allocate(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c != '%') {
        if (c <= ' ' || c > '~') {
          return null;
        }
        bytes.put((byte) c);
        continue;
      }
      if (i + 2 >= encoded.length()) {
        return null;
      }
      int high = Character.digit(encoded.charAt(i + 1), 16);
      int low = Character.digit(encoded.charAt(i + 2), 16);
      if (high < 0 || low < 0) {
        return null;
      }
      bytes.put((byte) (high << 4 | low));
      i += 2;
    }
    try {
      String name = StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
      boolean fit =
          name.length() <= SESSION_CHARACTERS
              && !name.equals(".")
              && !name.equals("..")
              && name.codePoints().noneMatch(Character::isISOControl);
      return fit ? name : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}

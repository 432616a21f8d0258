package dev.planaria.app.gateway.upstreams;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Where a server listens, and what it is told with each request. It comes from the operator, who
/// may name any address, private ones too.
///
/// @param url `http` or `https`, without user info and fragment
/// @param headers sent with every request to this origin and to no other; may hold secrets, and are
///   never shown
/// @param oldTransport true for a server that is known to speak HTTP with SSE (2024-11-05) alone
public record RemoteServer(URI url, Map<String, String> headers, boolean oldTransport) {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}";
  private static final String VALUE = "[\\t -~\\x80-\\uFFFF]*";

  /// What the protocol or the HTTP client sets itself.
  private static final Set<String> OURS =
      Set.of(
          "accept",
          "connection",
          "content-length",
          "content-type",
          "expect",
          "host",
          "last-event-id",
          "mcp-method",
          "mcp-name",
          "mcp-protocol-version",
          "mcp-session-id",
          "transfer-encoding",
          "upgrade");

  /// Checks the form.
  ///
  /// @throws IllegalArgumentException when the URL or a header is none that can be sent
  public RemoteServer {
    headers = Map.copyOf(headers);
    boolean web =
        url.getScheme() != null
            && Set.of("http", "https").contains(url.getScheme().toLowerCase(Locale.ROOT));
    if (!web || url.getHost() == null) {
      throw new IllegalArgumentException("a URL must begin with http:// or https:// and a host");
    }
    if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "a URL must have neither user info nor a fragment; credentials belong into `headers`");
    }
    headers.forEach((name, value) -> {
      if (!name.matches(TOKEN) || !value.matches(VALUE)) {
        throw new IllegalArgumentException("a header has a name or a value that cannot be sent");
      }
      if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("the header " + name + " is set by the protocol");
      }
    });
  }

  /// True when what is meant for this server may be sent there.
  boolean isSameOrigin(URI other) {
    return url.getScheme().equalsIgnoreCase(other.getScheme())
        && url.getHost().equalsIgnoreCase(other.getHost())
        && port(url) == port(other)
        && other.getRawUserInfo() == null;
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0
        ? uri.getPort()
        : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  /// Scheme, host and port alone: the rest may hold secrets.
  static String origin(URI uri) {
    return uri.getScheme() + "://" + uri.getHost() + ":" + port(uri);
  }

  /// The origin alone.
  @Override
  public String toString() {
    return "RemoteServer[" + origin(url) + "]";
  }
}

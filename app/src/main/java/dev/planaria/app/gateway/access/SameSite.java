package dev.planaria.app.gateway.access;

import dev.planaria.app.gateway.wire.BadRequest;
import dev.planaria.app.gateway.wire.Headers;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Refuses what only a web page of somebody else would send: a `Host` that is not ours (a name that
/// was rebound to this machine), or an `Origin` other than our own (MCP, transports, "Security
/// Warning"). Immutable.
///
/// `X-Forwarded-*` and the like are never looked at.
public final class SameSite {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9a-fA-F:.]{2,45}\\]|[A-Za-z0-9._-]{1,255})(?::([0-9]{1,5}))?");
  private static final String SCHEME = "http://";

  private final Set<String> hosts;

  /// @param more names besides the loopback ones under which this daemon is reached, in lower case
  public SameSite(Set<String> more) {
    var all = new HashSet<>(LOOPBACK);
    all.addAll(more);
    hosts = Set.copyOf(all);
  }

  /// Checks a request.
  ///
  /// @throws BadRequest with status 403 when it comes from elsewhere, 400 when `Host` is missing
  public void check(Headers headers) {
    String host = headers.single("Host");
    if (host == null) {
      throw new BadRequest(400, "the header Host is missing");
    }
    Matcher authority = AUTHORITY.matcher(host);
    if (!authority.matches() || !isOurs(authority.group(1))) {
      throw new BadRequest(
          403, "this host name is not served here; use localhost, or allow it with --host");
    }
    String origin = headers.single("Origin");
    if (origin != null && !isSameSite(origin, authority.group(2))) {
      throw new BadRequest(403, "requests from this origin are not served");
    }
  }

  /// A page that this daemon itself has served: one of our names, and the same port.
  private boolean isSameSite(String origin, @Nullable String port) {
    if (!origin.startsWith(SCHEME)) {
      return false;
    }
    Matcher authority = AUTHORITY.matcher(origin.substring(SCHEME.length()));
    return authority.matches()
        && isOurs(authority.group(1))
        && Objects.equals(authority.group(2), port);
  }

  private boolean isOurs(String name) {
    return hosts.contains(name.toLowerCase(Locale.ROOT));
  }
}

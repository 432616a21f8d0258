package dev.planaria.app.gateway.upstreams;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a child inherits: what programs need to find their files, to speak the user's language and
/// to know whom the user's machine trusts (without which `npx` fetches nothing behind a company's
/// own certificate), and nothing else. So neither our secrets get to a server, nor does what would
/// make its runtime load foreign code (`LD_PRELOAD`, `NODE_OPTIONS`, `JAVA_TOOL_OPTIONS`,
/// `BASH_ENV` and their like), unless the operator says so.
final class ChildEnvironment {
  private static final Set<String> INHERITED =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "TERM",
          "LANG",
          "LANGUAGE",
          "TZ",
          "TMPDIR",
          "NODE_EXTRA_CA_CERTS",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "REQUESTS_CA_BUNDLE");

  private static final String LOCALE = "LC_";

  private ChildEnvironment() {}

  /// @param ours our own environment
  /// @param given what the operator's entry says
  static Map<String, String> of(Map<String, String> ours, Map<String, String> given) {
    var environment = new TreeMap<String, String>();
    ours.forEach((name, value) -> {
      if (INHERITED.contains(name) || name.startsWith(LOCALE)) {
        environment.put(name, value);
      }
    });
    environment.putAll(given);
    return environment;
  }
}

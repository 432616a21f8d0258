package dev.planaria.app.dashboard;

import java.util.List;
import java.util.regex.Pattern;

/// What a browser's login may change: what the pages have buttons for. A login is easier to steal
/// than the operator's token (a cookie goes to every port of its host), and with the token commands
/// can be run on this machine.
public final class Reach {
  private static final String PART = "[^/]+";

  private static final List<Pattern> PATHS =
      List.of(
          Pattern.compile("sessions/" + PART + "/(checkpoint|restore|fork|recover)"),
          Pattern.compile("sessions/" + PART + "/calls/(cancel|retry)"),
          Pattern.compile("upstreams/" + PART + "/" + PART + "/reconnect"),
          Pattern.compile("alerts/" + PART + "/(acknowledge|silence)"));

  private Reach() {}

  /// True when a login may post there.
  ///
  /// @param path below `/api/v1/`
  public static boolean mayPost(String path) {
    return PATHS.stream().anyMatch(pattern -> pattern.matcher(path).matches());
  }
}

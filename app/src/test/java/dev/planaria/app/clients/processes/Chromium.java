package dev.planaria.app.clients.processes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A browser for servers that drive one.
public final class Chromium {

  private static final DebianPackage PACKAGE =
      new DebianPackage(
          "chromium-headless-shell",
          List.of("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"),
          "no server drives a browser");

  private Chromium() {}

  /// The program.
  ///
  /// @param scratch takes what an installation says
  public static Path ready(Path scratch) throws IOException, InterruptedException {
    return PACKAGE.ready(scratch);
  }
}

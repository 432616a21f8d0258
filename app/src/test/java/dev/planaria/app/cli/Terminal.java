package dev.planaria.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.planaria.app.daemon.RealEnvironment;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.session.EngineEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// Runs commands as a terminal would, with a home directory, a clock and ids of the test's own.
final class Terminal {

  /// What a command left behind.
  record Finished(int status, String out, String err) {

    /// Its answer, which must be one JSON object and nothing else.
    JsonObject json() {
      return Json.parseObject(out, JsonLimits.OWN);
    }
  }

  private final Path home;
  private final Map<String, String> variables = new HashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private Installation installation = new Installation(null, null);
  private boolean realTime;

  Terminal(Path home) {
    this.home = home;
    variables.put("PATH", "/usr/bin");
  }

  Terminal with(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  Terminal installedIn(Path launcher, Path built) {
    installation = new Installation(launcher, built);
    return this;
  }

  /// With the machine's own clock and ids, for what waits for other processes.
  Terminal inRealTime() {
    realTime = true;
    return this;
  }

  /// Where the data lie when nobody says otherwise.
  Path data() {
    return home.resolve(".local/state/planaria");
  }

  EngineEnvironment sources() {
    if (realTime) {
      return RealEnvironment.engine();
    }
    return new EngineEnvironment(
        () -> 1_800_000_000_000L + ids.incrementAndGet(),
        ids::incrementAndGet,
        () ->
            new UUID(
                1_800_000_000_000L << 16 | 0x7000, 0x8000_0000_0000_0000L | ids.incrementAndGet()),
        () -> "token-" + ids.incrementAndGet());
  }

  Finished run(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var environment =
        new CliEnvironment(
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            variables,
            home,
            installation,
            sources());
    int status = Main.run(environment, List.of(arguments));
    return new Finished(status, out.toString(UTF_8), err.toString(UTF_8));
  }
}

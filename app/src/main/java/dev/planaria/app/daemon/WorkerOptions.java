package dev.planaria.app.daemon;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.recovery.CrashEvent;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a worker is started with.
///
/// @param directory the data directory
/// @param socket where it listens
/// @param crash what befell the one before it, or null
/// @param config the file of servers behind Planaria, or null
/// @param hosts names besides the loopback ones under which the daemon is reached
/// @param logFormat what its log's lines look like
record WorkerOptions(
    Path directory,
    Path socket,
    @Nullable CrashEvent crash,
    @Nullable Path config,
    Set<String> hosts,
    LogFormat logFormat) {
  private static final int TEXT_CHARACTERS = 1_000;

  /// Reads `--data DIR --socket PATH [--crash JSON] [--config FILE] [--allow-host NAME]...
  /// [--log-format text|json]`.
  ///
  /// @throws IllegalArgumentException in a sentence that names the option
  static WorkerOptions parse(String[] arguments) {
    Path directory = null;
    Path socket = null;
    CrashEvent crash = null;
    Path config = null;
    var hosts = new HashSet<String>();
    LogFormat logFormat = LogFormat.TEXT;
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(arguments[i] + " needs a value");
      }
      String value = arguments[i + 1];
      switch (arguments[i]) {
        case "--data" -> directory = Path.of(value);
        case "--socket" -> socket = Path.of(value);
        case "--crash" -> crash = crash(value);
        case "--config" -> config = Path.of(value).toAbsolutePath();
        case "--allow-host" -> hosts.add(value.toLowerCase(Locale.ROOT));
        case "--log-format" -> logFormat = LogFormat.named(value);
        default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
      }
    }
    if (directory == null || socket == null) {
      throw new IllegalArgumentException("--data and --socket are needed");
    }
    return new WorkerOptions(directory.toAbsolutePath(), socket, crash, config, hosts, logFormat);
  }

  private static CrashEvent crash(String json) {
    try {
      Fields fields = Fields.of(Json.parseObject(json, JsonLimits.DEFAULT));
      long heard = fields.requiredLong("lastHeartbeatMillis", 0, Long.MAX_VALUE);
      // A front of an older version does not say it; its workers may be newer after an upgrade.
      Long failed = fields.optionalLong("failedAtMillis", 0, Long.MAX_VALUE);
      return new CrashEvent(
          CrashEvent.Type.valueOf(fields.requiredText("type", TEXT_CHARACTERS)),
          fields.requiredLong("detectedAtMillis", 0, Long.MAX_VALUE),
          failed == null ? heard : failed,
          heard,
          fields.requiredText("lastKnownState", TEXT_CHARACTERS),
          CrashEvent.Severity.valueOf(fields.requiredText("severity", TEXT_CHARACTERS)));
    } catch (FieldException e) {
      throw new IllegalArgumentException("--crash: " + e.getMessage(), e);
    }
  }
}

package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.connections.Message;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How grave a log message is (RFC 5424 section 6.2.1), least first.
enum LogLevel {
  DEBUG,
  INFO,
  NOTICE,
  WARNING,
  ERROR,
  CRITICAL,
  ALERT,
  EMERGENCY;

  /// Whether a modern client wants to hear that while its request runs: log messages only from the
  /// level on that the request names (MCP 2026-07-28, "Logging"), everything else always.
  ///
  /// @param params the request's
  static boolean isWanted(Message.Told told, RawObject params) {
    if (!told.method().equals("notifications/message")) {
      return true;
    }
    Optional<LogLevel> from =
        params.object("_meta").flatMap(meta -> of(meta.value("io.modelcontextprotocol/logLevel")));
    Optional<LogLevel> level = of(told.params().value("level"));
    return from.isPresent() && (level.isEmpty() || level.get().compareTo(from.get()) >= 0);
  }

  private static Optional<LogLevel> of(@Nullable JsonValue value) {
    return value instanceof JsonString(String text)
        ? Optional.ofNullable(WireName.parse(LogLevel.class, text))
        : Optional.empty();
  }
}

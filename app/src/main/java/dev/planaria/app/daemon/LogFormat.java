package dev.planaria.app.daemon;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How an event becomes a line of a log. What looks like a token is redacted in both.
public enum LogFormat {
  /// For people: time, level, ids as `name=value`, and the message; a cause follows on lines of its
  /// own.
  TEXT,
  /// For programs: one JSON object a line with `at`, `level`, `message`, the ids, and `cause`.
  JSON;

  private static final Pattern TOKENS = Pattern.compile("(?i:bearer)\\s+[!-~]+|[A-Za-z0-9_-]{40,}");

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029]");

  /// The one of that name, in lower case.
  ///
  /// @throws IllegalArgumentException in a sentence that names both
  public static LogFormat named(String name) {
    return switch (name) {
      case "text" -> TEXT;
      case "json" -> JSON;
      default ->
          throw new IllegalArgumentException("--log-format must be text or json, not " + name);
    };
  }

  /// The name that [#named] knows.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The line, with its end.
  ///
  /// @param atMillis Unix time
  /// @param ids what the event is about, by what it is the id of
  String line(
      long atMillis,
      Severity severity,
      String message,
      Map<String, String> ids,
      @Nullable Throwable cause) {
    String at = Instant.ofEpochMilli(atMillis).toString();
    return switch (this) {
      case TEXT -> {
        var text = new StringBuilder(at).append(' ').append(severity);
        ids.forEach((name, id) -> text.append(' ').append(name).append('=').append(shown(id)));
        text.append(' ').append(shown(message));
        if (cause != null) {
          text.append('\n').append(stack(cause));
        }
        yield redacted(text.toString().stripTrailing()) + "\n";
      }
      case JSON -> {
        JsonObject.Builder line =
            JsonObject.builder()
                .put("at", at)
                .put("level", severity.name().toLowerCase(Locale.ROOT))
                .put("message", redacted(message));
        ids.forEach((name, id) -> line.put(name, redacted(id)));
        if (cause != null) {
          line.put("cause", redacted(stack(cause)));
        }
        yield Json.write(line.build()) + "\n";
      }
    };
  }

  /// How much an event matters.
  enum Severity {
    /// As it should be.
    INFO,
    /// Not as it should be.
    WARN
  }

  /// Without characters that end a line or steer a terminal: a message may quote what a server or a
  /// client has said.
  private static String shown(String text) {
    return CONTROL
        .matcher(text)
        .replaceAll(found -> String.format("\\\\u%04x", (int) found.group().charAt(0)));
  }

  private static String stack(Throwable cause) {
    var text = new StringWriter();
    cause.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static String redacted(String text) {
    return TOKENS.matcher(text).replaceAll("[redacted]");
  }
}

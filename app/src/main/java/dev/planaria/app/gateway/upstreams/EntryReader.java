package dev.planaria.app.gateway.upstreams;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.state.Era;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads one entry of the operator's file. Members that nobody here knows are passed over, since
/// other programs read the file too; inside `planaria` they are refused, since there they can only
/// be mistakes, and one in `read_only` would cost a promise. What stands in its members is for
/// others to read.
final class EntryReader {
  /// More than any command line takes (Linux: 128 KiB for one argument).
  private static final int TEXT_CHARACTERS = 128 << 10;

  private static final List<String> KNOWN =
      List.of("scope", "era", "profile", "trust_hints", "read_only", "idempotent", "sensitive");

  private final String path;
  private final JsonObject entry;
  private final Expansion expansion;

  private EntryReader(String name, JsonObject entry, Expansion expansion) {
    this.path = "mcpServers." + name;
    this.entry = entry;
    this.expansion = expansion;
  }

  static ServerEntry read(String name, JsonObject entry, Expansion expansion) {
    var reader = new EntryReader(name, entry, expansion);
    return reader.entry(name);
  }

  private ServerEntry.Launch launch() {
    String type = entry.get("type") instanceof JsonString(String text) ? text : null;
    boolean command = entry.has("command");
    if (command == entry.has("url")) {
      throw wrong("command", "or `url` must be there, and not both");
    }
    if (type != null) {
      boolean fits =
          switch (type) {
            case "stdio" -> command;
            case "http", "streamable-http", "streamableHttp", "sse" -> !command;
            default -> throw wrong("type", "must be stdio, http or sse");
          };
      if (!fits) {
        throw wrong("type", "must be stdio with `command`, http or sse with `url`");
      }
    }
    return command
        ? new ServerEntry.Launch.Command(command())
        : new ServerEntry.Launch.Remote(remote("sse".equals(type)));
  }

  private StdioCommand command() {
    var argv = new ArrayList<String>();
    argv.add(text("command", entry.get("command")));
    if (argv.getFirst().isEmpty()) {
      throw wrong("command", "must name a program");
    }
    switch (entry.get("args")) {
      case null -> {}
      case JsonArray(var items) -> {
        for (JsonValue item : items) {
          argv.add(text("args[" + (argv.size() - 1) + "]", item));
        }
      }
      default -> throw wrong("args", "must be an array of texts");
    }
    JsonValue directory = entry.get("cwd");
    try {
      return new StdioCommand(
          argv,
          texts("env"),
          directory == null ? null : Path.of(text("cwd", directory)).toAbsolutePath());
    } catch (InvalidPathException e) {
      throw wrong("cwd", "must be a path");
    }
  }

  private RemoteServer remote(boolean oldTransport) {
    Map<String, String> headers = texts("headers");
    try {
      var url = new URI(text("url", entry.get("url")));
      return new RemoteServer(url, headers, oldTransport);
    } catch (URISyntaxException e) {
      throw wrong("url", "must be a URL");
    } catch (IllegalArgumentException e) {
      throw wrong("url", "or `headers` cannot be used: " + e.getMessage());
    }
  }

  /// A text with its variables put in. The text itself never stands in an error: it may be a
  /// secret.
  private String text(String name, @Nullable JsonValue value) {
    if (!(value instanceof JsonString(String text))) {
      throw wrong(name, "must be a text");
    }
    String whole = expansion.of(path + "." + name, text);
    if (whole.length() > TEXT_CHARACTERS || whole.indexOf('\0') >= 0) {
      throw wrong(name, "must have at most " + TEXT_CHARACTERS + " characters, none of them NUL");
    }
    return whole;
  }

  private Map<String, String> texts(String name) {
    var texts = new LinkedHashMap<String, String>();
    switch (entry.get(name)) {
      case null -> {}
      case JsonObject(var members) -> {
        for (var member : members.entrySet()) {
          if (name.equals("env") && (member.getKey().isEmpty() || member.getKey().contains("="))) {
            throw wrong(name, "holds a name that no variable can have");
          }
          texts.put(member.getKey(), text(name + "." + member.getKey(), member.getValue()));
        }
      }
      default -> throw wrong(name, "must be an object of texts");
    }
    return texts;
  }

  private ServerEntry entry(String name) {
    Fields fields = Fields.of(entry).optionalFields("planaria");
    JsonObject planaria = Fields.of(entry).optionalObject("planaria");
    if (fields == null || planaria == null) {
      return new ServerEntry(name, launch(), ServerEntry.Scope.SESSION, null, JsonObject.EMPTY);
    }
    for (String member : planaria.members().keySet()) {
      if (!KNOWN.contains(member)) {
        throw wrong(
            "planaria." + member, "is not known here; known are " + String.join(", ", KNOWN));
      }
    }
    try {
      var scope = fields.optionalEnum("scope", ServerEntry.Scope.class);
      return new ServerEntry(
          name,
          launch(),
          scope == null ? ServerEntry.Scope.SESSION : scope,
          fields.optionalEnum("era", Era.class),
          planaria);
    } catch (FieldException e) {
      throw e.path().startsWith(path) ? e : new FieldException(path + "." + e.path(), rule(e));
    }
  }

  /// The message without the member that it begins with.
  private static String rule(FieldException e) {
    return Objects.requireNonNull(e.getMessage()).substring(e.path().length() + 3);
  }

  private FieldException wrong(String name, String rule) {
    return new FieldException(path + "." + name, rule);
  }
}

package dev.planaria.app.gateway.upstreams;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one entry of the operator's file. Members that nobody here knows are passed over, since
/// other programs read the file too; inside `planaria` they are refused, since there they can only
/// be mistakes, and one in `read_only` would cost a promise.
final class EntryReader {
  /// More than any command line takes (Linux: 128 KiB for one argument).
  private static final int TEXT_CHARACTERS = 128 << 10;

  private static final int ITEMS = 10_000;
  private static final int NAME_CHARACTERS = 256;
  private static final int MOST_IN_FLIGHT = 10_000;
  private static final long LONGEST_GAP_MILLIS = 60_000;
  private static final String POINTER = "(/([^~/]|~[01])*)*";

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
    return new ServerEntry(name, reader.launch(), reader.policy());
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

  private ServerEntry.Policy policy() {
    Fields fields = Fields.of(entry).optionalFields("planaria");
    if (fields == null) {
      return ServerEntry.Policy.DEFAULT;
    }
    try {
      var scope = fields.optionalEnum("scope", ServerEntry.Scope.class);
      var policy =
          new ServerEntry.Policy(
              scope == null ? ServerEntry.Scope.SESSION : scope,
              profile(fields),
              Boolean.TRUE.equals(fields.optionalBoolean("trust_hints")),
              names(fields, "read_only"),
              names(fields, "idempotent"),
              pointers(fields, "sensitive", "planaria.sensitive"),
              limits(fields.optionalObject("limits")),
              fields.optionalEnum("era", Era.class));
      fields.refuseUnknown();
      return policy;
    } catch (FieldException e) {
      throw e.path().startsWith(path) ? e : new FieldException(path + "." + e.path(), rule(e));
    }
  }

  /// The message without the member that it begins with.
  private static String rule(FieldException e) {
    return Objects.requireNonNull(e.getMessage()).substring(e.path().length() + 3);
  }

  private Optional<ServerEntry.Profile> profile(Fields fields) {
    return switch (fields.optionalValue("profile")) {
      case null -> Optional.empty();
      case JsonString(String name) when !name.isEmpty() ->
          Optional.of(new ServerEntry.Profile.BuiltIn(name));
      case JsonObject written -> Optional.of(written(Fields.of(written)));
      default -> throw wrong("planaria.profile", "must be the name of a profile, or an object");
    };
  }

  private ServerEntry.Profile written(Fields fields) {
    try {
      Integer maxInFlight = fields.optionalInt("max_in_flight", 1, MOST_IN_FLIGHT);
      Long gap = fields.optionalLong("gap_ms", 0, LONGEST_GAP_MILLIS);
      var profile =
          new ServerEntry.Profile.Written(
              names(fields, "replay"),
              pointers(fields, "ids", "planaria.profile.ids"),
              maxInFlight == null ? 0 : maxInFlight,
              gap == null ? 0 : gap,
              Boolean.TRUE.equals(fields.optionalBoolean("private_copy")),
              relative(names(fields, "before_replay")),
              names(fields, "reset"));
      fields.refuseUnknown();
      return profile;
    } catch (FieldException e) {
      throw e.path().startsWith(path)
          ? e
          : new FieldException(path + ".planaria.profile." + e.path(), rule(e));
    }
  }

  private static List<String> names(Fields fields, String name) {
    List<String> names = fields.optionalTexts(name, ITEMS, NAME_CHARACTERS);
    return names == null ? List.of() : names;
  }

  /// Files that are deleted must lie inside the copy.
  private List<String> relative(List<String> files) {
    for (String file : files) {
      boolean inside =
          file.indexOf('\0') < 0
              && !file.startsWith("/")
              && !List.of(file.split("/", -1)).contains("..");
      if (!inside) {
        throw wrong("planaria.profile.before_replay", "must hold relative paths without `..` only");
      }
    }
    return files;
  }

  private Map<String, List<String>> pointers(Fields fields, String name, String shown) {
    var pointers = new LinkedHashMap<String, List<String>>();
    JsonObject byTool = fields.optionalObject(name);
    Fields tools = fields.optionalFields(name);
    if (byTool != null && tools != null) {
      for (String tool : byTool.members().keySet()) {
        List<String> given = names(tools, tool);
        if (!given.stream().allMatch(pointer -> pointer.matches(POINTER))) {
          throw wrong(shown + "." + tool, "must hold JSON pointers (RFC 6901), like /agent/id");
        }
        pointers.put(tool, given);
      }
    }
    return Map.copyOf(pointers);
  }

  private Map<String, Long> limits(@Nullable JsonObject given) {
    var limits = new LinkedHashMap<String, Long>();
    if (given != null) {
      given
          .members()
          .forEach((name, value) -> {
            Long number = value instanceof JsonNumber written ? written.toLong() : null;
            if (number == null || number < 1) {
              throw wrong("planaria.limits." + name, "must be a whole number of at least 1");
            }
            limits.put(name, number);
          });
    }
    return Map.copyOf(limits);
  }

  private FieldException wrong(String name, String rule) {
    return new FieldException(path + "." + name, rule);
  }
}

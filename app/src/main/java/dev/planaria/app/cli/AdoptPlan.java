package dev.planaria.app.cli;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// What `planaria adopt` makes of a file. Pure: text in, text and findings out.
///
/// @param text the file as it shall be
/// @param servers what becomes of each server, in the file's order
record AdoptPlan(String text, List<Server> servers) {

  /// What becomes of one server.
  ///
  /// @param name its name in the file
  /// @param action what is done
  /// @param reason why it is left alone; empty when it is wrapped
  record Server(String name, Action action, String reason) {}

  /// What is done with a server.
  enum Action {
    /// It goes through Planaria from now on.
    WRAPPED,
    /// It does already.
    ALREADY,
    /// It stays as it is; the reason says why.
    LEFT
  }

  /// Replaces the characters from `start` to `end`.
  private record Edit(int start, int end, String replacement) {}

  private static final Set<String> REMOTE_TYPES =
      Set.of("http", "sse", "streamable-http", "streamablehttp", "streamable_http");

  /// A value that the client fills in, as `${VAR}`, `${env:VAR}` or `${input:id}`.
  private static final String REFERENCE = "\\$\\{[^}]+}";

  /// Reads the file's text and decides.
  ///
  /// @param launcher the absolute path of `planaria`
  /// @throws AdoptText.Malformed when the text cannot be read, or holds no servers in a known place
  static AdoptPlan of(String text, String launcher) throws AdoptText.Malformed {
    AdoptText.Members servers = servers(AdoptText.read(text));
    var planner = new Planner(text, launcher);
    var found = new ArrayList<Server>();
    for (AdoptText.Member server : servers.members()) {
      found.add(planner.decide(server));
    }
    return new AdoptPlan(planner.edited(), List.copyOf(found));
  }

  /// True when anything is changed.
  boolean changes() {
    return servers.stream().anyMatch(server -> server.action() == Action.WRAPPED);
  }

  /// `mcpServers` (`.mcp.json`, Claude Desktop, Cursor and most others), `servers` (VS Code's
  /// `mcp.json`), or `mcp.servers` (VS Code's settings).
  private static AdoptText.Members servers(AdoptText.Members root) throws AdoptText.Malformed {
    if (root.get("mcpServers") instanceof AdoptText.Members servers) {
      return servers;
    }
    if (root.get("servers") instanceof AdoptText.Members servers) {
      return servers;
    }
    if (root.get("mcp") instanceof AdoptText.Members mcp
        && mcp.get("servers") instanceof AdoptText.Members servers) {
      return servers;
    }
    throw new AdoptText.Malformed(
        "it has neither an object \"mcpServers\" (.mcp.json, Claude Desktop, Cursor) nor"
            + " \"servers\" (VS Code)");
  }

  /// Decides server by server, and collects the edits.
  private static final class Planner {
    private final String text;
    private final String launcher;
    private final List<Edit> edits = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    Planner(String text, String launcher) {
      this.text = text;
      this.launcher = launcher;
    }

    Server decide(AdoptText.Member server) {
      if (!(server.value() instanceof AdoptText.Members entry)) {
        return left(server, "it is no object");
      }
      AdoptText.Node command = entry.get("command");
      if (command instanceof AdoptText.Text program) {
        return local(server, entry, program);
      }
      if (command != null) {
        return left(server, "its command is no string");
      }
      if (entry.get("url") instanceof AdoptText.Text url) {
        return remote(server, entry, url);
      }
      return left(server, "it has neither a command nor a url");
    }

    private static Server left(AdoptText.Member server, String reason) {
      return new Server(server.name(), Action.LEFT, reason);
    }

    private Server local(AdoptText.Member server, AdoptText.Members entry, AdoptText.Text program) {
      AdoptText.Node args = entry.get("args");
      if (args != null && !(args instanceof AdoptText.Items)) {
        return left(server, "its args are no array");
      }
      List<AdoptText.Node> items = args instanceof AdoptText.Items list ? list.items() : List.of();
      if (!items.stream().allMatch(item -> item instanceof AdoptText.Text)) {
        return left(server, "its args are not all strings");
      }
      if (isWrapped(program.value(), items)) {
        return new Server(server.name(), Action.ALREADY, "it goes through Planaria already");
      }
      if (program.value().isBlank()) {
        return left(server, "its command is empty");
      }
      List<String> added = List.of("wrap", "--server", name(server), "--", program.value());
      edits.add(new Edit(program.start(), program.end(), quoted(launcher)));
      if (args == null) {
        edits.add(
            new Edit(
                program.end(),
                program.end(),
                separator(entry, program) + "\"args\": [" + quoted(added) + "]"));
      } else if (items.isEmpty()) {
        edits.add(new Edit(args.start() + 1, args.start() + 1, quoted(added)));
      } else {
        // After the array's own white space, so that a list of one item a line stays one.
        int at = items.getFirst().start();
        String space = text.substring(args.start() + 1, at);
        String between = space.isBlank() && space.contains("\n") ? "," + space : ", ";
        edits.add(new Edit(at, at, quoted(added, between) + between));
      }
      return new Server(server.name(), Action.WRAPPED, "");
    }

    private static boolean isWrapped(String program, List<AdoptText.Node> items) {
      String name = program.substring(program.replace('\\', '/').lastIndexOf('/') + 1);
      return name.equals("planaria")
          && !items.isEmpty()
          && items.getFirst() instanceof AdoptText.Text(var _, var _, var first)
          && first.equals("wrap");
    }

    private Server remote(AdoptText.Member server, AdoptText.Members entry, AdoptText.Text url) {
      String refusal = refusal(entry, url);
      if (!refusal.isEmpty()) {
        return left(server, refusal);
      }
      var words = new ArrayList<>(List.of("wrap", "--server", name(server)));
      AdoptText.Member headers = entry.member("headers");
      var variables = new ArrayList<String>();
      if (headers != null && headers.value() instanceof AdoptText.Members values) {
        for (AdoptText.Member header : values.members()) {
          String variable =
              "PLANARIA_HEADER_"
                  + header.name().toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
          words.add("--header-env");
          words.add(header.name() + "=" + variable);
          variables.add(
              quoted(variable)
                  + ": "
                  + text.substring(header.value().start(), header.value().end()));
        }
        edits.add(
            new Edit(
                headers.start(), values.end(), "\"env\": {" + String.join(", ", variables) + "}"));
      }
      words.add(url.value());
      AdoptText.Member type = entry.member("type");
      if (type != null) {
        edits.add(new Edit(type.value().start(), type.value().end(), "\"stdio\""));
      }
      AdoptText.Member place = entry.member("url");
      edits.add(
          new Edit(
              place == null ? url.start() : place.start(),
              url.end(),
              "\"command\": "
                  + quoted(launcher)
                  + separator(entry, url)
                  + "\"args\": ["
                  + quoted(words)
                  + "]"));
      return new Server(server.name(), Action.WRAPPED, "");
    }

    /// Why a remote server is left alone, or an empty text. What is in the arguments of a process
    /// can be seen by every user of the machine, so nothing secret may get there.
    private static String refusal(AdoptText.Members entry, AdoptText.Text url) {
      String type = entry.get("type") instanceof AdoptText.Text given ? given.value() : "http";
      if (!REMOTE_TYPES.contains(type.toLowerCase(Locale.ROOT))) {
        return "its type is " + type + ", which is not known";
      }
      if (!url.value().matches("(?i)https?://[^\\s$@]+")) {
        return "its url is no plain http(s) URL (one with a variable or a password in it would show"
            + " in the list of processes)";
      }
      AdoptText.Node headers = entry.get("headers");
      if (headers == null) {
        return "";
      }
      if (entry.get("env") != null) {
        return "it has both headers and env";
      }
      if (!(headers instanceof AdoptText.Members values)) {
        return "its headers are no object";
      }
      String literal =
          values.members().stream()
              .filter(header -> !isReference(header.value()))
              .map(AdoptText.Member::name)
              .collect(Collectors.joining(", "));
      return literal.isEmpty()
          ? ""
          : "the value of its header "
              + literal
              + " stands in the file; put it into an environment variable, write ${VARIABLE}"
              + " instead, and run adopt again";
    }

    private static boolean isReference(AdoptText.Node value) {
      return value instanceof AdoptText.Text(var _, var _, var content)
          && content.matches("(?s)(Bearer |Basic |Token )?" + REFERENCE);
    }

    /// The server's name as tool names and addresses can carry it; two never get the same.
    private String name(AdoptText.Member server) {
      String wanted = WrapNames.cleanedServer(server.name());
      String free = wanted;
      for (int i = 2; !names.add(free); i++) {
        free = WrapNames.cleanedServer(i + "-" + wanted);
      }
      return free;
    }

    /// What stands between the members of this object where it is written one member a line.
    private String separator(AdoptText.Members entry, AdoptText.Node value) {
      int memberStart =
          entry.members().stream()
              .filter(member -> member.value().equals(value))
              .mapToInt(AdoptText.Member::start)
              .findFirst()
              .orElse(value.start());
      int lineStart = text.lastIndexOf('\n', memberStart);
      String before = text.substring(lineStart + 1, memberStart);
      return lineStart >= entry.start() && before.isBlank()
          ? "," + (lineStart > 0 && text.charAt(lineStart - 1) == '\r' ? "\r\n" : "\n") + before
          : ", ";
    }

    private static String quoted(String value) {
      return Json.write(new JsonString(value));
    }

    private static String quoted(List<String> values) {
      return quoted(values, ", ");
    }

    private static String quoted(List<String> values, String between) {
      return values.stream().map(Planner::quoted).collect(Collectors.joining(between));
    }

    /// The text with all edits.
    String edited() {
      var result = new StringBuilder(text);
      edits.stream()
          .sorted(Comparator.comparingInt(Edit::start).thenComparingInt(Edit::end).reversed())
          .forEach(edit -> result.replace(edit.start(), edit.end(), edit.replacement()));
      return result.toString();
    }
  }
}

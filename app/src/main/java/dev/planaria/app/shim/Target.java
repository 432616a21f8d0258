package dev.planaria.app.shim;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a client that launches the shim talks to.
public sealed interface Target {

  /// The name of the session.
  String session();

  /// The tools of a session itself.
  ///
  /// @param session the name of the session
  record SessionTools(String session) implements Target {}

  /// A server that the daemon starts as a child.
  ///
  /// @param session the name of the session
  /// @param server the name of the server in it
  /// @param command the program, and its arguments
  /// @param environment the environment for it, which the daemon keeps in memory alone
  /// @param directory the directory in which it runs
  /// @param planaria how the daemon is to treat it, as in a server's entry; null for nothing
  ///   special
  record Command(
      String session,
      String server,
      List<String> command,
      Map<String, String> environment,
      String directory,
      @Nullable JsonObject planaria)
      implements Target {

    /// One that is treated as any other.
    public Command(
        String session,
        String server,
        List<String> command,
        Map<String, String> environment,
        String directory) {
      this(session, server, command, environment, directory, null);
    }

    /// Copies the collections.
    public Command {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }

    /// Never shows the environment.
    @Override
    public String toString() {
      return "Command[" + session + "/" + server + ", " + command.getFirst() + "]";
    }
  }

  /// A server that the daemon reaches over HTTP.
  ///
  /// @param session the name of the session
  /// @param server the name of the server in it
  /// @param url where it answers
  /// @param headers sent with each request; the daemon keeps them in memory alone
  /// @param planaria how the daemon is to treat it, as in a server's entry; null for nothing
  ///   special
  record Remote(
      String session,
      String server,
      String url,
      Map<String, String> headers,
      @Nullable JsonObject planaria)
      implements Target {

    /// One that is treated as any other.
    public Remote(String session, String server, String url, Map<String, String> headers) {
      this(session, server, url, headers, null);
    }

    /// Copies the headers.
    public Remote {
      headers = Map.copyOf(headers);
    }

    /// Never shows the headers.
    @Override
    public String toString() {
      return "Remote[" + session + "/" + server + "]";
    }
  }

  /// Where the daemon is told of it; empty when it needs not be told.
  default String registrationPath() {
    return switch (this) {
      case SessionTools _ -> "";
      case Command(var session, var server, var _, var _, var _, var _) ->
          upstreamPath(session, server);
      case Remote(var session, var server, var _, var _, var _) -> upstreamPath(session, server);
    };
  }

  private static String upstreamPath(String session, String server) {
    return "/api/v1/upstreams/" + encoded(session) + "/" + encoded(server);
  }

  /// What the daemon is told.
  default JsonObject registration() {
    return switch (this) {
      case SessionTools _ -> JsonObject.EMPTY;
      case Command(var _, var _, var command, var environment, var directory, var planaria) ->
          JsonObject.builder()
              .put("command", command.getFirst())
              .put("args", JsonArray.ofStrings(command.subList(1, command.size())))
              .put("env", texts(environment))
              .put("cwd", directory)
              .put("planaria", planaria)
              .build();
      case Remote(var _, var _, var url, var headers, var planaria) ->
          JsonObject.builder()
              .put("type", "http")
              .put("url", url)
              .put("headers", headers.isEmpty() ? null : texts(headers))
              .put("planaria", planaria)
              .build();
    };
  }

  /// Where it answers, unless the daemon has said where.
  default String defaultPath() {
    return "/s/" + encoded(session()) + "/mcp";
  }

  private static JsonObject texts(Map<String, String> values) {
    var object = JsonObject.builder();
    values.forEach(object::put);
    return object.build();
  }

  /// A name as one segment of a path (RFC 3986, section 2.1).
  private static String encoded(String name) {
    var path = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if (b > ' ' && b < 0x7f && (Character.isLetterOrDigit(b) || "-._~".indexOf(b) >= 0)) {
        path.append((char) b);
      } else {
        path.append('%')
            .append(Character.forDigit(b >> 4 & 15, 16))
            .append(Character.forDigit(b & 15, 16));
      }
    }
    return path.toString();
  }
}

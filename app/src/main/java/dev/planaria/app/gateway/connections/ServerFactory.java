package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.copies.PrivateCopies;
import dev.planaria.app.gateway.replay.Profile;
import dev.planaria.app.gateway.upstreams.Eras;
import dev.planaria.app.gateway.upstreams.HttpSettings;
import dev.planaria.app.gateway.upstreams.HttpUpstream;
import dev.planaria.app.gateway.upstreams.RemoteServer;
import dev.planaria.app.gateway.upstreams.RotatedFile;
import dev.planaria.app.gateway.upstreams.ServerEntry;
import dev.planaria.app.gateway.upstreams.StdioCommand;
import dev.planaria.app.gateway.upstreams.StdioSettings;
import dev.planaria.app.gateway.upstreams.StdioUpstream;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.Transport;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes servers out of what the operator says of them, in the form that clients' files have:
/// `{"command", "args", "env", "cwd"}` or `{"type": "http", "url", "headers"}`, and optionally a
/// member `planaria`. Thread-safe.
public final class ServerFactory {
  private static final int NAME_CHARACTERS = 256;
  private static final long LOG_BYTES = 1 << 20;

  private final Map<String, String> inherited;
  private final Path logs;
  private final Eras eras;
  private final PrivateCopies copies;
  private final Log log;

  /// Made when the first remote server is: it starts threads.
  private volatile @Nullable HttpClient http;

  /// @param inherited our own environment variables, of which children get little
  /// @param logs the directory for what children write to their standard error
  /// @param eras what is known of the eras of servers
  /// @param copies of packages, for servers whose profile wants one
  public ServerFactory(
      Map<String, String> inherited, Path logs, Eras eras, PrivateCopies copies, Log log) {
    this.inherited = Map.copyOf(inherited);
    this.logs = logs;
    this.eras = eras;
    this.copies = copies;
    this.log = log;
  }

  /// Makes a server that somebody brings.
  ///
  /// @param session whose it is
  /// @param name what it is called there
  /// @throws FieldException when a member breaks a rule
  public ServerDefinition of(String session, String name, JsonObject entry) {
    checkName(name);
    return of(session, ServerEntry.of(name, entry));
  }

  /// Makes a server of the operator's file.
  ///
  /// @param session whose it is
  /// @throws FieldException when its member `planaria` breaks a rule
  public ServerDefinition of(String session, ServerEntry entry) {
    Profile profile = Profile.of(withoutOurs(entry.planaria()));
    String identity = Hash.sha256(identity(entry).getBytes(StandardCharsets.UTF_8)).toString();
    return switch (entry.launch()) {
      case ServerEntry.Launch.Command(StdioCommand command) ->
          new ServerDefinition(
              entry.name(),
              Transport.STDIO,
              new StdioUpstream(
                  command,
                  copies.of(label(session, entry), profile.fresh()),
                  children(session, entry)),
              entry.scope(),
              profile,
              identity);
      case ServerEntry.Launch.Remote(RemoteServer server) -> {
        requireCommand(profile);
        yield new ServerDefinition(
            entry.name(),
            server.oldTransport() ? Transport.HTTP_SSE : Transport.STREAMABLE_HTTP,
            new HttpUpstream(
                server,
                new HttpUpstream.Environment(http(), HttpSettings.DEFAULT, eras, entry.era(), log)),
            entry.scope(),
            profile,
            identity);
      }
    };
  }

  /// What it is called among all servers of all sessions.
  private static String label(String session, ServerEntry entry) {
    return session + "\n" + entry.name();
  }

  private static void requireCommand(Profile profile) {
    if (profile.fresh().privateCopy()) {
      throw new FieldException(
          "profile",
          "must not have `private_copy` (the profile ruv-swarm has it): of a server behind a URL no"
              + " copy can be made");
    }
  }

  /// What the profile's reader does not know.
  private static JsonObject withoutOurs(JsonObject planaria) {
    JsonObject.Builder left = JsonObject.builder();
    planaria
        .members()
        .forEach((name, value) -> {
          if (!name.equals("scope") && !name.equals("era")) {
            left.put(name, value);
          }
        });
    return left.build();
  }

  /// Everything that makes it another server when it changes. A child's environment does not: no
  /// two terminals have the same.
  private static String identity(ServerEntry entry) {
    String launch =
        switch (entry.launch()) {
          case ServerEntry.Launch.Command(StdioCommand command) ->
              command.argv() + "\n" + command.directory();
          case ServerEntry.Launch.Remote(RemoteServer server) ->
              server.url() + "\n" + new TreeMap<>(server.headers());
        };
    return launch + "\n" + entry.scope() + entry.era() + Json.write(entry.planaria());
  }

  private static void checkName(String name) {
    boolean fit =
        !name.isBlank()
            // Clients take these two out of an address on their own.
            && !name.equals(".")
            && !name.equals("..")
            && name.length() <= NAME_CHARACTERS
            && name.codePoints().noneMatch(Character::isISOControl);
    if (!fit) {
      throw new FieldException(
          "server",
          "must have 1 to "
              + NAME_CHARACTERS
              + " characters, none of them a control, and not be . or ..");
    }
  }

  private synchronized HttpClient http() {
    HttpClient present = http;
    if (present == null) {
      present = HttpUpstream.client(HttpSettings.DEFAULT);
      http = present;
    }
    return present;
  }

  private StdioUpstream.Environment children(String session, ServerEntry entry) {
    // Names may hold anything; a file's name must not.
    String label = label(session, entry);
    String file =
        "server-"
            + Hash.sha256(label.getBytes(StandardCharsets.UTF_8)).toString().substring(0, 16)
            + ".log";
    return new StdioUpstream.Environment(
        StdioSettings.DEFAULT,
        inherited,
        eras,
        entry.era(),
        () -> new RotatedFile(logs.resolve(file), LOG_BYTES, log),
        log);
  }
}

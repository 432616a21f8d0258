package dev.planaria.app.cli;

import dev.planaria.app.shim.Target;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `planaria wrap` was asked for.
///
/// @param data the data directory, or null for the default
/// @param target what the client talks to
record WrapOptions(@Nullable Path data, Target target) {

  private static final String HEADER = "--header-env";
  private static final String PROFILE = "--profile";

  /// Reads the words behind `wrap`. Of its own, because loading the parser of the other commands
  /// would double the time to the first answer.
  ///
  /// @param environment the process's own, which the server gets
  /// @param directory the process's own, which names the session and is where the server runs
  /// @throws CommandFailure when the words cannot be understood
  static WrapOptions read(List<String> words, Map<String, String> environment, Path directory) {
    Map<String, String> values = new HashMap<>();
    Map<String, String> headers = new LinkedHashMap<>();
    List<String> rest = new ArrayList<>(words);
    while (!rest.isEmpty() && rest.getFirst().startsWith("--")) {
      String word = rest.removeFirst();
      if (word.equals("--")) {
        return of(values, command(values, headers, rest, environment, directory));
      }
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      String value = equals < 0 ? following(name, rest) : word.substring(equals + 1);
      switch (name) {
        case HEADER -> addHeader(headers, value, environment);
        case "--session", "--server", PROFILE, "--data" -> {
          if (values.put(name, value) != null) {
            throw misunderstood(name + " is given twice");
          }
        }
        default -> throw misunderstood("unknown option " + name);
      }
    }
    String session = session(values, directory);
    if (rest.isEmpty()) {
      if (!headers.isEmpty() || values.containsKey("--server") || values.containsKey(PROFILE)) {
        throw misunderstood(
            "--server, " + PROFILE + " and " + HEADER + " need a server behind them");
      }
      return of(values, new Target.SessionTools(session));
    }
    if (rest.size() == 1 && rest.getFirst().matches("(?i)https?://.*")) {
      URI url = url(rest.getFirst());
      String server = values.getOrDefault("--server", WrapNames.serverOf(url));
      return of(
          values,
          new Target.Remote(
              session,
              WrapNames.requireServer(server),
              url.toString(),
              headers,
              planaria(values, directory)));
    }
    throw misunderstood("put -- before the server's command, or give one http(s) URL");
  }

  private static WrapOptions of(Map<String, String> values, Target target) {
    String data = values.get("--data");
    try {
      return new WrapOptions(data == null ? null : Path.of(data), target);
    } catch (InvalidPathException e) {
      throw misunderstood("--data is no path: " + e.getMessage());
    }
  }

  private static Target command(
      Map<String, String> values,
      Map<String, String> headers,
      List<String> command,
      Map<String, String> environment,
      Path directory) {
    if (command.isEmpty() || command.getFirst().isBlank()) {
      throw misunderstood("a command is missing behind --");
    }
    if (!headers.isEmpty()) {
      throw misunderstood(HEADER + " is for a URL; a command gets the whole environment");
    }
    String server = values.getOrDefault("--server", WrapNames.serverOf(command));
    return new Target.Command(
        session(values, directory),
        WrapNames.requireServer(server),
        command,
        environment,
        directory.toString(),
        planaria(values, directory));
  }

  /// What the daemon is told of how to treat the server: the name of a built-in profile, or a file
  /// that holds what stands in the member `planaria` of a server's entry.
  private static @Nullable JsonObject planaria(Map<String, String> values, Path directory) {
    String profile = values.get(PROFILE);
    if (profile == null) {
      return null;
    }
    if (!profile.contains("/") && !profile.endsWith(".json")) {
      return JsonObject.builder().put("profile", profile).build();
    }
    try {
      Path file = directory.resolve(profile);
      if (Files.size(file) > JsonLimits.DEFAULT.documentBytes()) {
        throw misunderstood(PROFILE + " " + profile + ": is too large");
      }
      JsonObject object = Json.parseObject(Files.readAllBytes(file), JsonLimits.DEFAULT);
      // As `planaria profile` prints it, too.
      return object.get("planaria") instanceof JsonObject inside ? inside : object;
    } catch (IOException | InvalidPathException e) {
      throw misunderstood(PROFILE + " " + profile + ": cannot be read: " + e.getMessage());
    } catch (JsonSyntaxException e) {
      throw misunderstood(PROFILE + " " + profile + ": " + e.getMessage());
    }
  }

  private static String session(Map<String, String> values, Path directory) {
    return WrapNames.requireSession(values.getOrDefault("--session", WrapNames.session(directory)));
  }

  private static String following(String name, List<String> rest) {
    if (rest.isEmpty() || rest.getFirst().startsWith("--")) {
      throw misunderstood(name + " needs a value");
    }
    return rest.removeFirst();
  }

  /// `NAME=VARIABLE`: a header whose value stands in the environment, so that it is neither in the
  /// client's file in clear nor among the arguments that every user of the machine can see.
  private static void addHeader(
      Map<String, String> headers, String value, Map<String, String> environment) {
    int equals = value.indexOf('=');
    String name = equals < 0 ? "" : value.substring(0, equals);
    if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
      throw misunderstood(HEADER + " must be HEADER=VARIABLE");
    }
    String variable = value.substring(equals + 1);
    String content = environment.get(variable);
    if (content == null) {
      throw misunderstood(
          "the environment has no " + variable + ", which " + HEADER + " names for " + name);
    }
    if (content.chars().anyMatch(c -> c == '\r' || c == '\n')) {
      throw misunderstood(variable + " holds a line break, which no header can");
    }
    headers.put(name, content);
  }

  private static URI url(String text) {
    try {
      URI url = new URI(text);
      if (url.getHost() == null) {
        throw misunderstood("the URL names no host: " + text);
      }
      return url;
    } catch (URISyntaxException e) {
      throw misunderstood("not a URL: " + e.getMessage());
    }
  }

  private static CommandFailure misunderstood(String sentence) {
    return new CommandFailure(
        ExitStatus.USAGE, "wrap: " + sentence + " (try 'planaria wrap --help')");
  }
}

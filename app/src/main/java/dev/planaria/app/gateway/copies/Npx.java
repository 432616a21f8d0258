package dev.planaria.app.gateway.copies;

import dev.planaria.app.gateway.upstreams.ProgramPath;
import dev.planaria.app.gateway.upstreams.StdioCommand;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds the script that `npx` or `npm exec` would run. Where npm puts packages is its own affair
/// and changes with its versions; so npm is asked, with the operator's own options, for the PATH
/// under which it would run the package, which it fetches first when it is not there. The script is
/// chosen from that by npm's documented rule (npm, `npm exec`: the only executable, else the one
/// that is named like the package). Thread-safe.
final class Npx {
  private static final Set<String> WITH_VALUE =
      Set.of("-p", "--package", "--registry", "--cache", "--userconfig", "-w", "--workspace");

  private static final Set<String> PACKAGE = Set.of("-p", "--package");
  private static final Set<String> CALL = Set.of("-c", "--call");

  /// A package of a registry, with a version or without; its last part is what its program is
  /// called.
  private static final Pattern SPEC =
      Pattern.compile("((?:@[\\w.~-]+/)?([\\w~-][\\w.~-]*))(?:@[^/]*)?");

  private static final List<String> TELL = List.of("--", "node", "-p", "process.env.PATH");
  private static final int ANSWER_BYTES = 64 << 10;
  private static final int COMPLAINT_CHARACTERS = 200;

  private final Path scratch;
  private final long findMillis;

  /// @param scratch a directory of ours
  /// @param findMillis how long npm may take
  Npx(Path scratch, long findMillis) {
    this.scratch = scratch;
    this.findMillis = findMillis;
  }

  /// The words of a command that mean something to npm.
  ///
  /// @param asked up to the first word that is no option
  /// @param packages those that options name
  /// @param rest the word that is run, and its arguments
  private record Words(List<String> asked, List<String> packages, List<String> rest) {
    static Words of(List<String> argv, int from) throws NoCopy {
      var asked = new ArrayList<>(argv.subList(0, from));
      var packages = new ArrayList<String>();
      int at = from;
      while (at < argv.size() && argv.get(at).startsWith("-") && !argv.get(at).equals("--")) {
        String option = argv.get(at++);
        int equals = option.indexOf('=');
        String name = equals < 0 ? option : option.substring(0, equals);
        if (CALL.contains(name)) {
          throw NoCopy.notNode("npx is told to run a shell");
        }
        asked.add(option);
        String value = option.substring(equals + 1);
        if (equals < 0 && WITH_VALUE.contains(option) && at < argv.size()) {
          value = argv.get(at++);
          asked.add(value);
        }
        if (PACKAGE.contains(name)) {
          packages.add(value);
        }
      }
      at += at < argv.size() && argv.get(at).equals("--") ? 1 : 0;
      if (at >= argv.size()) {
        throw NoCopy.notNode("npx is told to run nothing");
      }
      return new Words(asked, packages, argv.subList(at, argv.size()));
    }
  }

  /// Finds it.
  ///
  /// @param from where the options begin
  NodeCommand find(StdioCommand command, int from, Map<String, String> environment)
      throws NoCopy, InterruptedException {
    Words words = Words.of(command.argv(), from);
    String first = words.rest().getFirst();
    Matcher spec = SPEC.matcher(first);
    if (words.packages().isEmpty() && !spec.matches()) {
      throw NoCopy.notFound("npx is told to run " + first + ", which is no package of a registry");
    }
    var question = new ArrayList<>(words.asked());
    if (words.packages().isEmpty()) {
      question.add("--package=" + first);
    }
    question.addAll(TELL);
    String path = ask(new StdioCommand(question, Map.of(), command.directory()), environment);
    Optional<Path> program =
        words.packages().isEmpty()
            ? executable(path, spec.group(1), spec.group(2))
            : ProgramPath.find(first, path);
    Path script =
        ScriptSearch.script(
            program.orElseThrow(() -> NoCopy.notFound("npm names no program for " + first)));
    return new NodeCommand(List.of(), script, words.rest().subList(1, words.rest().size()));
  }

  private static Optional<Path> executable(String path, String name, String unscoped) {
    return Stream.of(path.split(":", -1))
        .filter(place -> place.startsWith("/") && place.endsWith("/node_modules/.bin"))
        .map(place -> Path.of(place).resolveSibling(name))
        .filter(Files::isDirectory)
        .findFirst()
        .flatMap(found ->
            NodePackage.description(found)
                .flatMap(description -> executable(description, unscoped))
                .map(found::resolve)
                .filter(Files::isRegularFile));
  }

  private static Optional<String> executable(JsonObject description, String unscoped) {
    return switch (description.get("bin")) {
      case JsonString(String only) -> Optional.of(only);
      case JsonObject several -> {
        List<String> scripts =
            several.members().values().stream()
                .flatMap(value ->
                    value instanceof JsonString(String text) ? Stream.of(text) : Stream.empty())
                .distinct()
                .toList();
        yield scripts.size() == 1
            ? Optional.of(scripts.getFirst())
            : several.get(unscoped) instanceof JsonString(String named)
                ? Optional.of(named)
                : Optional.empty();
      }
      case null, default -> Optional.empty();
    };
  }

  private String ask(StdioCommand question, Map<String, String> environment)
      throws NoCopy, InterruptedException {
    Path answer = null;
    Path complaint = null;
    try {
      answer = Files.createTempFile(scratch, "npm", ".out");
      complaint = Files.createTempFile(scratch, "npm", ".err");
      var builder = new ProcessBuilder(located(question, environment));
      builder.environment().clear();
      builder.environment().putAll(environment);
      if (question.directory() != null) {
        builder.directory(question.directory().toFile());
      }
      Process npm =
          builder
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(answer.toFile())
              .redirectError(complaint.toFile())
              .start();
      int status = await(npm);
      if (status != 0) {
        throw NoCopy.notFound("npm ended with " + status + " (" + cut(last(complaint)) + ")");
      }
      return last(answer);
    } catch (IOException e) {
      throw NoCopy.failed("npm could not be asked: " + e.getMessage());
    } finally {
      delete(answer);
      delete(complaint);
    }
  }

  private static List<String> located(StdioCommand question, Map<String, String> environment)
      throws NoCopy {
    var argv = new ArrayList<>(question.argv());
    String program = argv.getFirst();
    Path npm =
        program.indexOf('/') >= 0
            ? ScriptSearch.in(question, program)
            : ProgramPath.find(program, environment.getOrDefault("PATH", ""))
                .orElseThrow(() -> NoCopy.notFound("no " + program + " is in its PATH"));
    argv.set(0, npm.toString());
    return argv;
  }

  private static String cut(String complaint) {
    String plain = complaint.replaceAll("\\p{Cntrl}", "");
    return plain.substring(0, Math.min(plain.length(), COMPLAINT_CHARACTERS));
  }

  private int await(Process npm) throws NoCopy, InterruptedException {
    try {
      if (npm.waitFor(findMillis, TimeUnit.MILLISECONDS)) {
        return npm.exitValue();
      }
      throw NoCopy.notFound("npm did not answer within copies.findMillis, which is " + findMillis);
    } finally {
      npm.descendants().forEach(ProcessHandle::destroyForcibly);
      npm.destroyForcibly();
    }
  }

  /// The last line that says something.
  private static String last(Path said) throws IOException {
    try (InputStream in = Files.newInputStream(said)) {
      String text = new String(in.readNBytes(ANSWER_BYTES), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.isBlank()).reduce("", (_, next) -> next);
    }
  }

  private static void delete(@Nullable Path file) throws NoCopy {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw NoCopy.failed(file + " could not be deleted: " + e);
    }
  }
}

package dev.planaria.app.gateway.copies;

import dev.planaria.app.gateway.upstreams.ProgramPath;
import dev.planaria.app.gateway.upstreams.StdioCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds the script that a command runs: behind `node`, as a program on the PATH or at a path, or
/// behind `npx`, by asking npm. Thread-safe.
final class ScriptSearch {
  /// Options of `node` whose value is a word of its own (Node.js, command-line API).
  private static final Set<String> WITH_VALUE =
      Set.of(
          "-r",
          "--require",
          "--import",
          "--loader",
          "--experimental-loader",
          "-C",
          "--conditions",
          "--env-file",
          "--title",
          "--icu-data-dir",
          "--openssl-config",
          "--inspect-port",
          "--diagnostic-dir");

  /// Options of `node` that run something else than a script.
  private static final Set<String> NO_SCRIPT =
      Set.of("-", "-e", "--eval", "-p", "-pe", "--print", "-i", "--interactive", "--test", "--run");

  private static final Set<String> NODE = Set.of("node", "nodejs");

  /// The first line of a program that Node runs, also through `env` and with options.
  private static final Pattern FIRST_LINE =
      Pattern.compile("#!\\s*(\\S*/env\\s+(-S\\s*)?)?(\\S*/)?(node|nodejs)(\\s.*)?");

  private static final int FIRST_LINE_BYTES = 256;

  private final Npx npx;

  ScriptSearch(Npx npx) {
    this.npx = npx;
  }

  /// Finds it.
  ///
  /// @param environment of the server
  NodeCommand find(StdioCommand command, Map<String, String> environment)
      throws NoCopy, InterruptedException {
    List<String> argv = command.argv();
    String program = baseName(argv.getFirst());
    if (NODE.contains(program)) {
      return behindNode(command);
    }
    if (program.equals("npx")) {
      return npx.find(command, 1, environment);
    }
    if (program.equals("npm") && argv.size() > 2 && Set.of("exec", "x").contains(argv.get(1))) {
      return npx.find(command, 2, environment);
    }
    Path found =
        argv.getFirst().indexOf('/') >= 0
            ? in(command, argv.getFirst())
            : ProgramPath.find(program, environment.getOrDefault("PATH", ""))
                .orElseThrow(() -> NoCopy.notFound("no " + program + " is in its PATH"));
    return new NodeCommand(List.of(), script(found), argv.subList(1, argv.size()));
  }

  private static NodeCommand behindNode(StdioCommand command) throws NoCopy {
    List<String> argv = command.argv();
    int at = 1;
    while (at < argv.size() && argv.get(at).startsWith("-")) {
      String option = argv.get(at);
      if (NO_SCRIPT.contains(option.replaceFirst("=.*", ""))) {
        throw NoCopy.notNode("the command runs `node " + option + "` and no script");
      }
      at += WITH_VALUE.contains(option) ? 2 : 1;
      if (option.equals("--")) {
        break;
      }
    }
    if (at >= argv.size()) {
      throw NoCopy.notNode("the command names no script");
    }
    Path script = in(command, argv.get(at));
    if (!Files.isRegularFile(script)) {
      throw NoCopy.notFound("there is no script " + script);
    }
    return new NodeCommand(argv.subList(0, at), real(script), argv.subList(at + 1, argv.size()));
  }

  /// A path as the server sees it.
  static Path in(StdioCommand command, String path) {
    Path directory = command.directory() == null ? Path.of("") : command.directory();
    return directory.resolve(path).toAbsolutePath();
  }

  /// The real path of a program that is a script of Node's.
  static Path script(Path program) throws NoCopy {
    Path real = real(program);
    try (InputStream in = Files.newInputStream(real)) {
      String begin = new String(in.readNBytes(FIRST_LINE_BYTES), StandardCharsets.ISO_8859_1);
      if (FIRST_LINE.matcher(begin.lines().findFirst().orElse("")).matches()) {
        return real;
      }
    } catch (IOException e) {
      throw NoCopy.failed(real + " cannot be read: " + e);
    }
    throw NoCopy.notNode(real + " is no script of Node's");
  }

  private static Path real(Path file) throws NoCopy {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw NoCopy.notFound("there is no " + file);
    }
  }

  private static String baseName(String program) {
    return program.substring(program.lastIndexOf('/') + 1);
  }
}

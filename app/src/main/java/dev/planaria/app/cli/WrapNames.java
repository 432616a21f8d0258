package dev.planaria.app.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The names that `planaria wrap` gives when nobody names anything. Pure.
final class WrapNames {

  /// Tool names carry the server's name, and some clients allow them only 64 characters.
  private static final int SERVER_CHARACTERS = 32;

  private static final int DIRECTORY_CHARACTERS = 40;

  /// Programs that run something else, which is what the server is called after.
  private static final Set<String> RUNNERS =
      Set.of(
          "npx", "bunx", "pnpx", "uvx", "pipx", "npm", "pnpm", "yarn", "uv", "node", "nodejs",
          "bun", "deno", "tsx", "ts-node", "python", "python3", "java", "docker", "podman", "env",
          "sh", "bash", "cmd", "cmd.exe", "setsid", "exec");

  /// Words by which a runner is told what to do.
  private static final Set<String> VERBS =
      Set.of("run", "exec", "dlx", "x", "tool", "container", "/c", "--");

  /// Options of runners that have a value which is no name.
  private static final Set<String> WITH_VALUE =
      Set.of(
          "-e",
          "--env",
          "--env-file",
          "-v",
          "--volume",
          "--mount",
          "--network",
          "-u",
          "--user",
          "-w",
          "--workdir",
          "-p",
          "--publish",
          "--platform",
          "--pull",
          "--python",
          "--directory",
          "--from",
          "--with",
          "--project",
          "-cp",
          "-classpath",
          "--class-path",
          "-r",
          "--require",
          "--import",
          "--loader",
          "--prefix",
          "--cwd");

  /// What many programs call their main file, so that its directory says more.
  private static final Set<String> EMPTY_WORDS =
      Set.of("index", "main", "server", "cli", "app", "dist", "build", "bin", "src", "lib", "out");

  private WrapNames() {}

  /// The session of a project: its directory's name, and a few letters for its whole path, so that
  /// two projects never share one.
  static String session(Path directory) {
    Path name = directory.getFileName();
    String readable = cleaned(name == null ? "root" : name.toString(), DIRECTORY_CHARACTERS);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(directory.toString().getBytes(StandardCharsets.UTF_8));
      String letters = HexFormat.of().formatHex(digest, 0, 4);
      return (readable.isEmpty() ? "project" : readable) + "-" + letters;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// A server's name for its URL: the host.
  static String serverOf(java.net.URI url) {
    String host = url.getHost();
    return orServer(cleaned(host == null ? "" : host, SERVER_CHARACTERS));
  }

  /// A server's name for its command: the package without its version, or the script.
  static String serverOf(List<String> command) {
    List<String> words = new ArrayList<>(command);
    String program = baseName(words.getFirst());
    while (RUNNERS.contains(program.toLowerCase(Locale.ROOT)) || isVersioned(program)) {
      words.removeFirst();
      dropOptions(words);
      if (words.isEmpty()) {
        break;
      }
      program = baseName(words.getFirst());
    }
    return orServer(
        words.isEmpty() ? cleaned(program, SERVER_CHARACTERS) : named(words.getFirst()));
  }

  /// `python3.12` runs things as `python3` does.
  private static boolean isVersioned(String program) {
    return program.matches("python3?\\.\\d+");
  }

  private static void dropOptions(List<String> words) {
    while (!words.isEmpty()) {
      String word = words.getFirst();
      if (WITH_VALUE.contains(word) && words.size() > 1) {
        words.removeFirst();
      } else if (!word.startsWith("-")
          && !VERBS.contains(word)
          && !word.matches("[A-Za-z_]\\w*=(?!=).*")) {
        return;
      } else if (word.equals("-m") || word.equals("-jar")) {
        words.removeFirst();
        return;
      }
      words.removeFirst();
    }
  }

  /// A package, image, module or path, without scope, version and ending.
  private static String named(String word) {
    String path = word.replace('\\', '/');
    List<String> segments = new ArrayList<>(List.of(path.split("/")));
    String name = segments.isEmpty() ? "" : bare(segments.removeLast());
    while (EMPTY_WORDS.contains(name) && !segments.isEmpty() && !isScope(segments.getLast())) {
      name = bare(segments.removeLast());
    }
    boolean scoped = !segments.isEmpty() && segments.getLast().startsWith("@");
    String whole = scoped && name.equals("mcp") ? segments.getLast() + "-mcp" : name;
    return cleaned(whole, SERVER_CHARACTERS);
  }

  private static boolean isScope(String segment) {
    return segment.isEmpty() || segment.startsWith("@") || segment.equals(".");
  }

  private static String bare(String segment) {
    String name = segment.replaceFirst("(?<=.)(@|==|:|\\[).*$", "");
    return name.replaceFirst("\\.(js|mjs|cjs|ts|mts|py|jar|sh|exe|cmd|bat|rb|php)$", "");
  }

  private static String baseName(String program) {
    String path = program.replace('\\', '/');
    return path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.exe$", "");
  }

  private static String orServer(String name) {
    return name.isEmpty() ? "server" : name;
  }

  /// Letters, digits and dashes; two underscores in a row would read as the end of the name.
  private static String cleaned(String text, int most) {
    String plain =
        text.replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("_{2,}", "_").replaceAll("-{2,}", "-");
    String cut = plain.substring(0, Math.min(plain.length(), most));
    return cut.replaceAll("^[-_]+|[-_]+$", "");
  }

  /// A name that fits for a server, as close to that one as can be.
  static String cleanedServer(String name) {
    return orServer(cleaned(name, SERVER_CHARACTERS));
  }

  /// Checks a name that somebody gave.
  ///
  /// @throws CommandFailure when it cannot be part of an address and of tool names
  static String requireServer(String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,31}") || name.contains("__")) {
      throw new CommandFailure(
          ExitStatus.USAGE,
          "--server must be 1 to 32 letters, digits, - and _, without two _ in a row, not '"
              + name
              + "'");
    }
    return name;
  }

  /// Checks a session's name that somebody gave.
  ///
  /// @throws CommandFailure when it cannot be part of an address
  static String requireSession(String name) {
    if (name.isBlank()
        || name.length() > 256
        || name.equals(".")
        || name.equals("..")
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new CommandFailure(
          ExitStatus.USAGE,
          "--session must be 1 to 256 characters without control characters, and not . or ..");
    }
    return name;
  }
}

package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "install",
    description = {
      "Link planaria into a directory on the PATH.",
      "Does nothing when the link is there; never replaces a file or link that is not this one."
    })
final class InstallCommand extends Subcommand {

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Where the link goes (default: ~/.local/bin).")
  @Nullable Path to;

  InstallCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    Path launcher = environment.installation().launcher();
    if (launcher == null) {
      throw new CommandFailure(
          ExitStatus.FAILED, "start this through the planaria script; there is nothing to link to");
    }
    Path chosen = to;
    Path directory =
        (chosen == null ? environment.userHome().resolve(".local").resolve("bin") : chosen)
            .toAbsolutePath()
            .normalize();
    Path link = directory.resolve("planaria");
    boolean there = isThere(link, launcher);
    if (!there) {
      Files.createDirectories(directory);
      Files.createSymbolicLink(link, launcher);
    }
    boolean onPath = isOnPath(directory);
    String text = (there ? "already linked: " : "linked: ") + link + " -> " + launcher;
    if (!onPath) {
      text +=
          "\n"
              + directory
              + " is not on your PATH; add it, for example:\n  export PATH=\""
              + directory
              + ":$PATH\"";
    }
    answer(
        JsonObject.builder()
            .put("link", link.toString())
            .put("target", launcher.toString())
            .put("created", !there)
            .put("on_path", onPath)
            .build(),
        text);
    return ExitStatus.OK;
  }

  /// True when the link is there and leads here.
  private static boolean isThere(Path link, Path launcher) throws IOException {
    if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    if (Files.exists(link) && Files.isSameFile(link, launcher)) {
      return true;
    }
    String what =
        Files.isSymbolicLink(link)
            ? "is a link to " + Files.readSymbolicLink(link)
            : "exists and is not a link of ours";
    throw new CommandFailure(
        ExitStatus.IN_USE, link + " " + what + "; remove it, or name another directory with --to");
  }

  private boolean isOnPath(Path directory) {
    String path = environment.variables().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .anyMatch(entry -> Path.of(entry).normalize().equals(directory));
  }
}

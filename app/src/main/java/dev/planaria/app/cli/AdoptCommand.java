package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "adopt",
    description = {
      "Rewrite an MCP client's configuration so that each of its servers goes through Planaria.",
      "Understands .mcp.json, Claude Desktop, Cursor (mcpServers) and VS Code (servers); keeps"
          + " comments, order and everything else; a backup is kept beside the file."
    })
final class AdoptCommand extends Subcommand {

  @Parameters(paramLabel = "FILE", description = "The client's configuration.")
  Path named = Path.of("");

  @Option(names = "--dry-run", description = "Show what would be changed, and change nothing.")
  boolean dryRun;

  @Option(names = "--undo", description = "Put back what the last adopt found, byte for byte.")
  boolean undo;

  @Option(
      names = "--force",
      description = "With --undo: also when the file was changed since; those changes are lost.")
  boolean force;

  AdoptCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    if (force && !undo) {
      throw new CommandFailure(ExitStatus.USAGE, "--force is for --undo");
    }
    AdoptFile file = AdoptFile.of(named);
    return undo ? undo(file) : adopt(file);
  }

  private String launcher() {
    Path launcher = environment.installation().launcher();
    if (launcher == null) {
      throw new CommandFailure(
          ExitStatus.FAILED, "start this through the planaria script, whose path is to be written");
    }
    return launcher.toString();
  }

  private ExitStatus adopt(AdoptFile file) throws IOException {
    byte[] before = file.bytes();
    String text = AdoptFile.text(before);
    AdoptPlan plan = plan(text);
    Path backup = null;
    if (plan.changes() && !dryRun) {
      byte[] after = plan.text().getBytes(StandardCharsets.UTF_8);
      backup = file.keep(before);
      try {
        file.replace(before, after);
      } catch (IOException | CommandFailure failure) {
        Files.deleteIfExists(backup);
        throw failure;
      }
    }
    answer(json(file, plan, backup, text), sentences(file, plan, backup, text));
    return ExitStatus.OK;
  }

  private AdoptPlan plan(String text) {
    try {
      return AdoptPlan.of(text, launcher());
    } catch (AdoptText.Malformed e) {
      throw new CommandFailure(ExitStatus.FAILED, named + ": " + e.getMessage(), e);
    }
  }

  private JsonObject json(AdoptFile file, AdoptPlan plan, @Nullable Path backup, String before) {
    var servers = new ArrayList<JsonValue>();
    for (AdoptPlan.Server server : plan.servers()) {
      servers.add(
          JsonObject.builder()
              .put("name", server.name())
              .put("action", server.action().name().toLowerCase(Locale.ROOT))
              .put("reason", server.reason().isEmpty() ? null : server.reason())
              .build());
    }
    return JsonObject.builder()
        .put("file", file.path().toString())
        .put("changed", plan.changes() && !dryRun)
        .put("backup", backup == null ? null : backup.toString())
        .put("diff", dryRun && plan.changes() ? AdoptDiff.of(before, plan.text()) : null)
        .put("servers", new JsonArray(servers))
        .build();
  }

  private String sentences(AdoptFile file, AdoptPlan plan, @Nullable Path backup, String before) {
    List<String> lines = new ArrayList<>();
    for (AdoptPlan.Server server : plan.servers()) {
      lines.add(
          switch (server.action()) {
            case WRAPPED -> server.name() + ": " + (dryRun ? "would be wrapped" : "wrapped");
            case ALREADY -> server.name() + ": left, " + server.reason();
            case LEFT -> server.name() + ": left, " + server.reason();
          });
    }
    if (!plan.changes()) {
      lines.add("nothing to change in " + file.path());
    } else if (dryRun) {
      lines.add(AdoptDiff.of(before, plan.text()));
    } else {
      lines.add("changed " + file.path());
      lines.add("backup: " + backup);
      lines.add("start the client again; 'planaria adopt --undo " + named + "' takes it back");
    }
    return String.join("\n", lines);
  }

  private ExitStatus undo(AdoptFile file) throws IOException {
    Optional<Path> newest = file.newestBackup();
    if (newest.isEmpty()) {
      throw new CommandFailure(
          ExitStatus.NOT_FOUND, "there is no backup beside " + file.path() + "; nothing to undo");
    }
    Path backup = newest.get();
    byte[] original = Files.readAllBytes(backup);
    byte[] present = file.bytes();
    if (!force && !isAsAdopted(original, present)) {
      throw new CommandFailure(
          ExitStatus.IN_USE,
          file.path()
              + " was changed since adopt wrote it; --undo --force puts "
              + backup
              + " back all the same, and those changes are lost");
    }
    if (!dryRun) {
      file.replace(present, original);
      Files.delete(backup);
    }
    answer(
        JsonObject.builder()
            .put("file", file.path().toString())
            .put("restored_from", backup.toString())
            .put("changed", !dryRun)
            .put("diff", dryRun ? diff(present, original) : null)
            .build(),
        dryRun ? diff(present, original) : "restored " + file.path() + " as it was before adopt");
    return ExitStatus.OK;
  }

  private static String diff(byte[] present, byte[] original) {
    return AdoptDiff.of(AdoptFile.text(present), AdoptFile.text(original));
  }

  /// Adopting the backup again shows what adopt wrote; nothing has to be remembered for that.
  private boolean isAsAdopted(byte[] original, byte[] present) {
    byte[] adopted = plan(AdoptFile.text(original)).text().getBytes(StandardCharsets.UTF_8);
    return Arrays.equals(adopted, present) || Arrays.equals(original, present);
  }
}

package dev.planaria.app.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// All commands by name, and the parser over them.
final class CommandTable {

  private static final Map<String, Function<CliEnvironment, Object>> COMMANDS = commands();

  private CommandTable() {}

  private static Map<String, Function<CliEnvironment, Object>> commands() {
    var commands = new LinkedHashMap<String, Function<CliEnvironment, Object>>();
    commands.put("up", UpCommand::new);
    commands.put("wrap", _ -> new WrapCommand());
    commands.put("stop", StopCommand::new);
    commands.put("status", StatusCommand::new);
    commands.put("dashboard", DashboardCommand::new);
    commands.put("sessions", SessionsCommand::new);
    commands.put("inspect", InspectCommand::new);
    commands.put("journal", JournalCommand::new);
    commands.put("checkpoints", CheckpointsCommand::new);
    commands.put("verify", VerifyCommand::new);
    commands.put("recover", RecoverCommand::new);
    commands.put("restore", RestoreCommand::new);
    commands.put("fork", ForkCommand::new);
    commands.put("export", ExportCommand::new);
    commands.put("import", ImportCommand::new);
    commands.put("upstreams", UpstreamsCommand::new);
    commands.put("calls", CallsCommand::new);
    commands.put("queue", QueueCommand::new);
    commands.put("reconnect", ReconnectCommand::new);
    commands.put("alerts", AlertsCommand::new);
    commands.put("profile", ProfileCommand::new);
    commands.put("demo", DemoCommand::new);
    commands.put("chaos", ChaosCommand::withParts);
    commands.put("doctor", DoctorCommand::new);
    commands.put("token", TokenCommand::new);
    commands.put("install", InstallCommand::new);
    commands.put("adopt", AdoptCommand::new);
    commands.put("completion", CompletionCommand::new);
    commands.put("version", VersionCommand::new);
    commands.put("prepare", PrepareCommand::new);
    return Collections.unmodifiableMap(commands);
  }

  /// The parser for these arguments. Building a command costs milliseconds of reflection, so that
  /// only the one that is named is built; help and complaints get them all.
  static CommandLine parserFor(CliEnvironment environment, List<String> arguments) {
    String first = arguments.isEmpty() ? "" : arguments.getFirst();
    Function<CliEnvironment, Object> named = COMMANDS.get(first);
    return named == null ? completeParser(environment) : parser(environment, Map.of(first, named));
  }

  /// The parser with every command.
  static CommandLine completeParser(CliEnvironment environment) {
    return parser(environment, COMMANDS);
  }

  private static CommandLine parser(
      CliEnvironment environment, Map<String, Function<CliEnvironment, Object>> commands) {
    var parser = new CommandLine(new PlanariaCommand());
    commands.forEach((name, make) -> parser.addSubcommand(name, make.apply(environment)));
    parser.setOut(new PrintWriter(environment.out(), true, environment.out().charset()));
    parser.setErr(new PrintWriter(environment.err(), true, environment.err().charset()));
    parser.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    parser.setCaseInsensitiveEnumValuesAllowed(true);
    parser.getCommandSpec().usageMessage().footer(exitStatuses());
    var errors = new CommandErrors(environment);
    parser.setParameterExceptionHandler(errors::misunderstood);
    parser.setExecutionExceptionHandler(errors::failed);
    return parser;
  }

  private static String @Nullable [] exitStatuses() {
    var lines = new ArrayList<String>();
    lines.add("");
    lines.add("Exit statuses:");
    for (ExitStatus status : ExitStatus.values()) {
      lines.add("  " + status.code() + "  " + status.meaning());
    }
    return lines.toArray(String[]::new);
  }
}

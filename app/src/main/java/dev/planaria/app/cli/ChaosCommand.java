package dev.planaria.app.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `planaria chaos` without a word behind it: only help and complaints.
@Command(
    name = "chaos",
    description = {
      "Break a scratch daemon on purpose, and hold what it does against what it promised.",
      "docs/chaos.md describes experiments, files and reports."
    })
final class ChaosCommand implements Runnable {

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  boolean help;

  /// The command with those under it.
  static CommandLine withParts(CliEnvironment environment) {
    return new CommandLine(new ChaosCommand())
        .addSubcommand("list", new ChaosListCommand(environment))
        .addSubcommand("run", new ChaosRunCommand(environment))
        .addSubcommand("report", new ChaosReportCommand(environment));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say list, run or report");
  }
}

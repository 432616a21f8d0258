package dev.planaria.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `planaria` without a command: only help and complaints.
@Command(
    name = "planaria",
    description = "Crash-proof sessions for agent swarms that work over MCP.")
final class PlanariaCommand implements Runnable {

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  boolean help;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }
}

package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.WireName;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

@Command(
    name = "completion",
    description = {
      "Print a script that completes planaria's commands and options.",
      "bash and zsh:  source <(planaria completion bash)",
      "fish:          planaria completion fish | source"
    })
final class CompletionCommand extends Subcommand {

  /// A shell that can complete.
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @Parameters(
      paramLabel = "SHELL",
      defaultValue = "bash",
      description = "bash, zsh or fish (default: bash).")
  Shell shell = Shell.BASH;

  CompletionCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() {
    CommandLine all = CommandTable.completeParser(environment);
    String script =
        switch (shell) {
          // The script is written for bash and brings its own adapter for zsh.
          case BASH, ZSH -> AutoComplete.bash("planaria", all);
          case FISH -> fish(all);
        };
    answer(
        JsonObject.builder().put("shell", WireName.of(shell)).put("script", script).build(),
        script);
    return ExitStatus.OK;
  }

  private static String fish(CommandLine all) {
    var script = new StringBuilder("complete -c planaria -f\n");
    all.getSubcommands()
        .forEach((name, command) -> {
          if (!command.getCommandSpec().usageMessage().hidden()) {
            script
                .append("complete -c planaria -n __fish_use_subcommand -a ")
                .append(name)
                .append(" -d ")
                .append(quoted(command.getCommandSpec().usageMessage().description()))
                .append('\n');
            command.getCommandSpec().options().forEach(option -> fish(script, name, option));
          }
        });
    return script.toString();
  }

  private static void fish(StringBuilder script, String command, OptionSpec option) {
    script
        .append("complete -c planaria -n '__fish_seen_subcommand_from ")
        .append(command)
        .append("' -l ")
        .append(option.longestName().substring(2))
        .append(option.arity().max() > 0 ? " -r -F" : "")
        .append(" -d ")
        .append(quoted(option.description()))
        .append('\n');
  }

  private static String quoted(String[] description) {
    String first = description.length == 0 ? "" : description[0];
    return "'" + first.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}

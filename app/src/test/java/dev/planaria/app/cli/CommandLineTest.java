package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.JsonString;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every command has in common: help, complaints, exit statuses, JSON.
class CommandLineTest {

  private static final List<String> COMMANDS =
      List.of(
          "up",
          "stop",
          "status",
          "dashboard",
          "sessions",
          "inspect",
          "journal",
          "checkpoints",
          "verify",
          "alerts",
          "demo",
          "doctor",
          "token",
          "install",
          "completion",
          "version");

  @TempDir Path home;

  private Terminal terminal;

  @BeforeEach
  void sit_down() {
    terminal = new Terminal(home);
  }

  @Test
  void help_names_every_command_and_every_exit_status() {
    var help = terminal.run("--help");
    assertThat(help.status()).isZero();
    assertThat(help.err()).isEmpty();
    for (String command : COMMANDS) {
      assertThat(help.out()).containsPattern("\n  " + command + " ");
    }
    for (ExitStatus status : ExitStatus.values()) {
      assertThat(help.out()).contains("  " + status.code() + "  " + status.meaning());
    }
    assertThat(help.out()).doesNotContain("prepare");
  }

  @Test
  void every_command_has_help_data_and_json() {
    for (String command : COMMANDS) {
      var help = terminal.run(command, "--help");
      assertThat(help.status()).as(command).isZero();
      assertThat(help.out())
          .as(command)
          .startsWith("Usage: planaria " + command)
          .contains("--data", "--json", "--help");
    }
  }

  @Test
  void without_a_command_it_says_so() {
    var run = terminal.run();
    assertThat(run.status()).isEqualTo(ExitStatus.USAGE.code());
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo("planaria: name a command\ntry 'planaria --help'\n");
  }

  @Test
  void a_misspelt_command_gets_a_suggestion() {
    var run = terminal.run("statsu");
    assertThat(run.status()).isEqualTo(ExitStatus.USAGE.code());
    assertThat(run.err()).contains("statsu").contains("status");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status --nonsense",
        "inspect",
        "journal s --limit many",
        "token create",
        "token fly x",
        "completion csh",
        "up --port many",
        "up extra",
        "sessions extra",
        "demo --agents 0",
        "journal s --limit 0",
        "token create operator",
        "token create -x",
        "token create a/b"
      })
  void what_is_not_understood_ends_with_2_and_one_sentence(String line) {
    var run = terminal.run(line.split(" "));
    assertThat(run.status()).isEqualTo(ExitStatus.USAGE.code());
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("planaria").doesNotContain("Exception", "\tat ");
  }

  @Test
  void errors_are_objects_for_programs() {
    var misunderstood = terminal.run("status", "--json", "--nonsense");
    assertThat(misunderstood.json().get("error")).asString().contains("USAGE").contains("nonsense");
    var failed = terminal.run("sessions", "--json");
    assertThat(failed.status()).isEqualTo(ExitStatus.NOT_FOUND.code());
    assertThat(failed.json().get("error")).asString().contains("NOT_FOUND", "there is no store");
    assertThat(failed.err()).startsWith("planaria: there is no store in ");
  }

  @Test
  void version_says_what_it_runs_on() {
    var version = terminal.run("version", "--json").json();
    assertThat(version.get("version")).isEqualTo(new JsonString("development"));
    assertThat(version.get("java")).asString().contains("25");
    assertThat(terminal.run("version").out()).startsWith("planaria development (Java: ");
  }

  @Test
  void completion_scripts_know_the_commands() {
    String bash = terminal.run("completion").out();
    String fish = terminal.run("completion", "fish").out();
    for (String command : COMMANDS) {
      assertThat(bash).contains(command);
      assertThat(fish).contains("-a " + command + " -d '");
    }
    assertThat(bash).startsWith("#!/usr/bin/env bash");
    assertThat(fish).contains("-l port -r -F -d '").doesNotContain("prepare");
  }

  @Test
  void the_data_directory_follows_the_xdg_specification() {
    assertThat(terminal.run("status").out()).contains(terminal.data().toString());
    Path state = home.resolve("elsewhere");
    terminal.with("XDG_STATE_HOME", state.toString());
    assertThat(terminal.run("status").out()).contains(state.resolve("planaria").toString());
    terminal.with("XDG_STATE_HOME", "relative");
    assertThat(terminal.run("status").out()).contains(terminal.data().toString());
    assertThat(terminal.run("status", "--data", state + "/x/../y").out()).contains(state + "/y");
  }
}

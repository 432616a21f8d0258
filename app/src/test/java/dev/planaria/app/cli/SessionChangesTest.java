package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SwarmConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands that change sessions, on a store that nobody serves and beside a real daemon.
class SessionChangesTest {

  @TempDir Path home;

  private Terminal terminal;
  private String checkpoint = "";

  @BeforeEach
  void make_a_store() {
    terminal = new Terminal(home);
    try (SessionEngine engine =
        SessionEngine.open(terminal.data(), EngineSettings.DEFAULT, terminal.sources(), null)) {
      var id =
          engine
              .openSession("alpha", null, SwarmConfiguration.DEFAULT, new Caller("t", "o"))
              .state()
              .id();
      engine.submit(id, store("one"), new Caller("t", "1"));
      checkpoint = engine.checkpoint(id, "good").id();
      engine.submit(id, store("two"), new Caller("t", "2"));
      engine.submit(id, store("three"), new Caller("t", "3"));
    }
  }

  private static Command store(String value) {
    return new Command.StoreMemory(new MemoryKey("n", "k"), new JsonString(value), null, null);
  }

  private String value(String session) {
    var memory = Shown.objects(terminal.run("inspect", session, "--json").json(), "memory");
    return Shown.text(memory.getFirst(), "value");
  }

  /// All that holds with and without a daemon.
  private void goesBackAndBranchesOff() {
    var fork = terminal.run("fork", "alpha", "--name", "copy of it", "--seq", "3");
    assertThat(fork.status()).as(fork.err()).isZero();
    assertThat(fork.out()).contains("session copy of it", "1 memory entries of alpha");
    var restored = terminal.run("restore", "alpha", checkpoint);
    assertThat(restored.status()).as(restored.err()).isZero();
    assertThat(restored.out()).contains("after operation 2", "2 operations were taken back");
    assertThat(value("alpha")).isEqualTo("one");
    assertThat(value("copy of it")).isEqualTo("two");
    JsonObject forth = terminal.run("restore", "alpha", "--seq", "4", "--json").json();
    assertThat(Shown.text(forth, "dropped")).isEqualTo("1");
    assertThat(Shown.text(Shown.object(forth, "head"), "seq")).isEqualTo("6");
    assertThat(value("alpha")).isEqualTo("three");
    var recovered = terminal.run("recover", "alpha");
    assertThat(recovered.status()).as(recovered.err()).isZero();
    assertThat(recovered.out()).contains("session alpha serves again, at operation 6");
    assertThat(terminal.run("verify").status()).isZero();
  }

  private void refusesWhatCannotBe() {
    assertThat(terminal.run("restore", "beta", "--seq", "1").status())
        .isEqualTo(ExitStatus.NOT_FOUND.code());
    assertThat(terminal.run("restore", "alpha", "--seq", "99").status())
        .isEqualTo(ExitStatus.NOT_FOUND.code());
    assertThat(terminal.run("restore", "alpha", "none").err()).contains("`checkpoint_id` names no");
    assertThat(terminal.run("fork", "alpha", "--name", "alpha").status())
        .isEqualTo(ExitStatus.IN_USE.code());
    assertThat(terminal.run("fork", "alpha", "--name", " ").status())
        .isEqualTo(ExitStatus.FAILED.code());
  }

  @Test
  void a_store_that_nobody_serves_is_changed_itself() {
    goesBackAndBranchesOff();
    refusesWhatCannotBe();
  }

  @Test
  void a_running_daemon_is_asked() throws IOException {
    try (RealDaemon daemon = RealDaemon.on(terminal.data(), home)) {
      assertThat(daemon).isNotNull();
      goesBackAndBranchesOff();
      refusesWhatCannotBe();
    }
    assertThat(value("alpha")).isEqualTo("three");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "restore alpha",
        "restore alpha c --seq 1",
        "restore",
        "restore alpha --seq x",
        "fork",
        "fork alpha --seq 1 --checkpoint c"
      })
  void a_command_line_that_says_too_little_or_too_much_is_not_understood(String line) {
    var run = terminal.run(line.split(" ", -1));
    assertThat(run.status()).isEqualTo(ExitStatus.USAGE.code());
    assertThat(run.err()).isNotBlank();
  }

  @Test
  void without_a_store_nothing_is_found_and_nothing_is_made() {
    var elsewhere = new Terminal(home.resolve("elsewhere"));
    for (String command : List.of("restore alpha --seq 1", "fork alpha", "recover alpha")) {
      assertThat(elsewhere.run(command.split(" ", -1)).status())
          .as(command)
          .isEqualTo(ExitStatus.NOT_FOUND.code());
    }
    assertThat(elsewhere.data()).doesNotExist();
  }
}

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A session carried from one data directory to another by hand.
class TransferCommandsTest {

  @TempDir Path home;

  private Terminal terminal;
  private Path file = Path.of("");

  @BeforeEach
  void make_a_store() {
    terminal = new Terminal(home);
    file = home.resolve("alpha.planaria");
    try (SessionEngine engine =
        SessionEngine.open(terminal.data(), EngineSettings.DEFAULT, terminal.sources(), null)) {
      var id =
          engine
              .openSession("alpha", null, SwarmConfiguration.DEFAULT, new Caller("t", "o"))
              .state()
              .id();
      for (int i = 0; i < 20; i++) {
        var value = new JsonString("value " + i);
        engine.submit(
            id,
            new Command.StoreMemory(new MemoryKey("n", "k" + i), value, null, null),
            new Caller("t", "op-" + i));
      }
    }
  }

  private Terminal.Finished abroad(String... arguments) {
    String[] all = Stream.of(arguments).toArray(String[]::new);
    all =
        Stream.concat(Stream.of(all), Stream.of("--data", elsewhere().toString()))
            .toArray(String[]::new);
    return terminal.run(all);
  }

  private Path elsewhere() {
    return home.resolve("abroad");
  }

  private void carriesIt() throws IOException {
    var exported = terminal.run("export", "alpha", file.toString());
    assertThat(exported.status()).as(exported.err()).isZero();
    assertThat(exported.out()).contains("session alpha is in " + file, "21 operations up to 21");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    var again = terminal.run("export", "alpha", file.toString());
    assertThat(again.status()).isEqualTo(ExitStatus.FAILED.code());
    assertThat(again.err()).contains("is there already");
    var imported = abroad("import", file.toString());
    assertThat(imported.status()).as(imported.err()).isZero();
    assertThat(imported.out()).contains("session alpha", "21 operations up to 21");
    assertThat(Shown.objects(abroad("inspect", "alpha", "--json").json(), "memory")).hasSize(20);
    assertThat(abroad("journal", "alpha", "--from", "1", "--limit", "3").out())
        .contains("session_opened");
    assertThat(abroad("verify").status()).isZero();
    var twice = abroad("import", file.toString());
    assertThat(twice.status()).isEqualTo(ExitStatus.IN_USE.code());
    assertThat(twice.err()).contains("here already, under its id");
    JsonObject copy = abroad("import", file.toString(), "--name", "copy", "--json").json();
    assertThat(Shown.text(copy, "copied")).isEqualTo("true");
    assertThat(Shown.objects(abroad("inspect", "copy", "--json").json(), "memory")).hasSize(20);
    for (Path data : Stream.of(terminal.data(), elsewhere()).toList()) {
      try (var left = Files.list(data.resolve("transfer"))) {
        assertThat(left).as("nothing is left behind").isEmpty();
      }
    }
  }

  @Test
  void stores_that_nobody_serves_hand_over_a_session() throws IOException {
    carriesIt();
  }

  @Test
  void running_daemons_hand_over_a_session() throws IOException {
    try (var here = RealDaemon.on(terminal.data(), home);
        var there = RealDaemon.on(elsewhere(), home)) {
      assertThat(here).isNotSameAs(there);
      carriesIt();
      refusesADamagedFile();
    }
  }

  private void refusesADamagedFile() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Path damaged = home.resolve("damaged.planaria");
    Files.write(damaged, bytes);
    var run = abroad("import", damaged.toString(), "--name", "damaged", "--json");
    assertThat(run.status()).isEqualTo(ExitStatus.DAMAGED.code());
    assertThat(run.err()).contains("of the export does not hold");
    assertThat(abroad("inspect", "damaged").status()).isEqualTo(ExitStatus.NOT_FOUND.code());
  }

  @Test
  void what_is_no_export_is_refused_and_no_session_is_made() throws IOException {
    assertThat(terminal.run("export", "beta", file.toString()).status())
        .isEqualTo(ExitStatus.NOT_FOUND.code());
    assertThat(file).doesNotExist();
    assertThat(abroad("import", file.toString()).status()).isEqualTo(ExitStatus.FAILED.code());
    Files.writeString(file, "this is something else altogether");
    var run = abroad("import", file.toString());
    assertThat(run.status()).isEqualTo(ExitStatus.DAMAGED.code());
    assertThat(run.err()).isEqualTo("planaria: the file is no export of a session\n");
    Files.delete(file);
    assertThat(terminal.run("export", "alpha", file.toString()).status()).isZero();
    refusesADamagedFile();
    var reserved = abroad("import", file.toString(), "--name", "planaria.links");
    assertThat(reserved.status()).isEqualTo(ExitStatus.FAILED.code());
    assertThat(reserved.err()).contains("must not begin with planaria.");
    assertThat(Shown.objects(abroad("sessions", "--json").json(), "sessions")).isEmpty();
  }
}

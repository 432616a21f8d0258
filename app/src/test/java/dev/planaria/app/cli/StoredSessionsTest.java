package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.chaos.disk.DiskInjector;
import dev.planaria.chaos.disk.StoreFiles;
import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Priority;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.sqlite.StoreBehindWitness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands that read, on a store that no daemon serves.
class StoredSessionsTest {

  @TempDir Path home;

  private Terminal terminal;

  @BeforeEach
  void sit_down() {
    terminal = new Terminal(home);
  }

  @Test
  void without_a_store_nothing_is_found_and_nothing_is_made() {
    for (String command : List.of("sessions", "verify")) {
      var run = terminal.run(command);
      assertThat(run.status()).isEqualTo(ExitStatus.NOT_FOUND.code());
      assertThat(run.out()).isEmpty();
    }
    assertThat(terminal.data()).doesNotExist();
  }

  @Test
  void status_says_that_nobody_runs_and_what_lies_there() {
    var before = terminal.run("status", "--json");
    assertThat(before.status()).isEqualTo(ExitStatus.NOT_RUNNING.code());
    assertThat(before.json().get("store")).isEqualTo(JsonBoolean.of(false));
    makeStore();
    assertThat(terminal.run("status", "--json").json().get("store"))
        .isEqualTo(JsonBoolean.of(true));
    assertThat(terminal.run("stop").status()).isEqualTo(ExitStatus.NOT_RUNNING.code());
  }

  @Test
  void sessions_are_listed_and_shown() {
    makeStore();
    var list = Shown.objects(terminal.run("sessions", "--json").json(), "sessions");
    assertThat(list).extracting(session -> Shown.text(session, "name")).containsExactly("alpha");
    String id = Shown.text(list.getFirst(), "session_id");
    for (String reference : List.of("alpha", id)) {
      JsonObject shown = terminal.run("inspect", reference, "--json").json();
      assertThat(Shown.text(Shown.object(shown, "counts"), "tasks")).isEqualTo("2");
      assertThat(Shown.objects(shown, "agents")).hasSize(1);
    }
    assertThat(terminal.run("inspect", "alpha").out())
        .contains("session   alpha (" + id + ")", "agents: 1", "tasks: 2", "first task");
    assertThat(terminal.run("sessions").out()).startsWith("NAME");
  }

  @Test
  void the_journal_shows_the_last_operations_or_those_asked_for() {
    makeStore();
    var all = Shown.objects(terminal.run("journal", "alpha", "--json").json(), "entries");
    assertThat(all).extracting(entry -> Shown.number(entry, "seq")).startsWith(1L, 2L, 3L, 4L);
    assertThat(all.get(1))
        .extracting(entry -> Shown.text(entry, "type"))
        .isEqualTo("agent_spawned");
    assertThat(all.get(1).get("operation_id")).isEqualTo(new JsonString("spawn"));
    long head = Shown.number(all.getLast(), "seq");
    var last =
        Shown.objects(terminal.run("journal", "alpha", "--limit", "2", "--json").json(), "entries");
    assertThat(last)
        .extracting(entry -> Shown.number(entry, "seq"))
        .containsExactly(head - 1, head);
    var from =
        Shown.objects(
            terminal.run("journal", "alpha", "--from", "2", "--limit", "1", "--json").json(),
            "entries");
    assertThat(from).extracting(entry -> Shown.number(entry, "seq")).containsExactly(2L);
    assertThat(terminal.run("journal", "alpha", "--from", "99").out()).contains("no operations");
  }

  @Test
  void lease_tokens_are_not_shown() {
    String token = makeStore();
    assertThat(terminal.run("journal", "alpha", "--json").out())
        .contains("task_claimed", "expires_at_ms")
        .doesNotContain(token);
    assertThat(terminal.run("inspect", "alpha", "--json").out()).doesNotContain(token);
  }

  @Test
  void checkpoints_are_listed() {
    makeStore();
    var checkpoints =
        Shown.objects(terminal.run("checkpoints", "alpha", "--json").json(), "checkpoints");
    assertThat(checkpoints)
        .anySatisfy(checkpoint -> {
          assertThat(Shown.text(checkpoint, "label")).isEqualTo("by hand");
          assertThat(checkpoint.get("verified")).isEqualTo(JsonBoolean.of(true));
        });
  }

  @Test
  void a_session_that_is_not_there_has_its_own_status() {
    makeStore();
    for (String command : List.of("inspect", "journal", "checkpoints", "verify")) {
      var run = terminal.run(command, "beta");
      assertThat(run.status()).as(command).isEqualTo(ExitStatus.NOT_FOUND.code());
      assertThat(run.err()).contains("there is no session beta");
    }
  }

  @Test
  void a_sound_store_is_called_sound() {
    makeStore();
    var run = terminal.run("verify", "--json");
    assertThat(run.status()).isZero();
    assertThat(run.json().get("sound")).isEqualTo(JsonBoolean.of(true));
    assertThat(Shown.number(run.json(), "entries")).isGreaterThanOrEqualTo(5);
    assertThat(terminal.run("verify", "alpha").out())
        .contains("session alpha")
        .contains("nothing is to be done")
        .contains("everything is sound");
    var deep = terminal.run("verify", "alpha", "--deep", "--json");
    assertThat(deep.status()).isZero();
    assertThat(deep.json().get("deep")).isEqualTo(JsonBoolean.of(true));
  }

  @Test
  void damage_is_found_and_has_its_own_status() throws Exception {
    makeStore();
    flipByteAfter("first task");
    var run = terminal.run("verify", "--json");
    assertThat(run.status()).isEqualTo(ExitStatus.DAMAGED.code());
    assertThat(run.json().get("sound")).isEqualTo(JsonBoolean.of(false));
    assertThat(Shown.objects(run.json(), "findings")).isNotEmpty();
    assertThat(terminal.run("verify").out()).contains("SEVERITY").contains("the store itself");
    assertThat(terminal.run("verify", "--deep").status()).isEqualTo(ExitStatus.DAMAGED.code());
  }

  @Test
  void an_older_database_is_found_by_its_witness() throws Exception {
    makeStore();
    Map<Path, byte[]> older = new StoreFiles(terminal.data()).copy();
    try (var engine = open()) {
      var session = engine.find("alpha").orElseThrow().id();
      engine.submit(
          session,
          new Command.SpawnAgent("tester", null, List.of(), JsonObject.EMPTY),
          caller("spawn-another"));
    }
    putBack(older);
    var run = terminal.run("verify");
    assertThat(run.status()).isEqualTo(ExitStatus.DAMAGED.code());
    assertThat(run.out()).contains("of its frames are missing");
    assertThat(terminal.run("sessions").status()).isZero();
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreBehindWitness.class)
        .hasMessageContaining("accept the loss");
  }

  @Test
  void what_a_store_has_lost_is_given_up_only_when_that_is_asked_for() throws Exception {
    makeStore();
    Map<Path, byte[]> older = new StoreFiles(terminal.data()).copy();
    long acknowledged;
    try (var engine = open()) {
      var session = engine.find("alpha").orElseThrow().id();
      acknowledged =
          engine
              .submit(
                  session,
                  new Command.SpawnAgent("tester", null, List.of(), JsonObject.EMPTY),
                  caller("spawn-another"))
              .receipt()
              .seq();
    }
    putBack(older);
    var refused = terminal.run("recover");
    assertThat(refused.status()).isEqualTo(ExitStatus.DAMAGED.code());
    assertThat(refused.err()).contains("behind its witness");

    var accepted = terminal.run("recover", "--accept-loss", "--json");
    assertThat(accepted.err()).isEmpty();
    assertThat(accepted.status()).isZero();
    try (var engine = open()) {
      var session = engine.find("alpha").orElseThrow().id();
      var next =
          engine.submit(
              session,
              new Command.SpawnAgent("tester", null, List.of(), JsonObject.EMPTY),
              caller("spawn-a-third"));
      assertThat(next.receipt().seq()).as("no seq is given twice").isGreaterThan(acknowledged);
    }
    assertThat(terminal.run("verify").out()).contains("everything is sound");
  }

  @Test
  void recovering_names_the_session_and_refuses_a_store_in_use() {
    makeStore();
    assertThat(terminal.run("recover", "beta").status()).isEqualTo(ExitStatus.NOT_FOUND.code());
    var run = terminal.run("recover", "alpha");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("session alpha serves again");
    try (var _ = open()) {
      assertThat(terminal.run("recover", "alpha").status()).isEqualTo(ExitStatus.IN_USE.code());
    }
  }

  @Test
  void a_store_that_another_process_holds_is_left_alone() {
    makeStore();
    try (var _ = open()) {
      var run = terminal.run("sessions");
      assertThat(run.status()).isEqualTo(ExitStatus.IN_USE.code());
      assertThat(run.err()).contains("another process holds the store");
    }
    assertThat(terminal.run("sessions").status()).isZero();
  }

  private SessionEngine open() {
    return SessionEngine.open(terminal.data(), EngineSettings.DEFAULT, terminal.sources(), null);
  }

  /// A session with an agent and two tasks, one of them claimed; gives the lease's token.
  private String makeStore() {
    try (var engine = open()) {
      var session =
          engine
              .openSession("alpha", null, SwarmConfiguration.DEFAULT, caller("open"))
              .state()
              .id();
      engine.submit(
          session,
          new Command.SpawnAgent("coder", null, List.of(), JsonObject.EMPTY),
          caller("spawn"));
      for (String description : List.of("first task", "second task")) {
        engine.submit(
            session,
            new Command.CreateTask(
                description, Priority.MEDIUM, List.of(), null, 3, JsonObject.EMPTY),
            caller(description.endsWith("first task") ? "create-1" : "create-2"));
      }
      var claimed =
          engine.submit(session, new Command.ClaimTask("agent-2", "task-3", null), caller("claim"));
      engine.checkpoint(session, "by hand");
      var lease =
          ((dev.planaria.engine.state.Operation.TaskClaimed) claimed.operation()).task().lease();
      return lease == null ? "" : lease.token();
    }
  }

  private static Caller caller(String operationId) {
    return new Caller("tester", operationId);
  }

  /// Puts back an older database, and leaves the witness as it is.
  private void putBack(Map<Path, byte[]> older) throws IOException {
    var session = SessionId.parse("01890000-0000-7000-8000-000000000001"); // for checkpoints only
    var injector =
        new DiskInjector(new StoreFiles(terminal.data()), older, session, new SplittableRandom(1));
    var fault = new FaultSpec(new Fault.OlderCopy(), Target.DATABASE, 0, 0);
    assertThat(injector.inject(fault)).as("bytes that differ").isPositive();
  }

  /// Changes the journal where a text stands for the first time.
  private void flipByteAfter(String text) throws Exception {
    Path file = terminal.data().resolve("planaria.db");
    byte[] bytes = Files.readAllBytes(file);
    int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(text);
    assertThat(at).isPositive();
    bytes[at] ^= 1;
    Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);
  }
}

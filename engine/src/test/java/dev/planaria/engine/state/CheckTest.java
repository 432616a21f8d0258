package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.state.Refusal.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules for texts, values and sizes, at every place where a caller can hand one in.
final class CheckTest {

  private final TestSession session = new TestSession();

  /// Every argument that is a name, with a command that carries the given one.
  static Stream<Map.Entry<String, Function<String, Command>>> names() {
    return Map.<String, Function<String, Command>>of(
        "type", text -> new Command.SpawnAgent(text, null, null, null),
        "name", text -> new Command.SpawnAgent("coder", text, null, null),
        "capabilities[1]", text -> new Command.SpawnAgent("coder", null, List.of("a", text), null),
        "strategy", text -> new Command.OrchestrateTask("do it", text, null, null),
        "namespace",
            text -> new Command.StoreMemory(new MemoryKey(text, "k"), JsonNull.NULL, null, null),
        "key", text -> new Command.StoreMemory(new MemoryKey("n", text), JsonNull.NULL, null, null),
        "connection_id", Command.RemoveConnection::new,
        "recovery_id", Command.ResumeAfterCrash::new)
        .entrySet()
        .stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void a_name_is_one_visible_line(Map.Entry<String, Function<String, Command>> argument) {
    var field = "`" + argument.getKey() + "`";
    for (var bad :
        List.of(
            "",
            " ",
            "\t",
            "\u3000",
            "a\u0000",
            "a\nb",
            "a\rb",
            "a\u001b[31m",
            "a\u007f",
            "a\u0085b",
            "a\u2028b",
            "a\u202Eb",
            "a\u2066b",
            "a\u2069",
            "a\udb40\udc41b",
            "a\ud800",
            "\udc00a")) {
      session.refuses(argument.getValue().apply(bad), Code.INVALID_ARGUMENT, field);
    }
    for (var good :
        List.of(
            "a",
            "Größe",
            "漢字",
            "😀".repeat(256),
            "a b",
            "x".repeat(256),
            "../etc",
            "'; --",
            "con",
            "-x",
            "עברית")) {
      session.submit(argument.getValue().apply(good));
    }
    session.refuses(
        argument.getValue().apply("x".repeat(257)), Code.LIMIT_EXCEEDED, "`limits.nameCharacters`");
    session.refuses(argument.getValue().apply("😀".repeat(257)), Code.LIMIT_EXCEEDED, field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n ", "a\u0000", "a\u202Eb", "a\u001b", "a\ud800"})
  void a_description_has_no_hidden_characters(String bad) {
    session.refuses(
        new Command.CreateTask(bad, null, null, null, null, null),
        Code.INVALID_ARGUMENT,
        "`description`");
    session.refuses(
        new Command.OrchestrateTask(bad, null, null, null), Code.INVALID_ARGUMENT, "`description`");
    session.refuses(new Command.CloseSession(bad), Code.INVALID_ARGUMENT, "`reason`");
  }

  @Test
  void a_description_may_have_lines_and_is_bounded() {
    session.create(new Command.CreateTask("one\r\n\ttwo\u2028three", null, null, null, null, null));
    session.create(new Command.CreateTask("x".repeat(100_000), null, null, null, null, null));
    session.refuses(
        new Command.CreateTask("x".repeat(100_001), null, null, null, null, null),
        Code.LIMIT_EXCEEDED,
        "`limits.descriptionCharacters`");
  }

  @Test
  void an_error_is_checked_like_a_description() {
    var agent = session.spawn();
    var task = session.create();
    session.claim(agent);
    session.refuses(
        new Command.FailTask(task, session.token(task), " "), Code.INVALID_ARGUMENT, "`error`");
  }

  @Test
  void the_message_names_the_character_not_the_text() {
    var refusal = session.refused(new Command.SpawnAgent("admin\u202E", null, null, null));
    assertThat(refusal.getMessage()).contains("U+202E").doesNotContain("admin");
  }

  @Test
  void values_are_bounded_in_size_and_depth_wherever_they_come_in() {
    var agent = session.spawn();
    var task = session.create();
    session.claim(agent);
    var large = new JsonString("x".repeat(1 << 20));
    JsonValue deep = JsonNull.NULL;
    for (int i = 0; i < 65; i++) {
      deep = new JsonArray(List.of(deep));
    }
    for (var value : List.of(large, deep)) {
      var object = JsonObject.builder().put("v", value).build();
      for (var command :
          List.of(
              new Command.SpawnAgent("coder", null, null, object),
              new Command.UpdateAgent(agent, null, null, null, object),
              new Command.CreateTask("do it", null, null, null, null, object),
              new Command.UpdateTask(task, session.token(task), null, object),
              new Command.CompleteTask(task, session.token(task), value),
              new Command.StoreMemory(new MemoryKey("a", "b"), value, null, null))) {
        assertThat(session.refused(command).code()).isEqualTo(Code.LIMIT_EXCEEDED);
      }
    }
    session.store("k", new JsonString("x".repeat((1 << 20) - 2)));
    session.store("k", deepArray(64));
  }

  @Test
  void a_value_a_hundred_thousand_levels_deep_is_refused_without_overflowing_the_stack() {
    session.refuses(
        new Command.StoreMemory(new MemoryKey("a", "b"), deepArray(100_000), null, null),
        Code.LIMIT_EXCEEDED,
        "`limits.valueDepth`");
  }

  @Test
  void the_deepest_value_that_limits_can_allow_is_written_and_read() {
    var limits = new TestLimits();
    limits.valueDepth = 500;
    session.limits(limits.toLimits());
    session.store("k", deepArray(500));
    var agent = session.spawn();
    var task = session.create();
    session.claim(agent);
    var done = session.submit(new Command.CompleteTask(task, session.token(task), deepArray(500)));
    assertThat(OperationCodec.decode("task_completed", OperationCodec.encode(done)))
        .isEqualTo(done);
    assertThat(StateCodec.decode(StateCodec.encode(session.state()))).isEqualTo(session.state());
    limits.valueDepth = 501;
    assertThatThrownBy(limits::toLimits)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("valueDepth");
  }

  @Test
  void limits_that_make_no_sense_cannot_be_made() {
    var limits = new TestLimits();
    limits.tasks = 0;
    assertThatThrownBy(limits::toLimits)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1");
  }

  @Test
  void a_value_that_could_not_be_written_exactly_is_refused() {
    for (var value :
        List.of(
            new JsonString("\ud800"),
            new JsonArray(List.of(new JsonString("\udc00"))),
            JsonObject.builder().put("\ud800", 1).build())) {
      session.refuses(
          new Command.StoreMemory(new MemoryKey("a", "b"), value, null, null),
          Code.INVALID_ARGUMENT,
          "`value` must not hold unpaired surrogates");
    }
  }

  @Test
  void every_count_has_a_limit_that_is_named() {
    var limits = new TestLimits();
    limits.agents = 3;
    limits.agentsEver = 4;
    limits.tasks = 3;
    limits.dependencies = 1;
    limits.capabilities = 2;
    limits.connections = 1;
    session.limits(limits.toLimits());
    session.refuses(
        new Command.SpawnAgent("a", null, List.of("a", "b", "c"), null),
        Code.LIMIT_EXCEEDED,
        "`limits.capabilities`");
    var spawn = new Command.SpawnAgent("coder", null, null, null);
    var agents = new ArrayList<>(List.of(session.spawn(), session.spawn(), session.spawn()));
    session.refuses(spawn, Code.LIMIT_EXCEEDED, "`limits.agents`");
    session.submit(new Command.RetireAgent(agents.getFirst()));
    var last = session.spawn();
    session.submit(new Command.RetireAgent(last));
    session.refuses(spawn, Code.LIMIT_EXCEEDED, "`limits.agentsEver`");
    var one = session.create();
    var two = session.create();
    session.refuses(
        new Command.CreateTask("x", null, List.of(one, two), null, null, null),
        Code.LIMIT_EXCEEDED,
        "`limits.dependencies`");
    session.create();
    session.refuses(
        new Command.CreateTask("x", null, null, null, null, null),
        Code.LIMIT_EXCEEDED,
        "`limits.tasks`");
    session.refuses(
        new Command.OrchestrateTask("x", null, null, null), Code.LIMIT_EXCEEDED, "`limits.tasks`");
    session.submit(new Command.PutConnection(connection("one", 0)));
    session.refuses(
        new Command.PutConnection(connection("two", 0)),
        Code.LIMIT_EXCEEDED,
        "`limits.connections`");
    session.submit(new Command.PutConnection(connection("one", 1)));
    session.refuses(
        new Command.PutConnection(connection("one", -1)),
        Code.INVALID_ARGUMENT,
        "consecutive_failures");
  }

  @Test
  void live_agents_and_unfinished_tasks_have_a_bound_in_bytes_and_finishing_makes_room() {
    var limits = new TestLimits();
    limits.openBytes = 3_000;
    session.limits(limits.toLimits());
    var agent = session.spawn();
    var task = session.create(description(2_000));
    session.refuses(description(1_000), Code.LIMIT_EXCEEDED, "`limits.openBytes`");
    session.refuses(
        new Command.SpawnAgent("a", null, null, TestSession.object("k", "x".repeat(900))),
        Code.LIMIT_EXCEEDED,
        "`limits.openBytes`");
    session.claim(agent);
    session.refuses(
        new Command.UpdateTask(
            task, session.token(task), null, TestSession.object("k", "x".repeat(900))),
        Code.LIMIT_EXCEEDED,
        "`limits.openBytes`");
    session.complete(task);
    session.submit(description(1_000));
    session.submit(new Command.CloseSession(null));
  }

  @Test
  void everything_together_has_a_bound_in_bytes_too() {
    var limits = new TestLimits();
    limits.boardBytes = 3_000;
    session.limits(limits.toLimits());
    var agent = session.spawn();
    var task = session.create();
    session.claim(agent);
    session.refuses(
        new Command.CompleteTask(task, session.token(task), new JsonString("x".repeat(3_000))),
        Code.LIMIT_EXCEEDED,
        "`limits.boardBytes`");
    session.submit(
        new Command.CompleteTask(task, session.token(task), new JsonString("x".repeat(1_500))));
    session.refuses(description(1_000), Code.LIMIT_EXCEEDED, "`limits.boardBytes`");
    session.submit(new Command.PutConnection(connection("one", 0)));
  }

  private static Connection connection(String id, int failures) {
    return TestSession.connection(
        id, Transport.STDIO, Era.MODERN, ConnectionStatus.SYNC, JsonObject.EMPTY, failures, 0, 0);
  }

  private static Command.CreateTask description(int characters) {
    return new Command.CreateTask("x".repeat(characters), null, null, null, null, null);
  }

  private static JsonValue deepArray(int depth) {
    JsonValue value = new JsonArray(List.of());
    for (int i = 1; i < depth; i++) {
      value = new JsonArray(List.of(value));
    }
    return value;
  }
}

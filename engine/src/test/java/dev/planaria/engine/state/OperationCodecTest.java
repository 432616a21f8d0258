package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcollections.TreePMap;

/// The journal's form of each operation, which is for ever.
final class OperationCodecTest {

  private static final Agent AGENT =
      new Agent(
          "agent-2",
          "coder",
          "Ada",
          List.of("java", "sql"),
          AgentStatus.BUSY,
          "task-3",
          5,
          TestSession.object("team", "blue"),
          1,
          6);
  private static final String AGENT_JSON =
      "{\"agent_id\":\"agent-2\",\"type\":\"coder\",\"name\":\"Ada\",\"capabilities\":[\"java\",\"sql\"],"
          + "\"status\":\"busy\",\"current_task\":\"task-3\",\"last_heartbeat_ms\":5,"
          + "\"metadata\":{\"team\":\"blue\"},\"created_at_ms\":1,\"updated_at_ms\":6}";

  private static final Agent BARE_AGENT =
      new Agent("agent-4", "t", "n", List.of(), AgentStatus.IDLE, null, 5, JsonObject.EMPTY, 1, 6);
  private static final String BARE_AGENT_JSON =
      "{\"agent_id\":\"agent-4\",\"type\":\"t\",\"name\":\"n\",\"status\":\"idle\",\"last_heartbeat_ms\":5,"
          + "\"created_at_ms\":1,\"updated_at_ms\":6}";

  private static final Task TASK =
      new Task(
          "task-3",
          "do\nit",
          Priority.HIGH,
          TaskStatus.RUNNING,
          "agent-2",
          List.of("task-1"),
          40,
          2,
          3,
          new Lease("tok", 300, 900),
          new JsonNumber("1.50"),
          "once",
          TestSession.object("k", "v"),
          1,
          6,
          4L,
          7L);
  private static final String TASK_JSON =
      "{\"task_id\":\"task-3\",\"description\":\"do\\nit\",\"priority\":\"high\",\"status\":\"running\","
          + "\"assignee\":\"agent-2\",\"depends_on\":[\"task-1\"],\"progress\":40,\"attempts\":2,\"max_attempts\":3,"
          + "\"lease\":{\"token\":\"tok\",\"duration_ms\":300,\"expires_at_ms\":900},\"result\":1.50,\"error\":\"once\","
          + "\"metadata\":{\"k\":\"v\"},\"created_at_ms\":1,\"updated_at_ms\":6,\"started_at_ms\":4,\"finished_at_ms\":7}";

  private static final Task BARE_TASK =
      new Task(
          "task-5",
          "x",
          Priority.LOW,
          TaskStatus.PENDING,
          null,
          List.of(),
          0,
          0,
          1,
          null,
          null,
          null,
          JsonObject.EMPTY,
          1,
          6,
          null,
          null);
  private static final String BARE_TASK_JSON =
      "{\"task_id\":\"task-5\",\"description\":\"x\",\"priority\":\"low\",\"status\":\"pending\",\"progress\":0,"
          + "\"attempts\":0,\"max_attempts\":1,\"created_at_ms\":1,\"updated_at_ms\":6}";

  private static final MemoryKey KEY = new MemoryKey("default", "plan");
  private static final String KEY_JSON = "{\"namespace\":\"default\",\"key\":\"plan\"}";
  private static final String CONFIGURATION_JSON =
      "{\"topology\":\"mesh\",\"max_agents\":100,\"strategy\":\"balanced\"}";
  private static final String SESSION_JSON = "\"" + TestSession.SESSION + "\"";

  static Stream<Map.Entry<Operation, String>> forms() {
    return Stream.of(sessionAgentAndTaskForms(), otherForms(), CallForms.forms(), stateForms())
        .flatMap(forms -> forms);
  }

  private static Stream<Map.Entry<Operation, String>> sessionAgentAndTaskForms() {
    return Stream.of(
        form(
            new Operation.SessionOpened(
                TestSession.SESSION, "s", TestSession.SESSION, SwarmConfiguration.DEFAULT),
            "{'session_id':"
                + SESSION_JSON
                + ",'name':'s','parent':"
                + SESSION_JSON
                + ",'configuration':"
                + CONFIGURATION_JSON
                + "}"),
        form(
            new Operation.SwarmConfigured(
                new SwarmConfiguration(Topology.STAR, 3, "s", TestSession.object("a", "b"))),
            "{'configuration':{'topology':'star','max_agents':3,'strategy':'s','extra':{'a':'b'}}}"),
        form(
            new Operation.SessionClosed(
                "why", List.of(AGENT), List.of(TASK, BARE_TASK), List.of(CallForms.CALL)),
            "{'reason':'why','agents':["
                + AGENT_JSON
                + "],'tasks':["
                + TASK_JSON
                + ","
                + BARE_TASK_JSON
                + "],'calls':["
                + CallForms.CALL_JSON
                + "]}"),
        form(new Operation.SessionClosed(null, List.of(), List.of(), List.of()), "{}"),
        form(new Operation.AgentSpawned(BARE_AGENT), "{'agent':" + BARE_AGENT_JSON + "}"),
        form(new Operation.AgentUpdated(AGENT), "{'agent':" + AGENT_JSON + "}"),
        form(new Operation.AgentHeartbeat(AGENT), "{'agent':" + AGENT_JSON + "}"),
        form(
            new Operation.AgentRetired(AGENT, List.of(TASK)),
            "{'agent':" + AGENT_JSON + ",'released':[" + TASK_JSON + "]}"),
        form(new Operation.TaskCreated(BARE_TASK), "{'task':" + BARE_TASK_JSON + "}"),
        form(
            new Operation.TaskOrchestrated(TASK, List.of("agent-2", "agent-4")),
            "{'task':" + TASK_JSON + ",'agent_ids':['agent-2','agent-4']}"),
        form(new Operation.TaskClaimed(TASK, AGENT), taskAndAgent()),
        form(new Operation.TaskUpdated(TASK, AGENT), taskAndAgent()),
        form(new Operation.TaskCompleted(TASK, AGENT), taskAndAgent()),
        form(
            new Operation.TaskFailed(TASK, AGENT, List.of(BARE_TASK)),
            "{'task':"
                + TASK_JSON
                + ",'agent':"
                + AGENT_JSON
                + ",'cancelled':["
                + BARE_TASK_JSON
                + "]}"));
  }

  private static Stream<Map.Entry<Operation, String>> otherForms() {
    return Stream.of(
        form(
            new Operation.MemoryStored(new MemoryEntry(KEY, new JsonString("v"), 3, 9, 6, 10L)),
            "{'entry':{'namespace':'default','key':'plan','value':'v','bytes':3,'version':9,'updated_at_ms':6,'expires_at_ms':10}}"),
        form(new Operation.MemoryDeleted(KEY, false), "{'key':" + KEY_JSON + ",'existed':false}"),
        form(
            new Operation.ConnectionRemoved("files", false, List.of(), null),
            "{'connection_id':'files','existed':false}"),
        form(
            new Operation.Swept(
                List.of(TASK),
                List.of(AGENT),
                List.of(KEY),
                List.of(CallForms.CALL),
                List.of(CallForms.CALL_ID)),
            "{'tasks':["
                + TASK_JSON
                + "],'agents':["
                + AGENT_JSON
                + "],'memory':["
                + KEY_JSON
                + "],'calls':["
                + CallForms.CALL_JSON
                + "],'forgotten':["
                + CallForms.CALL_ID_JSON
                + "]}"),
        form(
            new Operation.Resumed("recovery-1", List.of(TASK)),
            "{'recovery_id':'recovery-1','tasks':[" + TASK_JSON + "]}"),
        form(
            new Operation.Recovered(
                "recovery-1",
                new Operation.Opening("alpha", SwarmConfiguration.DEFAULT, 7),
                List.of(new SeqRange(1, 1), new SeqRange(4, 6)),
                List.of(new Operation.Loss("tasks", 3), new Operation.Loss("unreadable", 1)),
                new SeqRange(9, 20)),
            "{'recovery_id':'recovery-1','opening':{'name':'alpha','configuration':"
                + "{'topology':'mesh','max_agents':100,'strategy':'balanced'},'at_ms':7},"
                + "'lost':[{'first':1,'last':1},{'first':4,'last':6}],"
                + "'losses':[{'component':'tasks','operations':3},"
                + "{'component':'unreadable','operations':1}],"
                + "'skipped':[{'first':9,'last':20}]}"),
        form(
            new Operation.Detached(
                "recovery-1", List.of(TASK), List.of(AGENT), List.of(CallForms.BARE_CALL)),
            "{'recovery_id':'recovery-1','tasks':["
                + TASK_JSON
                + "],'agents':["
                + AGENT_JSON
                + "],'calls':["
                + CallForms.BARE_CALL_JSON
                + "]}"),
        form(
            new Operation.Clamped(
                "recovery-1", List.of(TASK), List.of(AGENT), List.of(), List.of(CallForms.CALL)),
            "{'recovery_id':'recovery-1','tasks':["
                + TASK_JSON
                + "],'agents':["
                + AGENT_JSON
                + "],'calls':["
                + CallForms.CALL_JSON
                + "]}"));
  }

  private static Stream<Map.Entry<Operation, String>> stateForms() {
    return Stream.of(
        form(
            new Operation.SessionForked(7, empty(new History(TestSession.SESSION, 7, List.of()))),
            "{'parent_seq':7,'state':{'session_id':"
                + SESSION_JSON
                + ",'name':'copy','status':'active','parent':"
                + SESSION_JSON
                + ",'id_base':7,'configuration':"
                + CONFIGURATION_JSON
                + ",'last_memory_version':0,'memory_bytes':0,'created_at_ms':5,'updated_at_ms':5}}"),
        form(
            new Operation.Restored(
                4,
                "checkpoint-1",
                3,
                new StateDelta(
                    SessionStatus.ACTIVE,
                    SwarmConfiguration.DEFAULT,
                    List.of(new SeqRange(5, 7)),
                    2,
                    0,
                    9,
                    new StateDelta.Changes<>(List.of(AGENT), List.of("agent-6")),
                    new StateDelta.Changes<>(List.of(TASK), List.of()),
                    new StateDelta.Changes<>(List.of(), List.of()),
                    new StateDelta.Changes<>(List.of(CallForms.CALL), List.of(CallForms.CALL_ID)),
                    new StateDelta.Changes<>(List.of(), List.of(KEY)))),
            "{'to_seq':4,'checkpoint_id':'checkpoint-1','dropped':3,'changes':{'status':'active',"
                + "'configuration':"
                + CONFIGURATION_JSON
                + ",'without_effect':[{'first':5,'last':7}],'last_memory_version':2,"
                + "'memory_bytes':0,'updated_at_ms':9,'agents':["
                + AGENT_JSON
                + "],'removed_agents':['agent-6'],'tasks':["
                + TASK_JSON
                + "],'calls':["
                + CallForms.CALL_JSON
                + "],'removed_calls':["
                + CallForms.CALL_ID_JSON
                + "],'removed_memory':["
                + KEY_JSON
                + "]}}"));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void an_operation_has_one_form_and_comes_back_from_it(Map.Entry<Operation, String> form) {
    var operation = form.getKey();
    byte[] body = OperationCodec.encode(operation);
    assertThat(new String(body, StandardCharsets.UTF_8)).isEqualTo(form.getValue());
    assertThat(OperationCodec.decode(OperationCodec.type(operation), body)).isEqualTo(operation);
  }

  @Test
  void the_type_is_the_records_name_in_snake_case() {
    assertThat(forms().map(form -> OperationCodec.type(form.getKey())).distinct()).hasSize(28);
    forms()
        .forEach(form ->
            assertThat(OperationCodec.type(form.getKey()))
                .isEqualTo(
                    form.getKey()
                        .getClass()
                        .getSimpleName()
                        .replaceAll("(?<=.)([A-Z])", "_$1")
                        .toLowerCase(Locale.ROOT)));
  }

  @Test
  void members_from_a_later_version_are_passed_over() {
    var body =
        "{\"later\":{\"a\":[1,{\"b\":2}]},\"agent\":"
            + BARE_AGENT_JSON.replace("{", "{\"mood\":[\"good\"],")
            + "}";
    assertThat(OperationCodec.decode("agent_spawned", bytes(body)))
        .isEqualTo(new Operation.AgentSpawned(BARE_AGENT));
  }

  @Test
  void an_unknown_type_is_named() {
    assertThatThrownBy(() -> OperationCodec.decode("task_teleported", bytes("{}")))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("no operation of type `task_teleported`");
  }

  @Test
  void each_required_member_is_missed() {
    for (var name :
        List.of(
            "agent_id",
            "type",
            "name",
            "status",
            "last_heartbeat_ms",
            "created_at_ms",
            "updated_at_ms")) {
      missing(
          "agent_spawned",
          "{\"agent\":" + AGENT_JSON.replace("\"" + name + "\"", "\"other\"") + "}",
          name);
    }
    for (var name :
        List.of(
            "task_id",
            "description",
            "priority",
            "status",
            "progress",
            "attempts",
            "max_attempts",
            "token",
            "duration_ms",
            "expires_at_ms",
            "created_at_ms",
            "updated_at_ms")) {
      missing(
          "task_created",
          "{\"task\":" + TASK_JSON.replace("\"" + name + "\"", "\"other\"") + "}",
          name);
    }
    missing("task_claimed", "{\"task\":" + TASK_JSON + "}", "agent");
    missing("task_claimed", "{\"agent\":" + AGENT_JSON + "}", "task");
    missing("memory_stored", "{}", "entry");
    missing("memory_deleted", "{\"key\":" + KEY_JSON + "}", "existed");
    missing("connection_removed", "{\"existed\":true}", "connection_id");
    missing("resumed", "{}", "recovery_id");
    missing("session_opened", "{\"name\":\"x\"}", "session_id");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "1",
        "{",
        "{}x",
        "{\"agent\":null}",
        "{\"agent\":[]}",
        "{\"agent\":{\"agent_id\":1}}",
        "{\"agent\":{\"status\":\"sleepy\"}}",
        "{\"agent\":{\"status\":\"IDLE\"}}",
        "{\"agent\":{\"capabilities\":[1]}}",
        "{\"agent\":{\"created_at_ms\":1.5}}",
        "{\"agent\":{\"created_at_ms\":\"1\"}}",
        "{\"agent\":{\"created_at_ms\":9223372036854775808}}",
        "{\"agent\":{\"metadata\":[]}}",
        "{\"agent\":{\"metadata\":{\"a\":1,\"a\":2}}}",
        "{\"session_id\":\"../etc\"}",
        "{\"x\":\"\\ud800\"}"
      })
  void a_body_that_is_something_else_is_undecodable(String body) {
    assertThatThrownBy(() -> OperationCodec.decode("agent_spawned", bytes(body)))
        .isInstanceOf(UndecodableException.class);
  }

  @Test
  void numbers_beyond_their_field_are_undecodable() {
    assertThatThrownBy(() ->
            OperationCodec.decode(
                "task_created",
                bytes(
                    "{\"task\":"
                        + TASK_JSON.replace("\"progress\":40", "\"progress\":4000000000")
                        + "}")))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("`progress` is out of bounds");
  }

  @Test
  void a_body_cut_anywhere_is_undecodable_and_one_with_any_byte_changed_never_surprises() {
    byte[] body = OperationCodec.encode(new Operation.TaskFailed(TASK, AGENT, List.of(BARE_TASK)));
    int refused = 0;
    for (int at = 0; at < body.length; at++) {
      byte[] cut = Arrays.copyOf(body, at);
      assertThatThrownBy(() -> OperationCodec.decode("task_failed", cut))
          .isInstanceOf(UndecodableException.class);
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = body.clone();
        flipped[at] ^= (byte) (1 << bit);
        try {
          assertThat(OperationCodec.decode("task_failed", flipped)).isNotNull();
        } catch (UndecodableException e) {
          refused++;
        }
      }
    }
    assertThat(refused).isPositive();
  }

  private static String taskAndAgent() {
    return "{'task':" + TASK_JSON + ",'agent':" + AGENT_JSON + "}";
  }

  private static SessionState empty(History history) {
    return new SessionState(
        TestSession.SESSION,
        "copy",
        SessionStatus.ACTIVE,
        history,
        SwarmConfiguration.DEFAULT,
        TreePMap.empty(CreationOrder.OLDEST_FIRST),
        TreePMap.empty(CreationOrder.OLDEST_FIRST),
        TreePMap.empty(),
        TreePMap.empty(),
        TreePMap.empty(),
        0,
        0,
        5,
        5,
        Indexes.EMPTY);
  }

  static Map.Entry<Operation, String> form(Operation operation, String json) {
    return Map.entry(operation, json.replace('\'', '"'));
  }

  static void missing(String type, String body, String name) {
    assertThatThrownBy(() -> OperationCodec.decode(type, bytes(body)))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("`" + name + "` is missing");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

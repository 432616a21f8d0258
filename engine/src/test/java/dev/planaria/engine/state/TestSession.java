package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A session that a test drives: it keeps the state, the seq and the clock, and applies what was
/// decided.
final class TestSession {

  static final long START = 1_760_000_000_000L;
  static final SessionId SESSION =
      new SessionId(UUID.fromString("0199c3a0-0000-7000-8000-000000000001"));

  private SessionState state;
  private Limits limits = Limits.DEFAULT;
  private long seq = 1;
  private long nowMillis = START;

  TestSession() {
    state =
        Transition.open(
            Decide.open(SESSION, "test", null, SwarmConfiguration.DEFAULT, limits), nowMillis);
  }

  SessionState state() {
    return state;
  }

  long now() {
    return nowMillis;
  }

  long seq() {
    return seq;
  }

  TestSession limits(Limits changed) {
    limits = changed;
    return this;
  }

  Limits limits() {
    return limits;
  }

  TestSession tick(long millis) {
    nowMillis += millis;
    return this;
  }

  Operation submit(Command command) {
    var operation =
        Decide.decide(
            state, command, new Decision(nowMillis, seq + 1, () -> "token-" + (seq + 1), limits));
    apply(operation);
    return operation;
  }

  /// Asks for something that must be refused, and checks that nothing changed.
  Refusal refused(Command command) {
    var before = state;
    try {
      submit(command);
    } catch (Refusal refusal) {
      assertThat(state).isSameAs(before);
      assertThat(refusal.getMessage()).isNotBlank().hasSizeLessThan(400).doesNotContain("\n");
      return refusal;
    }
    throw new AssertionError("it was accepted: " + command);
  }

  /// As [#refused], and checks why and what is said.
  void refuses(Command command, Refusal.Code code, String words) {
    var refusal = refused(command);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal).hasMessageContaining(words);
  }

  void apply(Operation operation) {
    state = Transition.apply(state, operation, nowMillis);
    seq++;
  }

  void become(SessionState other) {
    state = other;
  }

  Agent agent(String id) {
    return present(state.agents().get(id));
  }

  Task task(String id) {
    return present(state.tasks().get(id));
  }

  String spawn() {
    return spawn("coder");
  }

  String spawn(String type, String... capabilities) {
    var command = new Command.SpawnAgent(type, null, List.of(capabilities), null);
    return ((Operation.AgentSpawned) submit(command)).agent().id();
  }

  String create(String... dependsOn) {
    return create(Priority.MEDIUM, dependsOn);
  }

  String create(Priority priority, String... dependsOn) {
    return create(new Command.CreateTask("do it", priority, List.of(dependsOn), null, null, null));
  }

  String createFor(String assignee, String... dependsOn) {
    return create(new Command.CreateTask("do it", null, List.of(dependsOn), assignee, null, null));
  }

  String create(Command.CreateTask command) {
    return ((Operation.TaskCreated) submit(command)).task().id();
  }

  Operation.TaskClaimed claim(String agentId) {
    return claim(agentId, null);
  }

  Operation.TaskClaimed claim(String agentId, @Nullable String taskId) {
    return (Operation.TaskClaimed) submit(new Command.ClaimTask(agentId, taskId, null));
  }

  Operation complete(String taskId) {
    return submit(new Command.CompleteTask(taskId, token(taskId), null));
  }

  Operation.TaskFailed fail(String taskId) {
    return (Operation.TaskFailed)
        submit(new Command.FailTask(taskId, token(taskId), "it went wrong"));
  }

  /// Lets a task run out of attempts.
  void failForGood(String agentId, String taskId) {
    while (!task(taskId).status().isFinal()) {
      claim(agentId, taskId);
      fail(taskId);
    }
  }

  MemoryEntry store(String key, JsonValue value) {
    var command = new Command.StoreMemory(new MemoryKey("default", key), value, null, null);
    return ((Operation.MemoryStored) submit(command)).entry();
  }

  String token(String taskId) {
    return present(task(taskId).lease()).token();
  }

  static JsonObject object(String name, String value) {
    return JsonObject.builder().put(name, value).build();
  }

  static Connection connection(
      String id,
      Transport transport,
      Era era,
      ConnectionStatus status,
      JsonObject capabilities,
      int failures,
      long heartbeatMillis,
      long updatedAtMillis) {
    return new Connection(
        id,
        transport,
        era,
        status,
        capabilities,
        failures,
        heartbeatMillis,
        updatedAtMillis,
        new Connection.Standing("a test says so", updatedAtMillis, failures, null, null, null),
        Connection.Memory.NONE);
  }

  /// A connection of that name, as it is while all is well.
  String connect(String id) {
    submit(
        new Command.PutConnection(
            connection(
                id,
                Transport.STDIO,
                Era.LEGACY,
                ConnectionStatus.CONNECTED,
                JsonObject.EMPTY,
                0,
                nowMillis,
                nowMillis)));
    return id;
  }

  static CallId callId(String operationId) {
    return new CallId("operator", operationId);
  }

  /// Accepts a call that may have an effect.
  Call accept(String operationId, String connectionId) {
    return accept(operationId, connectionId, CallClass.EFFECT, false);
  }

  Call accept(String operationId, String connectionId, CallClass callClass, boolean replayable) {
    return ((Operation.CallAccepted)
            submit(
                new Command.AcceptCall(
                    callId(operationId),
                    connectionId,
                    "tools/call",
                    "echo",
                    callClass,
                    "{\"name\":\"echo\"}",
                    null,
                    replayable,
                    CallStatus.ACCEPTED)))
        .call();
  }

  Call move(String operationId, CallStatus to) {
    String outcome = to == CallStatus.COMPLETED ? "{\"content\":[]}" : null;
    return move(operationId, to, outcome, outcome == null ? "a test says so" : null);
  }

  Call move(String operationId, CallStatus to, @Nullable String outcome, @Nullable String reason) {
    return ((Operation.CallMoved)
            submit(new Command.MoveCall(callId(operationId), to, outcome, reason)))
        .call();
  }

  Call call(String operationId) {
    return present(state.call(callId(operationId)));
  }

  static <T> T present(@Nullable T value) {
    if (value == null) {
      throw new AssertionError("it is not there");
    }
    return value;
  }
}

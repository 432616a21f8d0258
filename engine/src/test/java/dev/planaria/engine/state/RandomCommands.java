package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Commands as a careless swarm would send them: mostly sensible, sometimes not.
final class RandomCommands {

  private static final List<String> TEXTS =
      List.of(
          "coder",
          "Größe",
          "漢字",
          "🪱 worm",
          "a\"b\\c",
          "x",
          "e\u0301",
          "😀😀",
          "tab-less",
          "z".repeat(40));
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "1.50",
          "9007199254740993",
          "1e999999999",
          "-12.5E-3",
          "123456789012345678901234567890");

  private final Random random;

  RandomCommands(Random random) {
    this.random = random;
  }

  Command next(SessionState state, long nowMillis) {
    return switch (random.nextInt(54)) {
      case 0 ->
          new Command.ConfigureSwarm(
              maybe(pick(Topology.values())), maybe(random.nextInt(12)), maybe(text()));
      case 1 ->
          random.nextInt(8) == 0 ? new Command.CloseSession(maybe(text())) : new Command.Sweep();
      case 2, 3, 4 ->
          new Command.SpawnAgent(
              text(), maybe(text()), maybe(List.of(text(), text())), maybe(object()));
      case 5 ->
          new Command.UpdateAgent(
              agent(state),
              maybe(text()),
              maybe(pick(AgentStatus.values())),
              maybe(List.of(text())),
              maybe(object()));
      case 6, 7 -> new Command.HeartbeatAgent(agent(state));
      case 8 -> new Command.RetireAgent(agent(state));
      case 9, 10, 11, 12, 13 -> createTask(state);
      case 14 ->
          new Command.OrchestrateTask(
              text(),
              maybe(pick("balanced", "specialized", "adaptive", "odd")),
              maybe(pick(Priority.values())),
              maybe(1 + random.nextInt(3)));
      case 15, 16, 17, 18, 19, 20 ->
          new Command.ClaimTask(
              agent(state),
              random.nextInt(3) == 0 ? task(state) : null,
              maybe((long) random.nextInt(90_000)));
      case 21, 22, 23 ->
          new Command.UpdateTask(
              running(state), token(state), maybe(random.nextInt(104) - 2), maybe(object()));
      case 24, 25, 26 -> new Command.CompleteTask(running(state), token(state), maybe(value(3)));
      case 27, 28, 29 -> new Command.FailTask(running(state), token(state), text());
      case 30, 31, 32 ->
          new Command.StoreMemory(
              key(), value(3), maybe((long) random.nextInt(60_000)), maybe(version(state)));
      case 33 -> new Command.DeleteMemory(key());
      case 34 -> new Command.PutConnection(connection(nowMillis));
      case 35, 53 ->
          random.nextInt(4) == 0
              ? new Command.RemoveConnection(pick("one", "two", "three"))
              : new Command.PutConnection(connection(nowMillis));
      case 40, 41, 42, 43 -> acceptCall();
      case 44, 45, 46, 47, 48, 49 -> moveCall(state);
      case 50 ->
          random.nextBoolean()
              ? new Command.RetryCall(call(state))
              : new Command.UnsendCall(call(state), "it was refused");
      case 51 -> new Command.ForgetCall(call(state));
      case 52 ->
          new Command.DropReplay(
              pick("one", "two", "three"),
              random.nextBoolean() ? null : List.of(call(state), call(state)));
      case 36 -> new Command.ResumeAfterCrash("recovery-" + random.nextInt(10));
      default -> new Command.Sweep();
    };
  }

  private Command createTask(SessionState state) {
    var dependsOn = new ArrayList<String>();
    for (int i = random.nextInt(4); i > 0; i--) {
      dependsOn.add(task(state));
    }
    return new Command.CreateTask(
        text(),
        maybe(pick(Priority.values())),
        maybe(List.copyOf(dependsOn)),
        random.nextInt(3) == 0 ? agent(state) : null,
        maybe(1 + random.nextInt(3)),
        maybe(object()));
  }

  private Connection connection(long nowMillis) {
    return TestSession.connection(
        pick("one", "two", "three", "four"),
        pick(Transport.values()),
        pick(Era.values()),
        pick(ConnectionStatus.values()),
        object(),
        random.nextInt(4) - 1,
        nowMillis,
        nowMillis);
  }

  /// What is found out of a call depends on what is asked alone, so that one asked for twice is the
  /// same.
  private Command acceptCall() {
    int number = random.nextInt(60);
    boolean sensitive = number % 10 == 0;
    return new Command.AcceptCall(
        new CallId(number % 7 == 0 ? "bob" : "alice", "op-" + number),
        List.of("one", "two", "three").get(number % 3),
        number == 59 ? " " : "tools/call",
        number % 4 == 0 ? null : "write",
        List.of(CallClass.READ_ONLY, CallClass.IDEMPOTENT, CallClass.EFFECT).get(number % 3),
        sensitive ? null : "{\"name\": \"write\", \"text\":\"" + text().length() + " 漢🪱\"}",
        sensitive ? null : "d-" + number % 3,
        number % 3 == 0 && !sensitive,
        switch (number % 5) {
          case 1 -> CallStatus.QUEUED;
          case 2 -> CallStatus.SENT;
          default -> CallStatus.ACCEPTED;
        });
  }

  private Command moveCall(SessionState state) {
    CallId id = call(state);
    Call call = state.call(id);
    CallStatus to =
        call == null || call.status().next().isEmpty() || random.nextInt(10) == 0
            ? pick(CallStatus.values())
            : pick(call.status().next().toArray(CallStatus[]::new));
    boolean answered = to == CallStatus.COMPLETED || to == CallStatus.FAILED;
    return new Command.MoveCall(
        id,
        to,
        answered || random.nextInt(20) == 0 ? "{\"isError\":false, \"n\":1.50}" : null,
        random.nextInt(20) == 0 ? null : "so it is");
  }

  private CallId call(SessionState state) {
    var ids = List.copyOf(state.calls().keySet());
    return ids.isEmpty() || random.nextInt(30) == 0
        ? new CallId("alice", "op-999")
        : ids.get(random.nextInt(ids.size()));
  }

  private String agent(SessionState state) {
    return any(List.copyOf(state.agents().keySet()), "agent-999");
  }

  private String task(SessionState state) {
    return any(List.copyOf(state.tasks().keySet()), "task-999");
  }

  private String chosenTask = "";

  private String running(SessionState state) {
    var running =
        state.indexes().board().leases().stream().map(TaskBoard.LeaseEnd::taskId).toList();
    chosenTask = running.isEmpty() ? task(state) : any(running, "task-999");
    return chosenTask;
  }

  /// The token of the task that was chosen last, or a wrong one.
  private String token(SessionState state) {
    Task task = state.tasks().get(chosenTask);
    Lease lease = task == null ? null : task.lease();
    return lease == null || random.nextInt(10) == 0 ? "stale" : lease.token();
  }

  private MemoryKey key() {
    return new MemoryKey(pick("default", "other"), pick("a", "ab", "abc", "漢"));
  }

  private long version(SessionState state) {
    return random.nextInt((int) state.lastMemoryVersion() + 2);
  }

  private String text() {
    if (random.nextInt(30) == 0) {
      return pick("", " ", "a\u0000", "\u202Ea", "\ud800", "a\nb", "x".repeat(257));
    }
    return pick(TEXTS.toArray(String[]::new));
  }

  private JsonObject object() {
    return JsonObject.builder().put(text(), value(2)).put("n", random.nextInt()).build();
  }

  private JsonValue value(int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 7)) {
      case 0 -> JsonNull.NULL;
      case 1 -> JsonBoolean.of(random.nextBoolean());
      case 2 -> new JsonNumber(pick(NUMBERS.toArray(String[]::new)));
      case 3 -> new JsonString(text() + "\n\u0000\u2028");
      case 4 -> JsonNumber.of(random.nextLong());
      case 5 -> new JsonArray(List.of(value(depth - 1), value(depth - 1)));
      default ->
          JsonObject.builder().put(text(), value(depth - 1)).put("k", value(depth - 1)).build();
    };
  }

  private String any(List<String> ids, String otherwise) {
    return ids.isEmpty() || random.nextInt(30) == 0
        ? otherwise
        : ids.get(random.nextInt(ids.size()));
  }

  private <T> @Nullable T maybe(T value) {
    return random.nextBoolean() ? value : null;
  }

  @SafeVarargs
  private <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}

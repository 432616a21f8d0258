package dev.planaria.chaos.simulation;

import dev.planaria.chaos.simulation.Request.Answer;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.session.Committed;
import dev.planaria.engine.state.CallClass;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.CallStatus;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Lease;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Works in the sessions, one command after the other, and repeats each until it is told what
/// became of it.
final class SimulatedCaller {

  private final World world;
  private final Network network;
  private final Ledger ledger;
  private final String name;
  private final Map<String, String> agents = new HashMap<>();
  private @Nullable Held held;
  private int count;
  private long askedSince = Long.MAX_VALUE;
  private boolean finished;

  /// A task that it works on.
  private record Held(String session, String taskId, String token) {}

  SimulatedCaller(World world, Network network, Ledger ledger, String name) {
    this.world = world;
    this.network = network;
    this.ledger = ledger;
    this.name = name;
  }

  /// Works until that time.
  void run(long untilMillis) {
    while (world.turns.nowMillis() < untilMillis) {
      long rest = world.around(world.settings.thinkMillis());
      world.turns.pause(Math.min(rest, untilMillis - world.turns.nowMillis()));
      for (int burst = world.oneIn(4) ? 4 : 1; burst > 0; burst--) {
        ask();
      }
    }
    finished = true;
  }

  /// Looks at a session until it is shown.
  void look(String session) {
    String intent = name + "-" + ++count;
    insist(session, intent, null);
  }

  boolean hasFinished() {
    return finished;
  }

  /// Since when it waits to be told what became of its command, or `Long.MAX_VALUE`.
  long askedSince() {
    return askedSince;
  }

  String name() {
    return name;
  }

  private void ask() {
    String intent = name + "-" + ++count;
    String session = "s" + world.luck.nextInt(world.settings.sessions());
    Held working = held;
    boolean goesOn = working != null && world.oneIn(2);
    if (goesOn && working != null) {
      session = working.session();
    }
    Command command = goesOn && working != null ? finish(working) : command(session, intent);
    Answer answer = insist(session, intent, command);
    if (answer instanceof Answer.Done(Committed committed)) {
      remember(session, committed);
    }
    if (goesOn) {
      held = null;
    }
  }

  private @Nullable Answer insist(String session, String intent, @Nullable Command command) {
    askedSince = world.turns.nowMillis();
    Answer answer = null;
    for (int attempt = 1; !isFinal(answer); attempt++) {
      if (attempt > 1) {
        world.turns.pause(200L * attempt + world.luck.nextLong(1_000L * attempt));
      }
      boolean again = attempt == 1 || world.settings.guarantees().sameIdAgain();
      String operationId = again ? intent : intent + "-again-" + attempt;
      var request = new Request(name, intent, operationId, session, command);
      ledger.asked(request);
      answer = network.ask(request);
    }
    askedSince = Long.MAX_VALUE;
    return answer;
  }

  private static boolean isFinal(@Nullable Answer answer) {
    return switch (answer) {
      case null -> false;
      case Answer.Done _, Answer.Shown _, Answer.Refused _ -> true;
      case Answer.NotNow _, Answer.Unknown _ -> false;
    };
  }

  private void remember(String session, Committed committed) {
    switch (committed.operation()) {
      case Operation.AgentSpawned(var agent) -> agents.put(session, agent.id());
      case Operation.TaskClaimed(Task task, var _) -> {
        Lease lease = task.lease();
        if (lease != null) {
          held = new Held(session, task.id(), lease.token());
        }
      }
      default -> {}
    }
  }

  private Command finish(Held working) {
    return switch (world.luck.nextInt(4)) {
      case 0 -> new Command.FailTask(working.taskId(), working.token(), "it did not work");
      case 1 -> new Command.UpdateTask(working.taskId(), working.token(), 50, null);
      default -> new Command.CompleteTask(working.taskId(), working.token(), new JsonString(name));
    };
  }

  private @Nullable Command command(String session, String intent) {
    String agent = agents.get(session);
    if (agent == null && world.oneIn(3)) {
      return new Command.SpawnAgent("coder", intent, null, null);
    }
    return switch (world.luck.nextInt(20)) {
      case 0, 1 -> null;
      case 2, 3 ->
          new Command.CreateTask(intent, null, null, null, 1 + world.luck.nextInt(3), null);
      case 4, 5, 6 ->
          agent == null
              ? remember(intent)
              : new Command.ClaimTask(agent, null, 2_000 + world.luck.nextLong(120_000));
      case 7 -> agent == null ? remember(intent) : new Command.HeartbeatAgent(agent);
      case 8 -> new Command.DeleteMemory(new MemoryKey("notes", name));
      case 9, 10, 11, 12 -> call(intent);
      case 13 ->
          new Command.StoreMemory(
              new MemoryKey("brief", name), new JsonString(intent), 30_000L, null);
      default -> remember(intent);
    };
  }

  private Command remember(String intent) {
    return new Command.StoreMemory(
        new MemoryKey("counts", name + "-" + world.luck.nextInt(3)),
        world.oneIn(2) ? JsonNumber.of(count) : new JsonString(intent),
        null,
        null);
  }

  private Command call(String intent) {
    CallClass kind = world.anyOf(List.of(CallClass.values()));
    return new Command.AcceptCall(
        new CallId(name, intent),
        Courier.CONNECTION,
        "tools/call",
        "write",
        kind,
        "{}",
        "digest",
        false,
        CallStatus.QUEUED);
  }
}

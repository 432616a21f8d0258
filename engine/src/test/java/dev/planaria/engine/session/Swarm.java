package dev.planaria.engine.session;

import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SwarmConfiguration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Many sessions that live through the same story, and a ledger of it that no store knows of: what
/// was acknowledged, and what each session was at the end.
///
/// Most sessions work at once, so that their operations share frames; some work alone, so that a
/// frame is theirs.
final class Swarm {

  /// The steps of the story behind the last checkpoint, in order.
  static final List<String> TAIL = List.of("t1", "D", "E", "t2", "t3", "last");

  /// So many share a frame, at most.
  private static final int AT_ONCE = 20;

  private static final int PADDING = 3_000;

  final List<SessionId> alone = new ArrayList<>();
  final List<SessionId> together = new ArrayList<>();
  final Map<SessionId, Ledger> ledgers = new LinkedHashMap<>();
  private final SessionEngine engine;
  private final Random random;

  /// What is known of a session.
  static final class Ledger {
    final Map<String, Committed> acknowledged = new ConcurrentHashMap<>();
    SessionState state;

    Ledger(SessionState state) {
      this.state = state;
    }

    /// The id of the task that a step made.
    String task(String step) {
      Committed committed = Objects.requireNonNull(acknowledged.get(step));
      return ((Operation.TaskCreated) committed.operation()).task().id();
    }
  }

  Swarm(SessionEngine engine, int sessions, int alone, Random random) {
    this.engine = engine;
    this.random = random;
    Set<Integer> apart = new HashSet<>();
    while (apart.size() < alone) {
      apart.add(random.nextInt(sessions));
    }
    for (int i = 0; i < sessions; i++) {
      String name = "session-" + i;
      Opened opened =
          engine.openSession(name, null, SwarmConfiguration.DEFAULT, new Caller("t", "open"));
      SessionId id = opened.state().id();
      (apart.contains(i) ? this.alone : together).add(id);
      ledgers.put(id, new Ledger(opened.state()));
    }
  }

  /// The whole story.
  void live() {
    everybody(this::youth);
    engine.tick();
    for (String step : TAIL) {
      everybody(id -> tail(id, step));
    }
    // So that the last frame, which the witness names, is nobody's whose entries are damaged.
    var _ = submit(together.getFirst(), "very-last", remember("very-last", "v"));
    ledgers.forEach((id, ledger) -> ledger.state = engine.view(id).state());
  }

  @FunctionalInterface
  private interface Part {
    void of(SessionId id);
  }

  private void everybody(Part part) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int from = 0; from < together.size(); from += AT_ONCE) {
        var running = new ArrayList<Future<?>>();
        together
            .subList(from, Math.min(together.size(), from + AT_ONCE))
            .forEach(id -> running.add(threads.submit(() -> part.of(id))));
        for (Future<?> one : running) {
          one.get();
        }
      }
    } catch (ExecutionException e) {
      throw new AssertionError("a sound session refused", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    alone.forEach(part::of);
  }

  private void youth(SessionId id) {
    Committed agent = submit(id, "agent", new Command.SpawnAgent("coder", null, null, null));
    var _ = submit(id, "idler", new Command.SpawnAgent("tester", null, null, null));
    var _ = submit(id, "A", create(List.of()));
    var _ = submit(id, "claim", new Command.ClaimTask(agentOf(agent), null, null));
    var _ = submit(id, "B", create(List.of()));
    var _ = submit(id, "padding", remember("padding", noise()));
    engine.checkpoint(id, null);
    var _ = submit(id, "m1", remember("m1", "v"));
    engine.checkpoint(id, null);
  }

  private void tail(SessionId id, String step) {
    switch (step) {
      case "D" -> step(id, step, create(List.of()));
      case "E" -> step(id, step, create(List.of(ledger(id).task("D"))));
      default -> step(id, step, remember(step, "v"));
    }
  }

  private void step(SessionId id, String step, Command command) {
    var _ = submit(id, step, command);
  }

  private static String agentOf(Committed spawned) {
    return ((Operation.AgentSpawned) spawned.operation()).agent().id();
  }

  Ledger ledger(SessionId id) {
    return Objects.requireNonNull(ledgers.get(id));
  }

  private Committed submit(SessionId id, String step, Command command) {
    Committed committed = engine.submit(id, command, new Caller("t", step));
    ledger(id).acknowledged.put(step, committed);
    return committed;
  }

  private static Command create(List<String> dependsOn) {
    return new Command.CreateTask("work", null, dependsOn, null, null, null);
  }

  static Command remember(String key, String value) {
    return new Command.StoreMemory(new MemoryKey("n", key), new JsonString(value), null, null);
  }

  /// So that a delta is small beside the whole.
  private String noise() {
    var text = new StringBuilder();
    synchronized (random) {
      while (text.length() < PADDING) {
        text.append(Long.toString(random.nextLong(), 36));
      }
    }
    return text.toString();
  }
}

package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.state.TaskStatus;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import dev.planaria.engine.storage.simulated.SimulatedStore.Fault;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Operations, restores, forks and checkpoints in any order, while commits fail, processes die and
/// the power goes. A model outside the engine knows for every seq what the session was then and
/// which operations counted; nothing may ever differ from it. `-Dplanaria.seeds=N` makes it longer.
class RestoreModelTest {

  private static final int SEEDS = Integer.getInteger("planaria.seeds", 25);
  private static final int STEPS = 120;
  private static final long REPEATED_SEED = 20_261_123;

  /// What was done, and what befell it.
  private enum Event {
    OPERATION,
    CLAIM,
    RESTORE_TO_SEQ,
    RESTORE_TO_CHECKPOINT,
    RESTORE_TAKEN_BACK,
    RESTORE_REPEATED,
    RESTORE_FAILED_BEFORE_WRITE,
    RESTORE_FAILED_AFTER_WRITE,
    FORK,
    FORK_OF_A_FORK,
    FORK_REPEATED,
    CHECKPOINT,
    KILL,
    POWER_LOSS,
    ROLLED_BACK_ID_REFUSED,
    VERSION_KNOWN_FROM_BEFORE
  }

  private final Map<Event, Integer> hits = new EnumMap<>(Event.class);

  private void hit(Event event) {
    hits.merge(event, 1, Integer::sum);
  }

  @Test
  void a_session_is_always_what_its_history_says() {
    long first = System.nanoTime();
    System.out.println("restores: seeds " + first + " to " + (first + SEEDS - 1));
    for (long seed = first; seed < first + SEEDS; seed++) {
      new Run(seed, EngineGuarantees.ALL, false).all();
    }
    System.out.println("restores: " + hits);
    assertThat(hits).containsOnlyKeys(Event.values());
  }

  @Test
  void an_engine_that_forgets_operation_ids_is_noticed() {
    var forgetful = new EngineGuarantees(true, false);
    assertThatThrownBy(() -> new Run(REPEATED_SEED, forgetful, false).all())
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void a_store_that_writes_late_is_noticed() {
    assertThatThrownBy(() -> new Run(REPEATED_SEED, EngineGuarantees.ALL, true).all())
        .isInstanceOf(Throwable.class);
  }

  /// What a session holds at a seq, as far as the model follows it.
  ///
  /// @param memory version and value by key
  /// @param agents ids
  /// @param tasks ids, with true for those that are completed
  /// @param counting the seqs that have an effect
  private record Moment(
      Map<String, String> memory,
      Set<String> agents,
      Map<String, Boolean> tasks,
      NavigableSet<Long> counting) {

    Moment copy() {
      return new Moment(
          new TreeMap<>(memory),
          new TreeSet<>(agents),
          new TreeMap<>(tasks),
          new TreeSet<>(counting));
    }
  }

  /// An acknowledged operation.
  private record Done(String operationId, Receipt receipt, Command command) {}

  /// A session as the model knows it.
  private static final class Model {
    private final SessionId id;
    private final boolean isFork;
    private final TreeMap<Long, Moment> moments = new TreeMap<>();
    private final List<Done> done = new ArrayList<>();
    private final Map<String, Long> versions = new HashMap<>();

    Model(SessionId id, boolean isFork, Moment first) {
      this.id = id;
      this.isFork = isFork;
      first.counting().clear();
      first.counting().add(1L);
      moments.put(1L, first);
    }

    Moment now() {
      return moments.lastEntry().getValue();
    }

    /// Operations of the engine's own change nothing that the model follows.
    void upTo(long seq) {
      for (long next = moments.lastKey() + 1; next <= seq; next++) {
        Moment moment = now().copy();
        moment.counting().add(next);
        moments.put(next, moment);
      }
    }

    Moment next(long seq) {
      upTo(seq);
      return now();
    }
  }

  /// One run.
  private final class Run {
    private final long seed;
    private final Random random;
    private final EngineGuarantees guarantees;
    private final boolean writesLate;
    private final TestEnvironment world = new TestEnvironment();
    private final SimulatedDisk disk = new SimulatedDisk();
    private final List<Model> models = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private SimulatedStore store;
    private SessionEngine engine;
    private int operations;

    Run(long seed, EngineGuarantees guarantees, boolean writesLate) {
      this.seed = seed;
      this.random = new Random(seed);
      this.guarantees = guarantees;
      this.writesLate = writesLate;
      this.store = new SimulatedStore(disk);
      this.engine = open();
    }

    private SessionEngine open() {
      if (writesLate) {
        store.writeLate();
      }
      return SessionEngine.open(
          store, SessionEngineTest.SETTINGS, world.environment(), null, guarantees);
    }

    void all() {
      try {
        SessionId id =
            engine.openSession("s", null, SwarmConfiguration.DEFAULT, caller("open")).state().id();
        var nothing =
            new Moment(new TreeMap<>(), new TreeSet<>(), new TreeMap<>(), new TreeSet<>());
        models.add(new Model(id, false, nothing));
        for (int step = 0; step < STEPS; step++) {
          step(models.get(random.nextInt(models.size())));
        }
        kill();
        models.forEach(this::check);
        assertThat(engine.verify().findings()).as("seed %d", seed).isEmpty();
      } finally {
        engine.abandon();
      }
    }

    private Caller caller(String operationId) {
      return new Caller("test", operationId);
    }

    private String newId() {
      return "op-" + operations++;
    }

    private void step(Model model) {
      switch (random.nextInt(20)) {
        case 0, 1 -> restore(model);
        case 2 -> repeatSomething(model);
        case 3 -> fork(model);
        case 4 -> checkpoint(model);
        case 5 -> kill();
        case 6 -> claimAndComplete(model);
        case 7 -> storeIfVersion(model);
        default -> operate(model);
      }
    }

    private void operate(Model model) {
      Command command =
          switch (random.nextInt(5)) {
            case 0 -> new Command.SpawnAgent("coder", null, null, null);
            case 1 -> new Command.CreateTask("work", null, null, null, null, null);
            case 2 -> new Command.DeleteMemory(key(random.nextInt(6)));
            default -> new Command.StoreMemory(key(random.nextInt(6)), value(), null, null);
          };
      submit(model, command);
      hit(Event.OPERATION);
    }

    private MemoryKey key(int number) {
      return new MemoryKey("n", "k" + number);
    }

    private JsonNumber value() {
      return JsonNumber.of(random.nextInt(1_000_000));
    }

    private Committed submit(Model model, Command command) {
      String id = newId();
      Committed committed = engine.submit(model.id, command, caller(id));
      assertThat(committed.repeated()).as("seed %d: %s", seed, id).isFalse();
      model.done.add(new Done(id, committed.receipt(), command));
      follow(model, committed);
      return committed;
    }

    private void follow(Model model, Committed committed) {
      Moment now = model.next(committed.receipt().seq());
      switch (committed.operation()) {
        case Operation.AgentSpawned(var agent) -> {
          assertThat(ids.add(model.id + agent.id())).as("seed %d: %s", seed, agent.id()).isTrue();
          assertThat(now.agents().add(agent.id())).as("seed %d", seed).isTrue();
        }
        case Operation.TaskCreated(var task) -> {
          assertThat(ids.add(model.id + task.id())).as("seed %d: %s", seed, task.id()).isTrue();
          assertThat(now.tasks().put(task.id(), false)).as("seed %d", seed).isNull();
        }
        case Operation.TaskCompleted(var task, _) -> now.tasks().put(task.id(), true);
        case Operation.MemoryStored(var entry) -> {
          String shown = entry.version() + "=" + entry.value();
          now.memory().put(entry.key().key(), shown);
          assertThat(model.versions.put(shown, entry.version()))
              .as("seed %d: a version names one value", seed)
              .isNull();
        }
        case Operation.MemoryDeleted(var key, _) -> now.memory().remove(key.key());
        default -> {}
      }
    }

    private void claimAndComplete(Model model) {
      SessionState state = engine.view(model.id).state();
      boolean possible =
          !state.agents().isEmpty()
              && state.tasks().values().stream()
                  .anyMatch(task -> task.status() == TaskStatus.PENDING);
      if (!possible) {
        return;
      }
      var agent = state.agents().values().stream().filter(a -> a.currentTask() == null).findAny();
      if (agent.isEmpty()) {
        return;
      }
      var claimed =
          (Operation.TaskClaimed)
              submit(model, new Command.ClaimTask(agent.get().id(), null, null)).operation();
      hit(Event.CLAIM);
      if (random.nextBoolean()) {
        String token = Objects.requireNonNull(claimed.task().lease()).token();
        submit(model, new Command.CompleteTask(claimed.task().id(), token, null));
      }
    }

    /// Stores on the strength of a version that was known at some time: only when the very value
    /// that it names is there now.
    private void storeIfVersion(Model model) {
      if (model.versions.isEmpty()) {
        return;
      }
      var known = new ArrayList<>(model.versions.keySet());
      String shown = known.get(random.nextInt(known.size()));
      long version = Objects.requireNonNull(model.versions.get(shown));
      var key = key(random.nextInt(6));
      boolean there = shown.equals(model.now().memory().get(key.key()));
      var command = new Command.StoreMemory(key, value(), null, version);
      if (there) {
        submit(model, command);
      } else {
        assertThatThrownBy(() -> engine.submit(model.id, command, caller(newId())))
            .as("seed %d", seed)
            .isInstanceOf(Refusal.class);
      }
      hit(Event.VERSION_KNOWN_FROM_BEFORE);
    }

    private void restore(Model model) {
      model.upTo(engine.view(model.id).head().seq());
      long head = model.moments.lastKey();
      PastPoint point = new PastPoint.AtSeq(1 + random.nextLong(head));
      Event event = Event.RESTORE_TO_SEQ;
      List<CheckpointInfo> checkpoints = engine.checkpoints(model.id);
      if (random.nextInt(3) == 0 && !checkpoints.isEmpty()) {
        CheckpointInfo info = checkpoints.get(random.nextInt(checkpoints.size()));
        point = new PastPoint.AtCheckpoint(info.id());
        event = Event.RESTORE_TO_CHECKPOINT;
      }
      String id = newId();
      Committed committed = restoreUnderFaults(model, point, id);
      hit(event);
      var restored = (Operation.Restored) committed.operation();
      long seq = committed.receipt().seq();
      model.upTo(seq - 1);
      Moment before = model.now();
      Moment then = Objects.requireNonNull(model.moments.get(restored.toSeq()));
      if (!before.counting().containsAll(then.counting())) {
        hit(Event.RESTORE_TAKEN_BACK);
      }
      var gone = new TreeSet<>(before.counting());
      gone.removeAll(then.counting());
      assertThat(restored.dropped()).as("seed %d: dropped", seed).isEqualTo(gone.size());
      Moment after = then.copy();
      after.counting().add(seq);
      model.moments.put(seq, after);
      check(model);
      Committed again = engine.restore(model.id, point, caller(id));
      assertThat(again.receipt()).as("seed %d: repeated", seed).isEqualTo(committed.receipt());
      hit(Event.RESTORE_REPEATED);
    }

    private Committed restoreUnderFaults(Model model, PastPoint point, String id) {
      int planned = store.hits();
      Fault fault =
          switch (random.nextInt(6)) {
            case 0 -> Fault.BEFORE_WRITE;
            case 1 -> Fault.AFTER_WRITE;
            default -> null;
          };
      if (fault == null) {
        return engine.restore(model.id, point, caller(id));
      }
      store.failNext(fault);
      try {
        Committed committed = engine.restore(model.id, point, caller(id));
        assertThat(store.hits()).isEqualTo(planned + 1);
        hit(Event.RESTORE_FAILED_AFTER_WRITE);
        return committed;
      } catch (StoreUnavailable repeat) {
        check(model);
        hit(Event.RESTORE_FAILED_BEFORE_WRITE);
        return engine.restore(model.id, point, caller(id));
      }
    }

    private void fork(Model model) {
      if (models.size() == 6) {
        return;
      }
      model.upTo(engine.view(model.id).head().seq());
      boolean atHead = random.nextBoolean();
      long seq = atHead ? model.moments.lastKey() : 1 + random.nextLong(model.moments.lastKey());
      PastPoint point = atHead ? null : new PastPoint.AtSeq(seq);
      String id = newId();
      Opened fork = engine.fork(model.id, null, point, caller(id));
      assertThat(engine.fork(model.id, null, point, caller(id)).state().id())
          .isEqualTo(fork.state().id());
      hit(Event.FORK_REPEATED);
      hit(model.isFork ? Event.FORK_OF_A_FORK : Event.FORK);
      Moment copied = Objects.requireNonNull(model.moments.get(seq)).copy();
      var made = new Model(fork.state().id(), true, copied);
      copied.agents().forEach(agent -> ids.add(made.id + agent));
      copied.tasks().keySet().forEach(task -> ids.add(made.id + task));
      models.add(made);
      check(made);
    }

    private void checkpoint(Model model) {
      engine.checkpoint(model.id, random.nextBoolean() ? "label" : null);
      hit(Event.CHECKPOINT);
    }

    private void kill() {
      engine.abandon();
      hit(Event.KILL);
      if (random.nextBoolean()) {
        disk.losePower();
        hit(Event.POWER_LOSS);
      }
      world.pass(1_000);
      store = new SimulatedStore(disk);
      engine = open();
      models.forEach(this::check);
    }

    private void repeatSomething(Model model) {
      if (model.done.isEmpty()) {
        return;
      }
      Done done = model.done.get(random.nextInt(model.done.size()));
      if (model.now().counting().contains(done.receipt().seq())) {
        Committed again = engine.submit(model.id, done.command(), caller(done.operationId()));
        assertThat(again.receipt()).as("seed %d", seed).isEqualTo(done.receipt());
      } else {
        assertThatThrownBy(
                () -> engine.submit(model.id, done.command(), caller(done.operationId())))
            .as("seed %d: %s", seed, done)
            .isInstanceOfSatisfying(
                Refusal.class,
                r -> assertThat(r.code()).isEqualTo(Refusal.Code.OPERATION_ROLLED_BACK));
        hit(Event.ROLLED_BACK_ID_REFUSED);
      }
    }

    private void check(Model model) {
      SessionView view = engine.view(model.id);
      model.upTo(view.head().seq());
      assertThat(model.moments.lastKey()).as("seed %d: head", seed).isEqualTo(view.head().seq());
      Moment now = model.now();
      var memory = new TreeMap<String, String>();
      view.state()
          .memory()
          .values()
          .forEach(entry -> memory.put(entry.key().key(), entry.version() + "=" + entry.value()));
      assertThat(memory).as("seed %d: memory", seed).isEqualTo(now.memory());
      assertThat(view.state().agents().keySet())
          .as("seed %d: agents", seed)
          .containsExactlyInAnyOrderElementsOf(now.agents());
      var tasks = new TreeMap<String, Boolean>();
      view.state()
          .tasks()
          .values()
          .forEach(task -> tasks.put(task.id(), task.status() == TaskStatus.COMPLETED));
      assertThat(tasks).as("seed %d: tasks", seed).isEqualTo(now.tasks());
      for (Done done : model.done) {
        boolean counts = now.counting().contains(done.receipt().seq());
        assertThat(engine.operation(model.id, caller(done.operationId())))
            .as("seed %d: %s", seed, done)
            .isInstanceOf(
                counts ? OperationLookup.Applied.class : OperationLookup.RolledBack.class);
        assertThat(engine.standing(done.receipt()))
            .as("seed %d: %s", seed, done)
            .isEqualTo(ReceiptStanding.HELD);
      }
    }
  }
}

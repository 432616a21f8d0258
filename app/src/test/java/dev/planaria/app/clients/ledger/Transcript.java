package dev.planaria.app.clients.ledger;

import dev.planaria.chaos.ledger.Ask;
import dev.planaria.chaos.ledger.Ledger;
import dev.planaria.chaos.ledger.Line;
import dev.planaria.chaos.ledger.Mark;
import dev.planaria.chaos.ledger.Outcome;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Everything that one client told: its calls in the kit's ledger, on the client's own clock, and
/// what only a real client knows of them. Thread-safe: one thread takes notes while others wait for
/// something to happen.
public final class Transcript {

  /// Where the workloads keep their counters.
  private static final String NAMESPACE = "ledger";

  private static final long NANOS = 1_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition noted = lock.newCondition();
  private final List<ClientEvent> events = new ArrayList<>();
  private final Map<String, CallLife> calls = new LinkedHashMap<>();
  private long now;
  private final Ledger ledger = new Ledger(() -> now);

  /// Names of the calls that were neither acknowledged nor refused.
  private final Set<String> unsettled = new LinkedHashSet<>();

  private @Nullable String ending;

  static long micros(long nanos) {
    return nanos / NANOS;
  }

  /// Takes note of one line of the client's.
  ///
  /// @throws IllegalArgumentException when it is no line of a client's
  public void note(String line) {
    ClientEvent event = EventLine.parse(line);
    lock.lock();
    try {
      events.add(event);
      now = event.atMicros() * NANOS;
      fold(event);
      noted.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The client says nothing more.
  ///
  /// @param errors what it complained of, for whoever waits for more
  public void close(String errors) {
    lock.lock();
    try {
      ending = errors;
      noted.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void fold(ClientEvent event) {
    switch (event) {
      case ClientEvent.Sent sent -> {
        ledger.sent(ask(sent));
        calls.put(sent.call(), CallLife.of(ledger.line(sent.call())));
        unsettled.add(sent.call());
      }
      case ClientEvent.Primed primed ->
          calls.computeIfPresent(primed.call(), (_, life) -> life.with(primed));
      case ClientEvent.Failed failed -> {
        ledger.ended(failed.call(), new Outcome.Stuck("rejected: " + failed.error()));
        update(failed.call(), life -> life.with(failed));
      }
      case ClientEvent.Again again -> sentAgain(again.call(), again.attempt());
      case ClientEvent.Refused refused -> {
        ledger.ended(refused.call(), new Outcome.Refused(refused.text()));
        update(refused.call(), life -> life);
        unsettled.remove(refused.call());
      }
      case ClientEvent.Acknowledged acknowledged -> {
        sentAgain(acknowledged.call(), acknowledged.attempt());
        ledger.acknowledged(acknowledged.call(), acknowledged.receipt());
        update(acknowledged.call(), life -> life.with(acknowledged));
        unsettled.remove(acknowledged.call());
      }
      case ClientEvent.Ready _,
          ClientEvent.Link _,
          ClientEvent.Wire _,
          ClientEvent.Resuming _,
          ClientEvent.Resumed _,
          ClientEvent.Noticed _,
          ClientEvent.Stopped _ -> {
        // Not of a call's life.
      }
    }
  }

  private static Ask ask(ClientEvent.Sent sent) {
    if (sent.operation() != null && !sent.operation().equals(sent.call())) {
      throw new IllegalArgumentException(
          sent.call() + " was sent under the operation id " + sent.operation());
    }
    return new Ask(
        sent.call(),
        0,
        SessionId.parse(sent.session()),
        sent.tool(),
        JsonObject.EMPTY,
        mark(sent),
        sent.operation() == null);
  }

  private static Mark mark(ClientEvent.Sent sent) {
    return switch (sent.tool()) {
      case "agent_spawn", "test_wait" -> new Mark.AgentNamed(sent.call());
      case "task_create" -> new Mark.TaskDescribed(sent.call());
      case "memory_store" ->
          new Mark.Counted(
              new MemoryKey(NAMESPACE, Objects.requireNonNull(sent.key())),
              Objects.requireNonNull(sent.value()));
      default -> new Mark.ReceiptOnly();
    };
  }

  /// Not every repeat is told of.
  private void sentAgain(String call, int attempt) {
    while (ledger.line(call).attempts() < attempt) {
      ledger.sentAgain(call);
    }
    update(call, life -> life);
  }

  private void update(String call, UnaryOperator<CallLife> more) {
    calls.computeIfPresent(call, (_, life) -> more.apply(life.with(ledger.line(call))));
  }

  private boolean isOver(String call, boolean repeated) {
    Line line = ledger.line(call);
    boolean willBeRepeated = repeated && !line.ask().anonymous();
    return switch (line.outcome()) {
      case Outcome.Acknowledged _, Outcome.Refused _ -> true;
      case Outcome.Stuck _, Outcome.Unknown _ -> !willBeRepeated;
      case Outcome.Open _ -> false;
    };
  }

  /// How many calls were acknowledged.
  public long acknowledgements() {
    return ledger.acknowledgements();
  }

  /// The lives of all calls, in the order in which they were sent.
  public List<CallLife> calls() {
    lock.lock();
    try {
      return List.copyOf(calls.values());
    } finally {
      lock.unlock();
    }
  }

  /// Everything of that kind, in order.
  public <E extends ClientEvent> List<E> all(Class<E> kind) {
    lock.lock();
    try {
      return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    } finally {
      lock.unlock();
    }
  }

  /// How many things the client has told so far.
  public int size() {
    lock.lock();
    try {
      return events.size();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the client has told so many more things from now on.
  public void awaitMore(int more, Duration deadline) throws InterruptedException {
    int wanted = size() + more;
    await(wanted + " events", deadline, () -> events.size() >= wanted);
  }

  /// Waits for something that the client tells from the given position on.
  public ClientEvent await(String what, int from, Predicate<ClientEvent> wanted, Duration deadline)
      throws InterruptedException {
    var search = new Search(from, wanted);
    await(what, deadline, search::goOn);
    return search.found();
  }

  /// Waits until every call that was open at that moment is settled, by its own promise or, if it
  /// is repeated, by a repeat.
  ///
  /// @param repeated whether the client repeats calls that have an operation id
  public void awaitSettled(long atMicros, boolean repeated, Duration deadline)
      throws InterruptedException {
    var open = new ArrayList<String>();
    lock.lock();
    try {
      unsettled.stream()
          .filter(name -> micros(ledger.line(name).sentAtNanos()) <= atMicros)
          .forEach(open::add);
    } finally {
      lock.unlock();
    }
    await(
        "the end of the calls that were open at " + atMicros + ": " + open,
        deadline,
        () -> {
          open.removeIf(name -> isOver(name, repeated));
          return open.isEmpty();
        });
  }

  /// Lets that much time pass, for instance to be away for so long; what the client tells meanwhile
  /// is noted as ever.
  public void letPass(Duration time) throws InterruptedException {
    long left = time.toNanos();
    lock.lock();
    try {
      while (left > 0 && ending == null) {
        left = noted.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Looks at each event once, however often it is woken.
  private final class Search {
    private final Predicate<ClientEvent> wanted;
    private int next;

    Search(int from, Predicate<ClientEvent> wanted) {
      this.next = from;
      this.wanted = wanted;
    }

    boolean goOn() {
      while (next < events.size()) {
        if (wanted.test(events.get(next))) {
          return true;
        }
        next++;
      }
      return false;
    }

    ClientEvent found() {
      lock.lock();
      try {
        return events.get(next);
      } finally {
        lock.unlock();
      }
    }
  }

  private interface Question {
    boolean isTrue();
  }

  private void await(String what, Duration deadline, Question question)
      throws InterruptedException {
    long left = deadline.toNanos();
    lock.lock();
    try {
      while (!question.isTrue()) {
        if (ending != null) {
          throw new AssertionError("the client ended; awaited: " + what + lastWords() + ending);
        }
        if (left <= 0) {
          throw new AssertionError("not within " + deadline + ": " + what + lastWords());
        }
        left = noted.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private String lastWords() {
    var last = events.subList(Math.max(0, events.size() - 5), events.size());
    return "; the client's last words: " + last;
  }
}

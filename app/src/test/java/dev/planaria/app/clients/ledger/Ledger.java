package dev.planaria.app.clients.ledger;

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
import org.jspecify.annotations.Nullable;

/// Everything that one client told, and the lives of its calls. Thread-safe: one thread takes notes
/// while others wait for something to happen.
public final class Ledger {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition noted = lock.newCondition();
  private final List<ClientEvent> events = new ArrayList<>();
  private final Map<String, CallLife> calls = new LinkedHashMap<>();

  /// Names of the calls that were neither acknowledged nor refused.
  private final Set<String> unsettled = new LinkedHashSet<>();

  private @Nullable String ending;

  /// Takes note of one line of the client's.
  ///
  /// @throws IllegalArgumentException when it is no line of a client's
  public void note(String line) {
    ClientEvent event = EventLine.parse(line);
    lock.lock();
    try {
      events.add(event);
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
        calls.put(sent.call(), CallLife.of(sent));
        unsettled.add(sent.call());
      }
      case ClientEvent.Primed primed ->
          calls.computeIfPresent(primed.call(), (_, life) -> life.with(primed));
      case ClientEvent.Failed failed ->
          calls.computeIfPresent(failed.call(), (_, life) -> life.with(failed));
      case ClientEvent.Refused refused -> {
        calls.computeIfPresent(refused.call(), (_, life) -> life.with(refused));
        unsettled.remove(refused.call());
      }
      case ClientEvent.Acknowledged acknowledged -> {
        calls.computeIfPresent(acknowledged.call(), (_, life) -> life.with(acknowledged));
        unsettled.remove(acknowledged.call());
      }
      case ClientEvent.Ready _,
          ClientEvent.Again _,
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

  private CallLife life(String name) {
    return Objects.requireNonNull(calls.get(name), name);
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
          .filter(name -> life(name).sent().atMicros() <= atMicros)
          .forEach(open::add);
    } finally {
      lock.unlock();
    }
    await(
        "the end of the calls that were open at " + atMicros + ": " + open,
        deadline,
        () -> {
          open.removeIf(name -> life(name).isOver(repeated));
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

package dev.planaria.chaos.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Pieces of work of which some go on at a time. They are begun in their order, but for one thing:
/// two of a kind go on side by side only when no other kind is left, since what one of them waits
/// for the other one waits for as well. Thread-safe.
final class SideBySide<T> {

  private final List<Numbered<T>> left = new ArrayList<>();
  private final List<String> going = new ArrayList<>();
  private final TreeMap<Integer, T> results = new TreeMap<>();

  /// A piece of work.
  ///
  /// @param kind what it is like
  record Work<T>(String kind, Callable<T> work) {}

  private record Numbered<T>(int number, Work<T> work) {}

  private SideBySide(List<Work<T>> works) {
    for (Work<T> work : works) {
      left.add(new Numbered<>(left.size(), work));
    }
  }

  /// Does all of them.
  ///
  /// @param atOnce so many go on at any time, as long as there are so many left; 1 or more
  /// @return what they gave, in their order, however they ended
  /// @throws InterruptedException when whoever calls was told to end; those that went on were told
  ///   so, too, and have ended, and no other was begun
  static <T> List<T> run(List<Work<T>> works, int atOnce) throws InterruptedException {
    var all = new SideBySide<>(works);
    try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
      var lanes = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < atOnce; i++) {
        lanes.add(threads.submit(all::goThrough));
      }
      try {
        for (Future<Boolean> lane : lanes) {
          lane.get();
        }
        return all.results();
      } catch (ExecutionException broken) {
        throw thrown(Objects.requireNonNull(broken.getCause(), "it has one"));
      } finally {
        lanes.forEach(lane -> lane.cancel(true));
      }
    }
  }

  /// One after the other, until none is left.
  private boolean goThrough() throws Exception {
    Optional<Numbered<T>> next = take();
    while (next.isPresent()) {
      end(next.get(), next.get().work().work().call());
      next = take();
    }
    return true;
  }

  private synchronized Optional<Numbered<T>> take() {
    Optional<Numbered<T>> next =
        left.stream()
            .filter(one -> !going.contains(one.work().kind()))
            .findFirst()
            .or(() -> left.stream().findFirst());
    next.ifPresent(one -> {
      left.remove(one);
      going.add(one.work().kind());
    });
    return next;
  }

  private synchronized void end(Numbered<T> one, T result) {
    going.remove(one.work().kind());
    results.put(one.number(), result);
  }

  private synchronized List<T> results() {
    return List.copyOf(results.values());
  }

  /// What a work throws goes to whoever asked for it, as if he had done it himself.
  private static RuntimeException thrown(Throwable cause) throws InterruptedException {
    return switch (cause) {
      case InterruptedException interrupted -> throw interrupted;
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      default -> new IllegalStateException("a run threw what it does not declare", cause);
    };
  }
}

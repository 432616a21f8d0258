package dev.planaria.chaos.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Pieces of work that are begun in their order, some of them at a time.
final class SideBySide {

  private SideBySide() {}

  /// Does all of them.
  ///
  /// @param atOnce so many go on at any time, as long as there are so many left; 1 or more
  /// @return what they gave, in their order, however they ended
  /// @throws InterruptedException when whoever calls was told to end; the works were told so, too,
  ///   and have ended
  static <T> List<T> run(List<Callable<T>> works, int atOnce) throws InterruptedException {
    try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
      List<Future<T>> begun = works.stream().map(threads::submit).toList();
      try {
        var results = new ArrayList<T>();
        for (Future<T> one : begun) {
          results.add(one.get());
        }
        return results;
      } catch (ExecutionException broken) {
        throw thrown(Objects.requireNonNull(broken.getCause(), "it has one"));
      } finally {
        // The last one first, so that none is begun in the place of one that was ended.
        begun.reversed().forEach(one -> one.cancel(true));
      }
    }
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

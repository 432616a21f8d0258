package dev.planaria.engine.recovery;

import dev.planaria.engine.journal.Threads;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/// Recovers many sessions: each class of [Complexity] in a lane of its own, as many at a time as
/// the class allows, the largest first. One that fails never stops the others. Thread-safe.
public final class RecoveryLanes {

  private static final System.Logger LOG = System.getLogger(RecoveryLanes.class.getName());

  private RecoveryLanes() {}

  /// Runs a recovery for each item and returns when all are done.
  ///
  /// @param threads where they run
  /// @param classes the items, by class
  /// @param size how large an item is
  /// @param recover recovers one; what it throws is logged
  /// @param stop asked before each; once true, the rest is left
  public static <T> void run(
      Threads threads,
      Map<Complexity, List<T>> classes,
      ToLongFunction<T> size,
      Consumer<T> recover,
      BooleanSupplier stop) {
    var lanes = new EnumMap<Complexity, ArrayDeque<T>>(Complexity.class);
    classes.forEach((complexity, items) ->
        lanes.put(
            complexity,
            new ArrayDeque<>(
                items.stream().sorted(Comparator.comparingLong(size).reversed()).toList())));
    var running = new ArrayList<CompletableFuture<?>>();
    lanes.forEach((complexity, lane) -> {
      // Counted once: the first workers empty the lane while the others are started.
      int workers = Math.min(complexity.atATime(), lane.size());
      for (int i = 0; i < workers; i++) {
        running.add(threads.startSmall(() -> work(lane, recover, stop)));
      }
    });
    running.forEach(one -> await(threads, one));
  }

  private static <T> void work(ArrayDeque<T> lane, Consumer<T> recover, BooleanSupplier stop) {
    while (!stop.getAsBoolean()) {
      T next;
      synchronized (lane) {
        next = lane.poll();
      }
      if (next == null) {
        return;
      }
      try {
        recover.accept(next);
      } catch (RuntimeException e) {
        // It is recovered when it is touched, or says then why it cannot be.
        LOG.log(System.Logger.Level.WARNING, "a session could not be recovered", e);
      }
    }
  }

  private static void await(Threads threads, CompletableFuture<?> lane) {
    threads.await(lane);
    if (lane.isCompletedExceptionally()) {
      LOG.log(System.Logger.Level.ERROR, "a lane of recoveries stopped", lane.exceptionNow());
    }
  }
}

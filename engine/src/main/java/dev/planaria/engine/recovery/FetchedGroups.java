package dev.planaria.engine.recovery;

import dev.planaria.engine.journal.Journal;
import dev.planaria.engine.journal.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Recovers many sessions in groups whose tails fit into memory together: while one group is
/// recovered, the tails of the next are fetched.
public final class FetchedGroups {

  private FetchedGroups() {}

  /// Runs through all items and returns when all groups are done. What a group throws is thrown
  /// here, and the groups behind it are left.
  ///
  /// @param journal where the frames are
  /// @param threads where the groups are recovered
  /// @param items in the order in which they are recovered
  /// @param add has the tail of one fetched
  /// @param recover recovers a group; called for one group at a time, on a thread of its own
  /// @param stop asked before each group; once true, the rest is left
  public static <T> void run(
      Journal journal,
      Threads threads,
      List<T> items,
      BiConsumer<TailFetch, T> add,
      Consumer<List<T>> recover,
      BooleanSupplier stop) {
    CompletableFuture<?> running = CompletableFuture.completedFuture(null);
    int next = 0;
    while (next < items.size() && !stop.getAsBoolean()) {
      var fetch = new TailFetch(journal);
      var group = new ArrayList<T>();
      while (next < items.size() && !fetch.isFull()) {
        add.accept(fetch, items.get(next));
        group.add(items.get(next++));
      }
      fetch.run();
      join(threads, running);
      running = threads.start("engine-recovery-group", () -> recover.accept(group));
    }
    join(threads, running);
  }

  private static void join(Threads threads, CompletableFuture<?> running) {
    threads.await(running);
    try {
      running.join();
    } catch (CompletionException | CancellationException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}

package dev.planaria.bench;

import dev.planaria.engine.journal.Threads;
import dev.planaria.engine.recovery.Complexity;
import dev.planaria.engine.recovery.FetchedGroups;
import dev.planaria.engine.recovery.Recovery;
import dev.planaria.engine.recovery.RecoveryChoice;
import dev.planaria.engine.recovery.RecoveryGuarantees;
import dev.planaria.engine.recovery.RecoveryLanes;
import dev.planaria.engine.recovery.SessionTail;
import dev.planaria.engine.recovery.TailFetch;
import dev.planaria.engine.recovery.TailScan;
import dev.planaria.engine.storage.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// Replayed operations per second: opened, every frame, entry and chain verified, decoded, and
/// applied, session by session on all processors, as an engine does it after a crash. The first
/// round is a cold process. Beside it, the same file read from end to end and nothing done with it.
///
/// Run with `bench/run ReplayBench DIRECTORY [ROUNDS]` on a store that `OpeningBench fill` made.
/// Changes nothing.
public final class ReplayBench {

  private static final int BLOCK_BYTES = 1 << 20;

  private ReplayBench() {}

  /// Runs the rounds and prints a line for each.
  ///
  /// @param args where the store is, how many rounds
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 6;
    for (int round = 1; round <= rounds; round++) {
      replay(directory, round);
    }
    boolean dropped = dropPageCache();
    read(directory, dropped ? "cold" : "warm (the page cache cannot be dropped here)");
    read(directory, "warm");
  }

  private static void replay(Path directory, int round) {
    Cost before = Cost.now();
    long start = System.nanoTime();
    var replayed = new AtomicLong();
    long scanned;
    try (SqliteStore store = SqliteStore.openReadOnly(directory)) {
      List<SessionTail> tails = List.copyOf(TailScan.runToServe(store).sessions().values());
      scanned = System.nanoTime();
      var recovery = new Recovery(store, List.of(), System::nanoTime, RecoveryGuarantees.ALL);
      var request =
          new Recovery.Request("bench", System.currentTimeMillis(), new RecoveryChoice.ByTable());
      FetchedGroups.run(
          store,
          Threads.REAL,
          tails,
          TailFetch::add,
          group ->
              RecoveryLanes.run(
                  Threads.REAL,
                  group.stream().collect(Collectors.groupingBy(ReplayBench::complexity)),
                  tail -> tail.index().entries(),
                  tail -> replayed.addAndGet(recovery.recover(tail, request).replayed()),
                  () -> false),
          () -> false);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "round %d: %d operations in %.2f s (%.2f s of it the scan), %.2fM/s;"
            + " processor time %.2f us each, %.0f bytes each%n",
        round,
        replayed.get(),
        seconds,
        (scanned - start) / 1e9,
        replayed.get() / seconds / 1e6,
        Cost.now().since(before, replayed.get()).nanos() / 1e3,
        Cost.now().since(before, replayed.get()).bytes());
  }

  private static Complexity complexity(SessionTail tail) {
    return Complexity.of(new Complexity.Measure(tail.index().entries(), 0, tail.isIntricate(), 0));
  }

  /// Linux and root only.
  private static boolean dropPageCache() {
    try {
      Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "1");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void read(Path directory, String how) throws IOException {
    long start = System.nanoTime();
    long bytes = 0;
    var block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    for (String name : List.of(SqliteStore.DATABASE, SqliteStore.DATABASE + "-wal")) {
      if (Files.exists(directory.resolve(name))) {
        try (FileChannel file = FileChannel.open(directory.resolve(name))) {
          for (int read = file.read(block); read >= 0; read = file.read(block.clear())) {
            bytes += read;
          }
        }
        block.clear();
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "the file alone, %s: %d MB in %.2f s, %.0f MB/s%n",
        how,
        bytes >> 20,
        seconds,
        bytes / seconds / (1 << 20));
  }
}

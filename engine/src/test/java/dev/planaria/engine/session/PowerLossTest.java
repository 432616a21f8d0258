package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.planaria.engine.session.TracedWrites.Loss;
import dev.planaria.engine.storage.sqlite.SqliteStore;
import dev.planaria.engine.storage.sqlite.StoreBehindWitness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Takes the power away from a store on real SQLite at random moments of a traced run: what was
/// written and not synced is lost, in part or as a whole, and nothing that was acknowledged is.
///
/// `EngineCrashTest` shows the same on the simulated store, where nothing can be traced.
class PowerLossTest {

  /// How many moments; each is tried with every kind of loss.
  private static final int MOMENTS = Integer.getInteger("planaria.powerLosses", 40);

  @TempDir Path directory;
  private final long seed = Long.getLong("planaria.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private TracedWrites traced() throws Exception {
    assumeTrue(ChildWorkload.canTrace(), "SKIPPED: strace is not here, or may not trace");
    Path data = directory.resolve("data").toRealPath();
    Path trace = directory.resolve("trace");
    var run =
        ChildWorkload.run(
            data,
            trace,
            "-xx",
            "-y",
            "-s",
            "100000",
            "-e",
            "trace=pwrite64,write,fsync,fdatasync,ftruncate,unlink");
    assertThat(run.count("ack")).isEqualTo(FixedWorkload.OPERATIONS);
    var traced = new TracedWrites(trace, data);
    assertThat(ChildWorkload.acknowledged(traced.said(traced.moments())))
        .hasSize(FixedWorkload.OPERATIONS);
    return traced;
  }

  private Path write(Map<String, byte[]> disk) throws Exception {
    Path after = directory.resolve("after");
    Files.createDirectories(after);
    try (var files = Files.list(after)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    for (Map.Entry<String, byte[]> file : disk.entrySet()) {
      Files.write(after.resolve(file.getKey()), file.getValue());
    }
    return after;
  }

  @Test
  void a_power_loss_takes_nothing_that_was_acknowledged() throws Exception {
    Files.createDirectories(directory.resolve("data"));
    TracedWrites traced = traced();
    var hits = new EnumMap<Loss, Integer>(Loss.class);
    long acknowledged = 0;
    long ghosts = 0;
    int unsynced = 0;
    for (int i = 0; i < MOMENTS; i++) {
      int moment = random.nextInt(traced.moments() + 1);
      var told = ChildWorkload.acknowledged(traced.said(moment));
      unsynced += traced.unsynced(moment) > 0 ? 1 : 0;
      for (Loss loss : Loss.values()) {
        String what = "seed " + seed + ", moment " + moment + ", " + loss;
        Path after = write(traced.after(moment, loss, List.of(), random));
        ghosts += ChildWorkload.check(after, told, what);
        hits.merge(loss, 1, Integer::sum);
        acknowledged += told.size();
      }
    }
    System.out.println(
        "power losses: seed "
            + seed
            + ", "
            + hits
            + ", "
            + unsynced
            + " moments with something to lose, "
            + acknowledged
            + " acknowledged and there, "
            + ghosts
            + " more there");
    assertThat(hits).containsOnlyKeys(Loss.values());
    assertThat(acknowledged).isPositive();
    assertThat(unsynced).isPositive();
  }

  @Test
  void a_log_that_is_not_synced_loses_some_and_the_witness_tells() throws Exception {
    Files.createDirectories(directory.resolve("data"));
    TracedWrites traced = traced();
    List<String> lying = List.of(SqliteStore.DATABASE + "-wal");
    int lost = 0;
    int told = 0;
    for (int i = 0; i < MOMENTS; i++) {
      int moment = random.nextInt(traced.moments() + 1);
      var ledger = ChildWorkload.acknowledged(traced.said(moment));
      Path after = write(traced.after(moment, Loss.ALL, lying, random));
      try {
        var stored = ChildWorkload.stored(after, "not synced");
        lost +=
            (int)
                ledger.keySet().stream().filter(n -> !stored.containsKey("operation-" + n)).count();
      } catch (StoreBehindWitness behind) {
        told++;
      }
    }
    System.out.println(
        "power losses without syncs: seed "
            + seed
            + ", "
            + lost
            + " lost unnoticed, "
            + told
            + " stores behind their witness");
    assertThat(lost + told).isPositive();
  }
}

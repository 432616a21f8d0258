package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.session.ChildWorkload.Run;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import dev.planaria.engine.storage.simulated.SimulatedStore.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Makes the Nth fsync or write of a store's files fail while a fixed workload runs: what was
/// acknowledged is there, once and in order, and the process goes on.
class NthSystemCallTest {

  /// How many faults are tried; a large number tries every one.
  private static final int FAULTS = Integer.getInteger("planaria.faults", 16);

  @TempDir Path directory;
  private final long seed = Long.getLong("planaria.seed", System.nanoTime());

  /// One system call to fail.
  private record Planned(String call, String error, int nth) {}

  private Run run(Path data, String... inject) throws Exception {
    Files.createDirectories(data);
    var options = new ArrayList<String>();
    for (String file : List.of("planaria.db", "planaria.db-wal", "witness")) {
      options.addAll(List.of("-P", data.resolve(file).toString()));
    }
    options.addAll(List.of("-e", "trace=fsync,fdatasync,pwrite64"));
    for (String one : inject) {
      options.addAll(List.of("-e", "inject=" + one));
    }
    return ChildWorkload.run(data, directory.resolve("trace"), options.toArray(new String[0]));
  }

  /// How often the workload makes a call; strace counts for each thread, and one thread writes.
  private int calls(String call) throws Exception {
    Map<String, Integer> byThread = new HashMap<>();
    for (String line : Files.readAllLines(directory.resolve("trace"))) {
      if (line.contains(" " + call + "(")) {
        byThread.merge(line.substring(0, line.indexOf(' ')), 1, Integer::sum);
      }
    }
    return Collections.max(byThread.values());
  }

  @Test
  void a_failing_fsync_or_write_loses_doubles_and_reorders_nothing() throws Exception {
    assumeTrue(ChildWorkload.canTrace(), "SKIPPED: strace is not here, or may not trace");
    assertThat(run(directory.resolve("sound")).count("ack")).isEqualTo(FixedWorkload.OPERATIONS);
    var planned = new ArrayList<Planned>();
    for (String call : List.of("fsync", "pwrite64", "fdatasync")) {
      for (int nth = 1; nth <= calls(call); nth++) {
        planned.add(new Planned(call, "EIO", nth));
        planned.add(new Planned(call, "ENOSPC", nth));
      }
    }
    Collections.shuffle(planned, new Random(seed));
    System.out.println(
        "failing system calls: seed " + seed + ", " + planned.size() + " in the workload");
    Map<String, Integer> counts = new TreeMap<>();
    for (Planned fault : planned.subList(0, Math.min(FAULTS, planned.size()))) {
      inject(fault, counts);
    }
    System.out.println("failing system calls: " + counts);
    assertThat(counts).containsKeys("hit", "acknowledged");
    assertThat(counts.getOrDefault("refused", 0)).isPositive();
  }

  private void inject(Planned fault, Map<String, Integer> counts) throws Exception {
    Path data = directory.resolve(fault.call() + fault.error() + fault.nth());
    Run run = run(data, fault.call() + ":error=" + fault.error() + ":when=" + fault.nth());
    String what = "seed " + seed + ", " + fault;
    counts.merge("hit", run.faults(), Integer::sum);
    if (run.opened()) {
      assertThat(run.finished()).as(what).isTrue();
      assertThat(run.count("ack")).as(what).isEqualTo(FixedWorkload.OPERATIONS);
    } else {
      counts.merge("not opened", 1, Integer::sum);
    }
    int ghosts = ChildWorkload.check(data, ChildWorkload.acknowledged(run.lines()), what);
    assertThat(ghosts).as(what).isZero();
    counts.merge("acknowledged", (int) run.count("ack"), Integer::sum);
    counts.merge("refused", (int) run.count("refused"), Integer::sum);
    counts.merge("unknown", (int) run.count("unknown"), Integer::sum);
  }

  @Test
  void a_disk_that_is_full_for_a_while_refuses_and_goes_on_without_a_restart() throws Exception {
    assumeTrue(ChildWorkload.canTrace(), "SKIPPED: strace is not here, or may not trace");
    Path data = directory.resolve("full");
    Run run = run(data, "pwrite64:error=ENOSPC:when=80..100");
    System.out.println(
        "full disk: "
            + run.faults()
            + " writes failed, "
            + run.count("refused")
            + " refusals, "
            + run.count("ack")
            + " acknowledged");
    assertThat(run.faults()).isPositive();
    assertThat(run.count("refused")).isPositive();
    assertThat(run.finished()).isTrue();
    assertThat(run.count("ack")).isEqualTo(FixedWorkload.OPERATIONS);
    assertThat(ChildWorkload.check(data, ChildWorkload.acknowledged(run.lines()), "full disk"))
        .isZero();
  }

  @Test
  void the_same_holds_in_the_simulation_wherever_nothing_can_be_traced() {
    int hits = 0;
    for (int nth = 0; nth < 12; nth++) {
      for (Fault fault : Fault.values()) {
        var store = new SimulatedStore(new SimulatedDisk());
        SessionEngine engine =
            SessionEngine.open(
                store,
                SessionEngineTest.SETTINGS,
                new TestEnvironment().environment(),
                null,
                EngineGuarantees.ALL);
        SessionId session =
            engine
                .openSession("fixed", null, SwarmConfiguration.DEFAULT, new Caller("test", "open"))
                .state()
                .id();
        for (int i = 0; i < 12; i++) {
          if (i == nth) {
            store.failNext(fault);
          }
          submit(engine, session, i);
        }
        hits += store.hits();
        var ids = new ArrayList<String>();
        engine.journal(session, 1, 100, entry -> ids.add(entry.operationId()));
        assertThat(ids).as("%s at %d", fault, nth).hasSize(13).doesNotHaveDuplicates();
        engine.abandon();
      }
    }
    System.out.println("failing writes, simulated: " + hits + " hits");
    assertThat(hits).isEqualTo(24);
  }

  private static void submit(SessionEngine engine, SessionId session, int n) {
    var command =
        new Command.StoreMemory(new MemoryKey("fixed", "key-" + n), JsonNumber.of(n), null, null);
    try {
      var _ = engine.submit(session, command, FixedWorkload.operation(n));
    } catch (StoreUnavailable refused) {
      var _ = engine.submit(session, command, FixedWorkload.operation(n));
    }
  }
}

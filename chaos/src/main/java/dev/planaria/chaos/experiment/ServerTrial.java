package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.McpClient;
import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Injector;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.Violation;
import dev.planaria.chaos.server.Told;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Faults that befall a server behind a daemon, the way to it, or the daemon, one after the other
/// while callers are at work.
///
/// @param server the server
/// @param diary what it has done
/// @param client whose calls the callers make
/// @param injectors do the faults
/// @param work so many calls are done between two faults
/// @param deadlineMillis how long each recovery may take
record ServerTrial(
    ServerBehind server,
    Path diary,
    McpClient client,
    List<Injector> injectors,
    long work,
    long deadlineMillis) {

  /// What is true of the server. What is to be made again for a server that has forgotten it must
  /// not be made again for one that was only out of reach.
  static final JsonObject TRUTH =
      JsonObject.builder()
          .put(
              "profile",
              JsonObject.builder().put("replay", JsonArray.ofStrings(List.of("add"))).build())
          .put("read_only", JsonArray.ofStrings(List.of("get")))
          .build();

  private static final Set<Target> DAEMON = Set.of(Target.WORKER, Target.FRONT, Target.DAEMON);

  private static final long CALL_MILLIS = 120_000;
  private static final long WORK_MILLIS = 120_000;

  /// What callers were told in the end.
  ///
  /// @param calls all of them
  /// @param loss that something in the server's memory is lost
  record Answers(List<Told> calls, boolean loss) {}

  /// Does the faults. What is wrong is noted, and ends it early.
  ///
  /// @throws IOException when the callers came to a standstill between two faults
  Answers run(RunSettings settings, List<FaultSpec> faults, Notes notes)
      throws IOException, InterruptedException {
    Clocks clocks = notes.clocks();
    try (var callers =
        new DiaryCallers(
            client, settings.plan().callers(), settings.seed(), clocks.nanoTime(), CALL_MILLIS)) {
      for (FaultSpec spec : faults) {
        long early = Math.max(0, spec.startMillis() - notes.atMillis());
        var _ = new CountDownLatch(1).await(early, TimeUnit.MILLISECONDS);
        if (!callers.awaitDone(work, WORK_MILLIS)) {
          throw new IOException("the callers came to a standstill");
        }
        ServerBehind.awaitEffect(diary, clocks);
        long began = clocks.nanoTime().getAsLong();
        inject(spec, notes);
        if (!callers.awaitDoneSentAfter(clocks.nanoTime().getAsLong(), deadlineMillis)) {
          notes.violation(
              Violation.Kind.TOO_SLOW,
              "no call succeeded within " + deadlineMillis + " ms after the fault");
          break;
        }
        notes.recovered(TimeUnit.NANOSECONDS.toMillis(clocks.nanoTime().getAsLong() - began));
      }
      if (!callers.finish(CALL_MILLIS)) {
        notes.violation(
            Violation.Kind.STUCK, "calls were still under way after " + CALL_MILLIS + " ms");
      }
      notes.tell(Moment.Lane.STATE, "the callers have ended");
      return new Answers(callers.told(), callers.wasLossTold());
    }
  }

  private void inject(FaultSpec spec, Notes notes) throws IOException, InterruptedException {
    long began = notes.atMillis();
    Injector able = injectors.stream().filter(one -> one.canDo(spec)).findFirst().orElseThrow();
    notes.hit(spec, able.inject(spec), began);
    if (server.daemon().standAgain()) {
      notes.tell(Moment.Lane.STATE, "the daemon was started again");
    }
    if (isOfDaemon(spec) && !(spec.fault() instanceof Fault.Pause)) {
      server.bringAgain(notes.clocks());
    }
  }

  /// True for what is done to the daemon's own processes.
  static boolean isOfDaemon(FaultSpec spec) {
    return DAEMON.contains(spec.target());
  }
}

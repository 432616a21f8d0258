package dev.planaria.chaos.experiment;

import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.report.FaultHits;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.report.Violation;
import dev.planaria.chaos.simulation.SimulatedFault;
import dev.planaria.chaos.simulation.Simulation;
import dev.planaria.chaos.simulation.SimulationResult;
import dev.planaria.chaos.simulation.SimulationSettings;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Worlds in virtual time, twenty for a cycle, each with a seed of its own from the run's seed
/// upwards; as many at a time as the machine has processors. It needs no daemon.
public final class Simulations implements Experiment {

  /// In so many, each kind of fault is met.
  private static final int WORLDS = 20;

  /// An hour each: short enough for thousands of them in a few minutes of real time.
  private static final SimulationSettings SETTINGS = SimulationSettings.DEFAULT.lasting(60);

  @Override
  public String name() {
    return "simulation";
  }

  @Override
  public String description() {
    return "Lives "
        + WORLDS
        + " worlds of an hour through for each cycle, in virtual time: an engine, its callers, a"
        + " disk, a network and a server, and everything befalls them. Each promise is looked at"
        + " after each step; the same seed gives the same world, step by step.";
  }

  @Override
  public long deadlineMillis() {
    return SETTINGS.stuckMillis();
  }

  @Override
  public List<FaultSpec> faults(long seed, int cycles) {
    return Arrays.stream(SimulatedFault.values()).map(SimulatedFault::spec).distinct().toList();
  }

  @Override
  public long seeds(int cycles) {
    return (long) cycles * WORLDS;
  }

  @Override
  public boolean needsWholeMachine() {
    return true;
  }

  @Override
  public RunReport run(RunSettings settings, Clocks clocks, RunListener listener)
      throws IOException, InterruptedException {
    long startedAtMillis = clocks.nowMillis().getAsLong();
    long began = clocks.nanoTime().getAsLong();
    var sum = new Sum();
    faults(settings.seed(), settings.cycles()).forEach(fault -> sum.hits.put(fault, 0L));
    int processors = Runtime.getRuntime().availableProcessors();
    try (ExecutorService threads = Executors.newFixedThreadPool(processors)) {
      // Those whose results are still to be looked at: a world that nobody needs any more takes its
      // log with it, of which thousands would fill the memory.
      var worlds = new ArrayDeque<Future<SimulationResult>>();
      for (long i = 0; i < seeds(settings.cycles()); i++) {
        long seed = settings.seed() + i;
        worlds.add(threads.submit(() -> Simulation.run(seed, SETTINGS)));
      }
      try {
        while (!worlds.isEmpty()) {
          SimulationResult result = worlds.remove().get();
          long at = TimeUnit.NANOSECONDS.toMillis(clocks.nanoTime().getAsLong() - began);
          sum.add(result, at, listener);
        }
      } catch (ExecutionException broken) {
        throw new IOException("a world broke: " + broken.getCause(), broken);
      } finally {
        worlds.forEach(world -> world.cancel(false));
      }
    }
    return sum.report(settings.seed(), startedAtMillis, clocks.nowMillis().getAsLong());
  }

  /// What the worlds came to so far. Used by one thread.
  private final class Sum {
    private final Map<FaultSpec, Long> hits = new LinkedHashMap<>();
    private final List<Violation> violations = new ArrayList<>();
    private final List<Moment> timeline = new ArrayList<>();
    private long sent;
    private long acknowledged;
    private long refused;
    private long unknown;

    void add(SimulationResult world, long atMillis, RunListener listener) {
      world.hits().forEach((fault, times) -> hits.merge(fault.spec(), times, Long::sum));
      sent += world.counts().sent();
      acknowledged += world.counts().acknowledged();
      refused += world.counts().refused();
      unknown += world.counts().unknown();
      for (Violation violation : world.violations()) {
        violations.add(
            new Violation(violation.kind(), "world " + world.seed() + ": " + violation.sentence()));
      }
      String sentence =
          "world "
              + world.seed()
              + (world.violations().isEmpty() ? " kept every promise, " : " BROKE A PROMISE, ")
              + world.turns()
              + " turns, log "
              + world.fingerprint();
      var moment = new Moment(atMillis, 0, Moment.Lane.STATE, sentence);
      timeline.add(moment);
      listener.happened(moment);
    }

    RunReport report(long seed, long startedAtMillis, long nowMillis) {
      return new RunReport(
          name(),
          seed,
          startedAtMillis,
          nowMillis - startedAtMillis,
          hits.entrySet().stream().map(hit -> new FaultHits(hit.getKey(), hit.getValue())).toList(),
          new RunReport.Counts(sent, acknowledged, refused, unknown),
          List.of(),
          null,
          violations,
          timeline);
    }
  }
}

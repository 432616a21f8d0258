package dev.planaria.chaos.experiment;

import dev.planaria.chaos.disk.StoreFiles;
import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.ledger.Line;
import dev.planaria.chaos.ledger.Outcome;
import dev.planaria.chaos.power.DiskGuarantees;
import dev.planaria.chaos.power.Loss;
import dev.planaria.chaos.power.Trace;
import dev.planaria.chaos.power.Tracer;
import dev.planaria.chaos.process.ProcessInjector;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.engine.json.WireName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Takes the power away from a daemon at work, again and again at other moments of one trace of
/// what it did with its files: what it had not synced is gone, in part or as a whole, and nothing
/// that it had acknowledged is.
public final class PowerLoss implements Experiment {

  private static final long DEADLINE_MILLIS = 30_000;

  /// Operations before the trace, so that each moment of it has something to lose.
  private static final long WORK_BEFORE = 40;

  /// Operations in the trace of each worker: together some thousand writes and hundreds of syncs,
  /// in a few seconds.
  private static final long WORK = 150;

  /// A daemon takes a second to start, an engine in this process a few hundredths of one.
  private static final int IMAGES_PER_DAEMON = 10;

  /// So many of four moments have a write that is not synced; the others may have none.
  private static final int VULNERABLE_OF_FOUR = 3;

  private static final List<Loss> LOSSES = List.of(Loss.values());
  private static final FaultSpec FAULT = new FaultSpec(new Fault.PowerLoss(), Target.DAEMON, 0, 0);

  private final DiskGuarantees disk;

  /// One on an honest disk.
  public PowerLoss() {
    this(DiskGuarantees.ALL);
  }

  /// @param disk what the disk keeps; anything but [DiskGuarantees#ALL] is for tests
  public PowerLoss(DiskGuarantees disk) {
    this.disk = disk;
  }

  @Override
  public String name() {
    return "power-loss";
  }

  @Override
  public String description() {
    return "Traces what a worker under load, and the next one after a kill, do with their files"
        + " (strace), and makes of that, in each cycle, a disk on which the power went at a random"
        + " moment: writes that were not synced are gone, or some of them, or torn. The store"
        + " opens, and everything that had been acknowledged is in it, once and in order; a daemon"
        + " serves every tenth.";
  }

  @Override
  public long deadlineMillis() {
    return DEADLINE_MILLIS;
  }

  @Override
  public List<FaultSpec> faults(long seed, int cycles) {
    return Collections.nCopies(cycles, FAULT);
  }

  @Override
  public RunReport run(RunSettings settings, Clocks clocks, RunListener listener)
      throws IOException, InterruptedException {
    var notes = new Notes(this, settings, clocks, listener);
    try (Stage stage = Stage.open(settings, notes)) {
      stage.awaitWork(WORK_BEFORE);
      Traced traced = trace(stage, clocks);
      lose(stage, traced, settings);
      stage.goOn();
      return Judge.judge(stage);
    }
  }

  /// A trace, and who had been acknowledged when.
  ///
  /// @param first the first moment that may be chosen
  /// @param lines the ledger at its end
  /// @param offsetMicros what makes Unix time of the ledger's clock, in microseconds, or more
  private record Traced(Trace trace, int first, List<Line> lines, long offsetMicros) {

    /// The ledger when the power goes: what had been acknowledged then is demanded; of anything
    /// else that was sent, nobody can tell.
    ///
    /// A sync has an end in the trace before its thread goes on, since strace stops the thread and
    /// writes that down first. So what a caller heard at a time `a` rests on syncs whose ends were
    /// written down before `a`; and an event that strace saw at `a` or later stands behind them.
    /// Both times are of the same clock of the same machine, that of the caller as an upper bound:
    /// what is demanded at a moment was acknowledged before it, and what was acknowledged shortly
    /// before it may be left out.
    List<Line> at(int moment) {
      long micros = trace.microsAt(moment);
      var then = new ArrayList<Line>();
      for (Line line : lines) {
        boolean heard =
            line.isAcknowledged() && line.endedAtNanos() / 1_000 + 1 + offsetMicros <= micros;
        then.add(
            heard
                ? line
                : new Line(
                    line.ask(),
                    line.sentAtNanos(),
                    line.attempts(),
                    line.endedAtNanos(),
                    new Outcome.Unknown("the power went")));
      }
      return then;
    }
  }

  /// Traces a worker that takes a checkpoint in the end, and the next one, which moves the log into
  /// the database when it opens the store; leaves the callers waiting.
  private static Traced trace(Stage stage, Clocks clocks) throws IOException, InterruptedException {
    Path data = stage.daemon.data().toRealPath();
    var files = new StoreFiles(data);
    ProcessHandle worker =
        stage.daemon.worker().orElseThrow(() -> new IOException("there is no worker to trace"));
    stage.pause();
    List<ProcessHandle> both = List.of(worker, stage.daemon.front());
    try (Tracer tracer = Tracer.attach(both, data.resolveSibling("trace"))) {
      // What was written before, a disk may hold as well as not: it is taken for held, and no
      // moment before this one is chosen.
      Map<String, byte[]> before = named(files);
      long began = offsetMicros(clocks);
      long copiedAt = (clocks.nowMillis().getAsLong() + 1) * 1_000;
      stage.goOn();
      stage.awaitWork(WORK);
      stage.checkpoint();
      // Nothing is being written when it is killed: whether a write that a kill meets was done, no
      // trace says.
      stage.pause();
      new ProcessInjector(stage.daemon)
          .inject(new FaultSpec(new Fault.Kill(), Target.WORKER, 0, 0));
      stage.goOn();
      stage.awaitWork(WORK);
      stage.pause();
      Trace trace = tracer.end(data, StoreFiles::isDurable, before);
      int first = 1;
      while (first <= trace.moments() && trace.microsAt(first) < copiedAt) {
        first++;
      }
      if (first > trace.moments()) {
        throw new IOException("nothing was traced of process " + worker.pid());
      }
      stage.notes.tell(
          Moment.Lane.STATE,
          "traced " + trace.moments() + " writes and syncs: " + new TreeMap<>(trace.syncs()));
      // A clock that was set meanwhile makes one of the two larger; fewer are demanded then.
      long offset = Math.max(began, offsetMicros(clocks));
      return new Traced(trace, first, stage.ledger.lines(), offset);
    }
  }

  /// The files by their names below the data directory.
  private static Map<String, byte[]> named(StoreFiles files) throws IOException {
    var named = new TreeMap<String, byte[]>();
    files
        .copy()
        .forEach((path, bytes) -> {
          String name = files.data().relativize(path).toString();
          if (StoreFiles.isDurable(name)) {
            named.put(name, bytes);
          }
        });
    return named;
  }

  /// Unix time minus the ledger's clock, never too little: the wall clock is read second, and may
  /// be a millisecond further than it says.
  private static long offsetMicros(Clocks clocks) {
    long nanos = clocks.nanoTime().getAsLong();
    return (clocks.nowMillis().getAsLong() + 1) * 1_000 - nanos / 1_000;
  }

  private void lose(Stage stage, Traced traced, RunSettings settings)
      throws IOException, InterruptedException {
    var random = new SplittableRandom(settings.seed());
    List<Integer> vulnerable =
        traced.trace().vulnerable(traced.first(), StoreFiles::isDurableDatabase);
    var aftermath = new PowerAftermath(stage, random.split());
    for (int i = 0; i < settings.cycles(); i++) {
      boolean exposed = !vulnerable.isEmpty() && random.nextInt(4) < VULNERABLE_OF_FOUR;
      int moment =
          exposed
              ? vulnerable.get(random.nextInt(vulnerable.size()))
              : random.nextInt(traced.first(), traced.trace().moments() + 1);
      Loss loss = LOSSES.get(i % LOSSES.size());
      long began = stage.notes.atMillis();
      Trace.Image image = traced.trace().image(moment, loss, disk, random);
      stage.notes.hit(FAULT, image.lossy() ? 1 : 0, began);
      String what =
          "power lost at write or sync " + moment + ", of what was not synced " + words(loss);
      boolean served = i % IMAGES_PER_DAEMON == Math.min(settings.cycles(), IMAGES_PER_DAEMON) - 1;
      aftermath.judge(
          new PowerAftermath.Left(what, image.files(), traced.at(moment), served), i + 1);
    }
  }

  private static String words(Loss loss) {
    return switch (loss) {
          case ALL -> "all";
          case SOME -> "some writes";
          case TORN -> "some sectors";
        }
        + " ("
        + WireName.of(loss)
        + ")";
  }
}

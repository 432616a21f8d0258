package dev.planaria.chaos.experiment;

import dev.planaria.chaos.disk.DiskInjector;
import dev.planaria.chaos.disk.StoreFiles;
import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.engine.session.SessionEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// One damage after the other to the files of a killed daemon, each to the same files as the kill
/// left them: every damage is detected, or nothing that is answered differs.
public final class Corruption implements Experiment {

  private static final long DEADLINE_MILLIS = 30_000;
  private static final long WORK = 80;

  private static final List<Target> TARGETS =
      List.of(Target.DATABASE, Target.WAL, Target.WITNESS, Target.ARCHIVE);
  private static final List<Fault> DAMAGES =
      List.of(
          new Fault.FlipByte(), new Fault.ZeroPage(), new Fault.Truncate(), new Fault.OlderCopy());

  private final List<FaultSpec> chosen;

  /// One that goes through all kinds of damage, beginning anywhere, as the seed decides.
  public Corruption() {
    this(List.of());
  }

  /// One that does just these, in turn.
  ///
  /// @param chosen what is damaged and how; none for all kinds
  public Corruption(List<FaultSpec> chosen) {
    this.chosen = List.copyOf(chosen);
  }

  @Override
  public String name() {
    return "corruption";
  }

  @Override
  public String description() {
    return "Flips a byte, zeroes a page, cuts off the end, or puts back an older copy: of database,"
        + " log, witness, archive and checkpoint of a killed daemon, one in each cycle. It is"
        + " detected, and recovered or refused with a reason; or nothing that is answered differs."
        + " A second session that was not meant is served with everything in it.";
  }

  @Override
  public long deadlineMillis() {
    return DEADLINE_MILLIS;
  }

  @Override
  public List<FaultSpec> faults(long seed, int cycles) {
    List<FaultSpec> kinds = chosen.isEmpty() ? all() : chosen;
    int first = new SplittableRandom(seed).nextInt(kinds.size());
    var faults = new ArrayList<FaultSpec>();
    for (int i = 0; i < cycles; i++) {
      faults.add(kinds.get((first + i) % kinds.size()));
    }
    return faults;
  }

  /// Neighbours differ in file and kind, so that a few cycles show some of each.
  private static List<FaultSpec> all() {
    var all = new ArrayList<FaultSpec>();
    for (int damage = 0; damage < DAMAGES.size(); damage++) {
      for (int target = 0; target < TARGETS.size(); target++) {
        Fault fault = DAMAGES.get((damage + target) % DAMAGES.size());
        all.add(new FaultSpec(fault, TARGETS.get(target), 0, 0));
      }
    }
    all.add(new FaultSpec(new Fault.FlipByte(), Target.CHECKPOINT, 0, 0));
    return all;
  }

  @Override
  public RunReport run(RunSettings settings, Clocks clocks, RunListener listener)
      throws IOException, InterruptedException {
    var notes = new Notes(this, settings, clocks, listener);
    var random = new SplittableRandom(settings.seed());
    try (Stage stage = Stage.open(settings, notes)) {
      var files = new StoreFiles(stage.scratch().launch().data());
      stage.awaitWork(WORK);
      stage.pause();
      Neighbour neighbour = Neighbour.moveIn(stage);
      Map<Path, byte[]> older = files.copy();
      archive(stage, files, random.split());
      stage.goOn();
      stage.awaitWork(WORK);
      stage.checkpoint();
      stage.awaitWork(WORK);
      stage.pause();
      var examination = new Examination(stage, stage.capture(), neighbour);
      stage.scratch().kill();
      Map<Path, byte[]> left = files.copy();
      var injector = new DiskInjector(files, older, stage.session, random);
      for (FaultSpec spec : faults(settings.seed(), settings.cycles())) {
        files.restore(left);
        long began = notes.atMillis();
        long hits = injector.inject(spec);
        notes.hit(spec, hits, began);
        examination.startOnDamage(spec.target());
        stage.scratch().kill();
        if (hits > 0) {
          examination.verify(spec.target());
          notes.planted(examination.detections());
        }
      }
      files.restore(left);
      stage.scratch().startAgain();
      stage.meetAgain();
      stage.goOn();
      return Judge.judge(stage);
    }
  }

  /// Ends the daemon in order, which checkpoints every session, moves the first operations of both
  /// sessions into the archive, and starts the daemon again. From then on each file differs from
  /// what it was before.
  private static void archive(Stage stage, StoreFiles files, SplittableRandom random)
      throws IOException, InterruptedException {
    stage.scratch().stop();
    try (SessionEngine engine = OwnEngine.open(files.data(), stage.notes.clocks(), random)) {
      engine.tick();
    }
    if (files.segments().isEmpty()) {
      throw new IOException("no operation went into the archive, so that nothing can be damaged");
    }
    stage.notes.tell(Moment.Lane.STATE, "segments in the archive: " + files.segments().size());
    stage.scratch().startAgain();
    stage.meetAgain();
  }
}

package dev.planaria.chaos.experiment;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Injector;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.link.LinkInjector;
import dev.planaria.chaos.process.ProcessInjector;
import dev.planaria.engine.json.WireName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/// Faults that happen one after the other while callers are at work, each at its time or as soon as
/// the one before it was recovered from.
public final class Scheduled implements UnderLoad {

  private static final long DEADLINE_MILLIS = 30_000;
  private static final long WORK_MILLIS = 120_000;

  /// Operations that each caller does between two faults on average, so that each fault meets some.
  private static final long WORK = 20;

  /// What a fault of a link lasts, so that somebody meets it, and nobody waits long for its end.
  private static final long SHORTEST_MILLIS = 300;

  private static final long LONGEST_MILLIS = 1_200;

  /// So that the number of kills does not depend on the seed.
  private static final int KILLS_PER_PAUSE = 10;

  private final String name;
  private final String description;
  private final long deadlineMillis;
  private final Schedule schedule;

  /// What happens when.
  public interface Schedule {

    /// The faults, in the order of their starts.
    ///
    /// @param seed decides whatever is left to chance
    /// @param cycles how many, for a schedule that has no number of its own
    List<FaultSpec> faults(long seed, int cycles);
  }

  private Scheduled(String name, String description, long deadlineMillis, Schedule schedule) {
    this.name = name;
    this.description = description;
    this.deadlineMillis = deadlineMillis;
    this.schedule = schedule;
  }

  /// One with faults of somebody's own, for instance from a file.
  ///
  /// @param deadlineMillis how long each recovery may take
  /// @throws IllegalArgumentException when it cannot do one of them, see [#canDo]
  public static Scheduled of(String name, List<FaultSpec> faults, long deadlineMillis) {
    for (FaultSpec fault : faults) {
      if (!canDo(fault)) {
        throw new IllegalArgumentException("a schedule cannot do " + fault);
      }
    }
    List<FaultSpec> inOrder =
        faults.stream().sorted(Comparator.comparingLong(FaultSpec::startMillis)).toList();
    return new Scheduled(
        name, "Faults as they were written down, under load.", deadlineMillis, (_, _) -> inOrder);
  }

  /// True when a schedule can do this to that target.
  public static boolean canDo(FaultSpec spec) {
    return ProcessInjector.injects(spec)
        || (spec.target() == Target.CLIENT_LINK && LinkInjector.injects(spec.fault()));
  }

  /// Kills and pauses of the worker, the front or both at random moments.
  public static Scheduled randomKills() {
    return new Scheduled(
        "random-kills",
        "Kills worker, front or both (SIGKILL) at random moments under load, or stops them for a"
            + " while (SIGSTOP), as often as there are cycles. Each time a call succeeds within 30"
            + " s, and nothing acknowledged is lost, done twice or out of order.",
        DEADLINE_MILLIS,
        Scheduled::kills);
  }

  private static Injector able(List<Injector> injectors, FaultSpec spec) {
    return injectors.stream()
        .filter(one -> one.canDo(spec))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                spec.fault().kind()
                    + " of "
                    + WireName.of(spec.target())
                    + " is not something that can be done under load"));
  }

  /// Faults of the callers' link at random moments.
  public static Scheduled randomLinks() {
    return new Scheduled(
        "random-links",
        "Drops, resets, silences, slows and spoils the callers' connections at random moments under"
            + " load, as often as there are cycles. Each time a call succeeds within 30 s, and"
            + " nothing acknowledged is lost, done twice or out of order.",
        DEADLINE_MILLIS,
        (seed, cycles) -> links(seed, cycles, Target.CLIENT_LINK, LONGEST_MILLIS));
  }

  /// Faults of a link at random moments, of each kind as many.
  ///
  /// @param longestMillis each lasts 300 ms at least, and less than this
  static List<FaultSpec> links(long seed, int cycles, Target link, long longestMillis) {
    var random = new SplittableRandom(seed);
    var faults = new ArrayList<FaultSpec>();
    long at = 0;
    for (int i = 0; i < cycles; i++) {
      at += 200 + random.nextLong(600);
      long length = SHORTEST_MILLIS + random.nextLong(longestMillis - SHORTEST_MILLIS);
      // Each kind has its turn before the first comes again.
      Fault fault =
          switch ((i + (int) (seed & 7)) % 6) {
            case 0 -> new Fault.Drop();
            case 1 -> new Fault.Reset();
            case 2 -> new Fault.HalfOpen();
            case 3 -> new Fault.Delay(50 + random.nextLong(200));
            case 4 -> new Fault.RateLimit(4_000 + random.nextLong(12_000));
            default -> new Fault.Garbage(16 + random.nextInt(48));
          };
      faults.add(new FaultSpec(fault, link, at, length));
    }
    return faults;
  }

  private static List<FaultSpec> kills(long seed, int cycles) {
    var random = new SplittableRandom(seed);
    var kills = new ArrayList<FaultSpec>();
    long at = 0;
    for (int i = 0; i < cycles; i++) {
      at += 300 + random.nextLong(700);
      int die = random.nextInt(10);
      Target target = die == 0 ? Target.FRONT : die == 1 ? Target.DAEMON : Target.WORKER;
      boolean pause = (i + (int) (seed & 7)) % KILLS_PER_PAUSE == 0;
      kills.add(
          pause
              ? new FaultSpec(new Fault.Pause(), target, at, 200 + random.nextLong(1_500))
              : new FaultSpec(new Fault.Kill(), target, at, 0));
    }
    return kills;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public long deadlineMillis() {
    return deadlineMillis;
  }

  @Override
  public List<FaultSpec> faults(long seed, int cycles) {
    return List.copyOf(schedule.faults(seed, cycles));
  }

  @Override
  public void work(Stage stage, List<FaultSpec> faults, RunSettings settings)
      throws IOException, InterruptedException {
    Clocks clocks = stage.notes.clocks();
    List<Injector> injectors =
        List.of(
            new ProcessInjector(stage.daemon),
            new LinkInjector(
                stage.link, Target.CLIENT_LINK, new SplittableRandom(settings.seed())));
    for (FaultSpec spec : faults) {
      stage.awaitMoment(spec.startMillis());
      stage.awaitWork(WORK * settings.plan().callers(), WORK_MILLIS);
      long began = clocks.nanoTime().getAsLong();
      long over = stage.inject(able(injectors, spec), spec);
      if (!stage.awaitRecovery(began, over, deadlineMillis)) {
        break;
      }
    }
  }
}

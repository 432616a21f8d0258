package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.ClientGuarantees;
import dev.planaria.chaos.client.Plan;
import dev.planaria.chaos.ledger.LedgerFull;
import dev.planaria.chaos.process.Launch;
import dev.planaria.chaos.report.ChaosReport;
import dev.planaria.chaos.report.ChaosReport.Done;
import dev.planaria.chaos.report.ChaosReport.Header;
import dev.planaria.chaos.report.ChaosReport.NamedFault;
import dev.planaria.chaos.report.ChaosReport.Unfinished;
import dev.planaria.chaos.report.Machine;
import dev.planaria.chaos.report.RunReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Runs with a seed and a daemon of their own each, some of them side by side, and one report on
/// all. Immutable.
///
/// @param title what was asked for
/// @param profile the profile's name, or null when there is none
/// @param round the runs of one round, in order; their seeds are those of the first round
/// @param bounds how often and how long
/// @param promised the faults that must be met for the whole to show anything
public record Campaign(
    String title,
    @Nullable String profile,
    List<Step> round,
    Bounds bounds,
    List<NamedFault> promised) {

  /// One run.
  ///
  /// @param asked what says on the command line that this is run: the experiment's name, or a file
  /// @param experiment what is run
  /// @param seed with which seed
  /// @param cycles how often its faults are done
  /// @param plan how much is asked meanwhile
  public record Step(String asked, Experiment experiment, long seed, int cycles, Plan plan) {

    private Step later(long by) {
      return new Step(asked, experiment, seed + by, cycles, plan);
    }

    /// The command that does the same once more.
    public String again() {
      return "planaria chaos run "
          + asked
          + " --seed "
          + seed
          + (cycles == 1 ? "" : " --cycles " + cycles)
          + (plan.callers() == Plan.DEFAULT.callers() ? "" : " --callers " + plan.callers());
    }
  }

  /// How often, how long, and how much at a time.
  ///
  /// @param rounds how often the round is done at most
  /// @param capMillis after so long nothing new is begun
  /// @param atOnce how many runs go on side by side, 1 or more; those that need the whole machine
  ///   ([Experiment#needsWholeMachine]) come after the others of their round, one by one
  public record Bounds(int rounds, long capMillis, int atOnce) {

    /// One round, one run after the other, however long it takes.
    public static final Bounds ONCE = new Bounds(1, Long.MAX_VALUE / 2, 1);

    /// Checks the counts.
    ///
    /// @throws IllegalArgumentException when nothing would be run
    public Bounds {
      if (rounds < 1 || atOnce < 1) {
        throw new IllegalArgumentException(
            "`rounds` and `atOnce` must be 1 or more, not " + rounds + " and " + atOnce);
      }
    }
  }

  /// What a campaign takes from outside.
  ///
  /// @param launches gives each run a daemon of its own
  /// @param clocks where times come from
  /// @param version of Planaria
  /// @param machine what it runs on
  /// @param watcher is told how it goes
  public record Surroundings(
      Launches launches, Clocks clocks, String version, Machine machine, Watcher watcher) {}

  /// Gives each run a daemon of its own. Thread-safe.
  public interface Launches {

    /// How the next one is started, with a data directory that is not there yet.
    ///
    /// @throws IOException when there is no place for it
    Launch next() throws IOException;
  }

  /// Is told how a campaign goes. Thread-safe: runs that go on side by side tell it from threads of
  /// their own.
  public interface Watcher {

    /// A run begins.
    ///
    /// @return is told how it goes on, by the thread that runs it
    Course begins(Step step);

    /// A run was not begun.
    void notBegun(Unfinished unfinished);
  }

  /// Is told how one run goes.
  public interface Course extends RunListener {

    /// It has come to its end.
    ///
    /// @param launch how its daemon was started, whose files nobody needs any more
    void ended(RunReport report, Launch launch);

    /// It was not run to its end.
    void unfinished(Unfinished unfinished);
  }

  /// What came of a step.
  private sealed interface Outcome {

    /// It was run to its end.
    record Ended(Done done) implements Outcome {}

    /// It was not.
    record Broken(Unfinished unfinished) implements Outcome {}

    /// Nobody misses it: what it shows was shown by an earlier round.
    record Omitted() implements Outcome {}
  }

  /// Copies the lists.
  public Campaign {
    round = List.copyOf(round);
    promised = List.copyOf(promised);
  }

  /// One run.
  public static Campaign of(Step step) {
    return new Campaign(step.experiment().name(), null, List.of(step), Bounds.ONCE, List.of());
  }

  /// How much is asked when so many callers work as those of [Plan#DEFAULT] do.
  public static Plan withCallers(int callers) {
    return new Plan(callers, Plan.DEFAULT.pauseMillis(), Plan.DEFAULT.callMillis());
  }

  /// A profile. Each run has seeds that no other has.
  ///
  /// @param seed the first one of the first run
  /// @throws IllegalArgumentException when the profile names an experiment that there is not
  public static Campaign of(Profile profile, long seed) {
    var round = new ArrayList<Step>();
    long next = seed;
    for (Profile.Part part : profile.parts()) {
      Experiment experiment =
          Experiments.named(part.experiment())
              .orElseThrow(() ->
                  new IllegalArgumentException("there is no experiment " + part.experiment()));
      for (int i = 0; i < part.runs(); i++) {
        round.add(new Step(part.experiment(), experiment, next, part.cycles(), part.plan()));
        next += experiment.seeds(part.cycles());
      }
    }
    return new Campaign(
        profile.name(),
        profile.name(),
        round,
        new Bounds(profile.rounds(), profile.capMillis(), profile.atOnce()),
        profile.promised());
  }

  /// The same with so many runs side by side.
  public Campaign atOnce(int runs) {
    return new Campaign(
        title, profile, round, new Bounds(bounds.rounds(), bounds.capMillis(), runs), promised);
  }

  /// Runs all of it. What a run throws ends that run alone, and stands in the report.
  public ChaosReport run(Surroundings surroundings) throws InterruptedException {
    Clocks clocks = surroundings.clocks();
    long startedAtMillis = clocks.nowMillis().getAsLong();
    long startedAtNanos = clocks.nanoTime().getAsLong();
    var done = new ArrayList<Done>();
    var unfinished = new ArrayList<Unfinished>();
    long seedsOfRound =
        round.stream().mapToLong(step -> step.experiment().seeds(step.cycles())).sum();
    for (int i = 0; i < bounds.rounds(); i++) {
      boolean first = i == 0;
      long later = i * seedsOfRound;
      for (Outcome outcome :
          round(step -> outcome(step.later(later), first, surroundings, startedAtNanos))) {
        switch (outcome) {
          case Outcome.Ended(Done one) -> done.add(one);
          case Outcome.Broken(Unfinished one) -> unfinished.add(one);
          case Outcome.Omitted() -> {}
        }
      }
    }
    var header =
        new Header(
            title,
            profile,
            startedAtMillis,
            tookMillis(clocks, startedAtNanos),
            surroundings.version(),
            surroundings.machine(),
            promised);
    return new ChaosReport(header, done, unfinished);
  }

  /// What runs a step.
  private interface Runner {
    Outcome run(Step step) throws InterruptedException;
  }

  /// Does each step of a round. The outcomes are in the order of the steps, whichever ended first,
  /// so that two reports of the same profile can be read beside each other.
  private List<Outcome> round(Runner runner) throws InterruptedException {
    var outcomes = new TreeMap<Integer, Outcome>();
    for (boolean alone : List.of(false, true)) {
      List<Integer> numbers =
          IntStream.range(0, round.size())
              .filter(number -> round.get(number).experiment().needsWholeMachine() == alone)
              .boxed()
              .toList();
      List<SideBySide.Work<Outcome>> works =
          numbers.stream()
              .map(round::get)
              .map(step -> new SideBySide.Work<>(step.experiment().name(), () -> runner.run(step)))
              .toList();
      List<Outcome> found = SideBySide.run(works, alone ? 1 : bounds.atOnce());
      for (int i = 0; i < numbers.size(); i++) {
        outcomes.put(numbers.get(i), found.get(i));
      }
    }
    return List.copyOf(outcomes.values());
  }

  private Outcome outcome(Step step, boolean first, Surroundings surroundings, long startedAtNanos)
      throws InterruptedException {
    if (tookMillis(surroundings.clocks(), startedAtNanos) < bounds.capMillis()) {
      return run(step, surroundings);
    }
    if (!first) {
      return new Outcome.Omitted();
    }
    var unfinished =
        new Unfinished(
            step.experiment().name(),
            step.seed(),
            "not begun: the " + bounds.capMillis() + " ms that all may take were over");
    surroundings.watcher().notBegun(unfinished);
    return new Outcome.Broken(unfinished);
  }

  private static Outcome run(Step step, Surroundings surroundings) throws InterruptedException {
    Course course = surroundings.watcher().begins(step);
    try {
      Launch launch = surroundings.launches().next();
      var settings =
          new RunSettings(launch, step.plan(), ClientGuarantees.ALL, step.seed(), step.cycles());
      RunReport report = step.experiment().run(settings, surroundings.clocks(), course);
      course.ended(report, launch);
      return new Outcome.Ended(new Done(report, step.again()));
    } catch (IOException | RuntimeException failure) {
      var told = new Unfinished(step.experiment().name(), step.seed(), words(failure));
      course.unfinished(told);
      return new Outcome.Broken(told);
    }
  }

  /// An I/O exception says what happened; anything else is a defect, whose kind matters.
  private static String words(Exception failure) {
    String message = failure.getMessage();
    boolean named = failure instanceof IOException || failure instanceof LedgerFull;
    return named && message != null ? message : failure.toString();
  }

  private static long tookMillis(Clocks clocks, long startedAtNanos) {
    return TimeUnit.NANOSECONDS.toMillis(clocks.nanoTime().getAsLong() - startedAtNanos);
  }
}

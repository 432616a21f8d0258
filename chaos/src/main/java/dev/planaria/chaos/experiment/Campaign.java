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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs one after the other, each with a seed and a daemon of its own, and one report on all.
/// Immutable.
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

  /// How often and how long.
  ///
  /// @param rounds how often the round is done at most
  /// @param capMillis after so long nothing new is begun
  public record Bounds(int rounds, long capMillis) {

    /// One round, however long it takes.
    public static final Bounds ONCE = new Bounds(1, Long.MAX_VALUE / 2);
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

  /// Gives each run a daemon of its own.
  public interface Launches {

    /// How the next one is started, with a data directory that is not there yet.
    ///
    /// @throws IOException when there is no place for it
    Launch next() throws IOException;
  }

  /// Is told how a campaign goes. Called by the thread that runs it.
  public interface Watcher extends RunListener {

    /// A run begins.
    void begins(Step step);

    /// A run has come to its end.
    void ended(RunReport report);

    /// A run was not run to its end.
    void unfinished(Unfinished unfinished);
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
        new Bounds(profile.rounds(), profile.capMillis()),
        profile.promised());
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
      for (Step step : round) {
        boolean late = tookMillis(clocks, startedAtNanos) >= bounds.capMillis();
        Step now = step.later(i * seedsOfRound);
        if (late && i == 0) {
          unfinished.add(notBegun(now, surroundings.watcher()));
        } else if (!late) {
          run(now, surroundings, done, unfinished);
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

  private Unfinished notBegun(Step step, Watcher watcher) {
    var unfinished =
        new Unfinished(
            step.experiment().name(),
            step.seed(),
            "not begun: the " + bounds.capMillis() + " ms that all may take were over");
    watcher.unfinished(unfinished);
    return unfinished;
  }

  private static void run(
      Step step, Surroundings surroundings, List<Done> done, List<Unfinished> unfinished)
      throws InterruptedException {
    Watcher watcher = surroundings.watcher();
    watcher.begins(step);
    try {
      var settings =
          new RunSettings(
              surroundings.launches().next(),
              step.plan(),
              ClientGuarantees.ALL,
              step.seed(),
              step.cycles());
      RunReport report = step.experiment().run(settings, surroundings.clocks(), watcher);
      done.add(new Done(report, step.again()));
      watcher.ended(report);
    } catch (IOException | RuntimeException failure) {
      var told = new Unfinished(step.experiment().name(), step.seed(), words(failure));
      unfinished.add(told);
      watcher.unfinished(told);
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

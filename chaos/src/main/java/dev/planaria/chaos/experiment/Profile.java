package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.Plan;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.report.ChaosReport.NamedFault;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How much is tried at once: which experiments, how often, and what must have been met for it to
/// show anything.
///
/// @param name its stable name on the command line
/// @param description what it is for, in a sentence
/// @param parts what one round consists of, in order
/// @param rounds how often that is done at most, each time with other seeds; 1 or more
/// @param capMillis after so long nothing new is begun; what is missing of the first round then
///   fails the whole, and later rounds just end
/// @param atOnce how many runs go on side by side, 1 or more
/// @param promised the faults that must be met
public record Profile(
    String name,
    String description,
    List<Part> parts,
    int rounds,
    long capMillis,
    int atOnce,
    List<NamedFault> promised) {

  /// An experiment, how often it is run, and with how much load.
  ///
  /// @param experiment its name
  /// @param runs how many runs, each with a seed and a daemon of its own
  /// @param cycles how often each of them does its faults
  /// @param plan how much is asked meanwhile
  public record Part(String experiment, int runs, int cycles, Plan plan) {}

  /// So many callers give the thousands of acknowledgements that a loss would have to hide among.
  private static final Plan BUSY = Campaign.withCallers(32);

  /// A run leaves a processor idle for much of its time: it waits for a process to start, a silence
  /// to be noticed, a fault to be over. Two fill two processors; a third would only make the
  /// others' recoveries slower, which are measured.
  private static final int TWO = 2;

  private static final List<NamedFault> LINKS = links(Target.CLIENT_LINK);

  private static final List<NamedFault> DAMAGE =
      Stream.of(Target.DATABASE, Target.WAL, Target.WITNESS, Target.ARCHIVE)
          .flatMap(file ->
              Stream.of("flip_byte", "zero_page", "truncate", "older_copy")
                  .map(kind -> new NamedFault(kind, file)))
          .toList();

  private static final Profile SMOKE =
      new Profile(
          "smoke",
          "Each kind of experiment once, small, in about a minute.",
          List.of(
              new Part("process-kill", 1, 1, Plan.DEFAULT),
              new Part("connection-drop", 1, 1, Plan.DEFAULT),
              new Part("corruption", 1, 3, Plan.DEFAULT),
              new Part("random-kills", 1, 3, Plan.DEFAULT),
              new Part("random-links", 1, 6, Plan.DEFAULT),
              new Part("server-kill", 1, 2, Plan.DEFAULT),
              new Part("simulation", 1, 1, Plan.DEFAULT)),
          1,
          600_000,
          TWO,
          with(LINKS, kill(Target.WORKER), kill(Target.DAEMON), kill(Target.UPSTREAM)));

  /// What `docs/reliability.md` publishes figures of. What takes the longest comes first, so that
  /// none of it is left alone at the end.
  private static final List<Part> WHOLE =
      List.of(
          new Part("random-kills", 5, 34, BUSY),
          new Part("corruption", 2, 17, Plan.DEFAULT),
          new Part("power-loss", 1, 60, Plan.DEFAULT),
          new Part("server-kill", 1, 8, Plan.DEFAULT),
          new Part("server-link", 1, 12, Plan.DEFAULT),
          new Part("random-links", 4, 10, Plan.DEFAULT),
          new Part("server-misbehaves", 1, 1, Plan.DEFAULT),
          new Part("hang", 1, 1, Plan.DEFAULT),
          new Part("disk-faults", 1, 1, Plan.DEFAULT),
          new Part("clock-steps", 1, 1, Plan.DEFAULT),
          new Part("process-kill", 1, 1, Plan.DEFAULT),
          new Part("connection-drop", 1, 1, Plan.DEFAULT),
          new Part("shim-kill", 1, 1, Plan.DEFAULT),
          new Part("memory-pressure", 1, 1, Plan.DEFAULT),
          new Part("simulation", 1, 250, Plan.DEFAULT));

  private static final List<NamedFault> MISBEHAVIOUR =
      Stream.of("crash_loop", "slow_answers", "flood", "lie")
          .map(kind -> new NamedFault(kind, Target.UPSTREAM))
          .toList();

  private static final List<NamedFault> SYSTEM =
      List.of(
          new NamedFault("disk_full", Target.DISK),
          new NamedFault("failed_sync", Target.DISK),
          new NamedFault("slow_sync", Target.DISK),
          new NamedFault("clock_step", Target.CLOCK),
          new NamedFault("memory_pressure", Target.MEMORY),
          new NamedFault("hang", Target.WORKER));

  private static final List<NamedFault> WHOLE_FAULTS =
      with(
          Stream.of(LINKS, links(Target.UPSTREAM_LINK), DAMAGE, MISBEHAVIOUR, SYSTEM)
              .flatMap(List::stream)
              .toList(),
          kill(Target.SHIM),
          kill(Target.UPSTREAM),
          kill(Target.WORKER),
          kill(Target.FRONT),
          kill(Target.DAEMON),
          new NamedFault("pause", Target.WORKER),
          new NamedFault("power_loss", Target.DAEMON),
          new NamedFault("flip_byte", Target.CHECKPOINT));

  private static final Profile CI =
      new Profile(
          "ci",
          "Some 150 kills, 15 pauses, 60 losses of power, 52 faults of links and 34 damages to"
              + " files, under load, servers that misbehave, broken disks, a clock that jumps, too"
              + " little memory, a worker that hangs, and 5,000 worlds in virtual time.",
          WHOLE,
          1,
          900_000,
          TWO,
          WHOLE_FAULTS);

  private static final Profile NIGHTLY =
      new Profile(
          "nightly",
          "As ci, again and again with other seeds, for an hour or 60 rounds.",
          WHOLE,
          60,
          3_660_000,
          TWO,
          WHOLE_FAULTS);

  private static final List<Profile> ALL = List.of(SMOKE, CI, NIGHTLY);

  /// Copies the lists.
  ///
  /// @throws IllegalArgumentException when there would be no round
  public Profile {
    parts = List.copyOf(parts);
    promised = List.copyOf(promised);
    if (rounds < 1) {
      throw new IllegalArgumentException("`rounds` must be 1 or more, not " + rounds);
    }
  }

  private static List<NamedFault> links(Target link) {
    return Stream.of("drop", "reset", "half_open", "delay", "rate_limit", "garbage")
        .map(kind -> new NamedFault(kind, link))
        .toList();
  }

  private static NamedFault kill(Target target) {
    return new NamedFault("kill", target);
  }

  private static List<NamedFault> with(List<NamedFault> faults, NamedFault... more) {
    return Stream.concat(faults.stream(), Stream.of(more)).toList();
  }

  /// All of them, the shortest first.
  public static List<Profile> all() {
    return ALL;
  }

  /// The one of that name.
  public static Optional<Profile> named(String name) {
    return ALL.stream().filter(one -> one.name().equals(name)).findFirst();
  }
}

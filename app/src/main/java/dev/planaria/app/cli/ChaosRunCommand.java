package dev.planaria.app.cli;

import dev.planaria.app.daemon.DataDirectory;
import dev.planaria.app.daemon.PlatformLog;
import dev.planaria.chaos.client.Plan;
import dev.planaria.chaos.experiment.Campaign;
import dev.planaria.chaos.experiment.Campaign.Step;
import dev.planaria.chaos.experiment.Clocks;
import dev.planaria.chaos.experiment.Experiment;
import dev.planaria.chaos.experiment.ExperimentFile;
import dev.planaria.chaos.experiment.Experiments;
import dev.planaria.chaos.experiment.LiveExperiment;
import dev.planaria.chaos.experiment.Profile;
import dev.planaria.chaos.process.LiveDaemon;
import dev.planaria.chaos.report.ChaosReport;
import dev.planaria.chaos.report.Machine;
import dev.planaria.chaos.report.ReportFolder;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "run",
    description = {
      "Run an experiment, one from a file, or a whole profile, each on a scratch daemon of its own",
      "in a temporary directory; nothing else is touched, but for a daemon that --against names.",
      "Progress goes to stderr, the report to stdout. Ends with 4 when a promise was broken, with 9"
          + " when nothing was shown."
    })
final class ChaosRunCommand extends Subcommand {

  private static final int MOST_CYCLES = 10_000;
  private static final int MOST_CALLERS = 1_000;

  /// Each run has some 300 MB of ledger at most, two or three processes, and deadlines to keep.
  private static final int MOST_AT_ONCE = 8;

  /// Seeds are repeated by hand, so that those which nobody chose are kept short.
  private static final long BEYOND_CHOSEN_SEEDS = 1_000_000_000;

  /// An experiment with 10,000 faults in it is a megabyte.
  private static final long MOST_FILE_BYTES = 4 << 20;

  @Parameters(
      paramLabel = "NAME|FILE",
      arity = "0..1",
      description = "An experiment's name, or a file with one; planaria chaos list names them.")
  @Nullable String asked;

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description = "A profile instead: smoke, ci or nightly (default: smoke).")
  @Nullable String profile;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What chance is decided by; the same seed gives the same faults.")
  @Nullable Long seed;

  @Option(
      names = "--cycles",
      paramLabel = "N",
      description = "How often a named experiment does its faults (default: 1).")
  @Nullable Integer cycles;

  @Option(
      names = "--callers",
      paramLabel = "N",
      description = "How many callers work meanwhile, 1 to 1000.")
  @Nullable Integer callers;

  @Option(
      names = "--at-once",
      paramLabel = "N",
      description = "How many runs of a profile go on side by side, 1 to 8 (default: 2).")
  @Nullable Integer atOnce;

  @Option(
      names = "--against",
      paramLabel = "URL",
      description = {
        "Point the experiment at this daemon, which runs and may serve others. Says what that"
            + " would",
        "do, and does it with --yes-break-it alone."
      })
  @Nullable String against;

  @Option(
      names = ChaosAgainst.CONSENT,
      description = "Do to the daemon of --against what was said.")
  boolean consent;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = {
        "Write report.txt, report.json, report.html and junit.xml there, and, while a run goes on,",
        "what its callers ask and are told: ledger-EXPERIMENT-SEED.jsonl. Without it, report.json",
        "alone is kept in the data directory's chaos/, where the dashboard shows the newest 50."
      })
  @Nullable Path out;

  @Option(names = "--keep", description = "Keep the temporary directory, and say where it is.")
  boolean keep;

  ChaosRunCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    String address = against;
    if (address == null) {
      if (consent) {
        throw usage(ChaosAgainst.CONSENT + " is for --against");
      }
      return run(campaign(), null);
    }
    if (asked == null) {
      throw usage("--against needs an experiment or a file; profiles are for scratch daemons");
    }
    Step step = campaign().round().getFirst();
    ChaosAgainst live = ChaosAgainst.find(address, dataDirectory());
    Path data = common.data;
    Campaign campaign = live.campaign(step, data == null ? "" : " --data " + data);
    if (!consent) {
      JsonObject plan = live.plan(campaign.round().getFirst());
      answer(plan, ChaosAgainst.text(plan));
      return ExitStatus.USAGE;
    }
    return run(campaign, live.live());
  }

  private ExitStatus run(Campaign campaign, @Nullable LiveDaemon live) throws IOException {
    Path scratch = Files.createTempDirectory("planaria-chaos");
    boolean kept = true;
    try (var _ = PlatformLog.aside(scratch, environment.sources().nowMillis())) {
      ChaosReport report = runIn(scratch, campaign, live);
      ExitStatus status = ChaosReportCommand.status(report);
      // Whoever wants to know why something failed looks at what the daemon left.
      kept = keep || status != ExitStatus.OK;
      Path directory = out;
      if (directory != null) {
        write(report, directory, live);
      } else {
        keep(report);
      }
      answerWith(report, live);
      return status;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitStatus.FAILED, "interrupted", interrupted);
    } finally {
      if (kept) {
        progress("kept: " + scratch);
      } else {
        DemoCommand.delete(scratch);
      }
    }
  }

  private ChaosReport runIn(Path scratch, Campaign campaign, @Nullable LiveDaemon live)
      throws IOException, InterruptedException {
    Path directory = out;
    if (directory != null) {
      Files.createDirectories(directory);
      // Should this process be killed, the report of an earlier run must not be taken for its own.
      for (ChaosReportCommand.Format format : ChaosReportCommand.Format.values()) {
        Files.deleteIfExists(directory.resolve(ChaosReportCommand.fileName(format)));
      }
      for (Path ledger : ChaosReportCommand.ledgers(directory)) {
        Files.delete(ledger);
      }
    }
    var daemons =
        new ChaosDaemons(
            environment.installation().upCommand(),
            environment.installation().wrapCommand(),
            scratch);
    // A daemon does not notice that whoever started it is gone.
    var ending =
        new Thread(() -> {
          daemons.end();
          release(live);
        });
    Runtime.getRuntime().addShutdownHook(ending);
    ChaosReport report =
        campaign.run(
            new Campaign.Surroundings(
                daemons,
                new Clocks(environment.sources().nowMillis(), environment.sources().nanoTime()),
                VersionCommand.version(),
                Machine.here(),
                new ChaosProgress(
                    environment.err(), keep, directory, campaign.bounds().atOnce() > 1)));
    if (!daemons.haveEnded()) {
      Runtime.getRuntime().removeShutdownHook(ending);
    }
    return report;
  }

  /// A worker that was stopped for a while is not left so.
  private static void release(@Nullable LiveDaemon live) {
    if (live == null) {
      return;
    }
    try {
      live.release();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void answerWith(ChaosReport report, @Nullable LiveDaemon live) {
    var format = common.json ? ChaosReportCommand.Format.JSON : ChaosReportCommand.Format.TEXT;
    environment.out().print(rendered(report, format, live));
    environment.out().flush();
  }

  /// In words, a report on a live daemon says as well what it cannot say; other forms have that in
  /// the timeline.
  private static String rendered(
      ChaosReport report, ChaosReportCommand.Format format, @Nullable LiveDaemon live) {
    String rendered = ChaosReportCommand.render(report, format);
    return live != null && format == ChaosReportCommand.Format.TEXT
        ? rendered + "\n" + String.join("\n", LiveExperiment.remarks()) + "\n"
        : rendered;
  }

  /// What came of it is known and told all the same when there is no room for the report.
  private void keep(ChaosReport report) {
    var folder = new ReportFolder(dataDirectory().resolve(ReportFolder.NAME));
    try {
      DataDirectory.open(dataDirectory());
      Path file = folder.keep(report);
      progress("kept " + file + " (of such reports the newest " + ReportFolder.KEPT + ")");
    } catch (IOException e) {
      progress("the report could not be kept in " + folder.directory() + ": " + e);
    }
  }

  private void write(ChaosReport report, Path directory, @Nullable LiveDaemon live)
      throws IOException {
    for (ChaosReportCommand.Format format : ChaosReportCommand.Format.values()) {
      Path file = directory.resolve(ChaosReportCommand.fileName(format));
      Files.writeString(file, rendered(report, format, live), StandardCharsets.UTF_8);
    }
    progress("written to " + directory.toAbsolutePath().normalize());
  }

  private Campaign campaign() throws IOException {
    String named = asked;
    if (named == null) {
      if (cycles != null || callers != null) {
        throw usage("--cycles and --callers are for an experiment; a profile says itself how much");
      }
      String wanted = profile == null ? "smoke" : profile.toLowerCase(Locale.ROOT);
      Profile found =
          Profile.named(wanted).orElseThrow(() -> usage("--profile must be smoke, ci or nightly"));
      return Campaign.of(found, seedOr(null)).atOnce(atOnceOr(found.atOnce()));
    }
    if (atOnce != null) {
      throw usage("--at-once is for a profile; an experiment is a single run");
    }
    if (profile != null) {
      throw usage("name an experiment or a profile, not both");
    }
    Optional<Experiment> experiment = Experiments.named(named);
    if (experiment.isPresent()) {
      int count = cycles == null ? 1 : cycles;
      if (count < 1 || count > MOST_CYCLES) {
        throw usage("--cycles must be between 1 and " + MOST_CYCLES);
      }
      return Campaign.of(new Step(named, experiment.get(), seedOr(null), count, plan()));
    }
    if (cycles != null) {
      throw usage("--cycles is for a named experiment; a file says itself what is done");
    }
    ExperimentFile file = read(Path.of(named));
    return Campaign.of(new Step(named, file.experiment(), seedOr(file.seed()), 1, plan()));
  }

  private int atOnceOr(int usual) {
    int count = atOnce == null ? usual : atOnce;
    if (count < 1 || count > MOST_AT_ONCE) {
      throw usage("--at-once must be between 1 and " + MOST_AT_ONCE);
    }
    return count;
  }

  private Plan plan() {
    int count = callers == null ? Plan.DEFAULT.callers() : callers;
    if (count < 1 || count > MOST_CALLERS) {
      throw usage("--callers must be between 1 and " + MOST_CALLERS);
    }
    return Campaign.withCallers(count);
  }

  private static ExperimentFile read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new CommandFailure(
          ExitStatus.NOT_FOUND,
          "there is no experiment and no file "
              + Shown.plain(file.toString())
              + "; planaria chaos list names the experiments");
    }
    if (Files.size(file) > MOST_FILE_BYTES) {
      throw new CommandFailure(
          ExitStatus.FAILED, file + " is larger than " + MOST_FILE_BYTES + " bytes");
    }
    try {
      return ExperimentFile.parse(Files.readAllBytes(file));
    } catch (JsonSyntaxException | FieldException wrong) {
      throw new CommandFailure(
          ExitStatus.FAILED, file + " is no experiment: " + wrong.getMessage(), wrong);
    }
  }

  private long seedOr(@Nullable Long written) {
    Long chosen = seed == null ? written : seed;
    return chosen == null
        ? Math.floorMod(
            environment.sources().newId().get().getLeastSignificantBits(), BEYOND_CHOSEN_SEEDS)
        : chosen;
  }

  private static CommandFailure usage(String sentence) {
    return new CommandFailure(ExitStatus.USAGE, sentence);
  }
}

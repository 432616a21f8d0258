package dev.planaria.app.cli;

import dev.planaria.chaos.ledger.LedgerReading;
import dev.planaria.chaos.report.ChaosReport;
import dev.planaria.chaos.report.HtmlReport;
import dev.planaria.chaos.report.JunitReport;
import dev.planaria.chaos.report.ReportJson;
import dev.planaria.chaos.report.TextReport;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "report",
    description = {
      "Show a report that planaria chaos run --out wrote, in another form. Of a run that was",
      "interrupted, say what its ledgers know, which is never a verdict.",
      "Ends as the run did: with 0 when every promise was kept, with 4 when one was broken, with 9",
      "when nothing was shown."
    })
final class ChaosReportCommand extends Subcommand {

  /// A form that a report can take.
  enum Format {
    TEXT,
    JSON,
    JUNIT,
    HTML
  }

  private static final String REPORT = "report.json";
  private static final String LEDGER = ".jsonl";

  /// As a run calls them.
  private static final Pattern OURS = Pattern.compile("ledger-.+\\.jsonl");

  @Parameters(
      paramLabel = "FILE|DIR",
      description = "The report.json of a run, a ledger, or the directory that has them.")
  Path file = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, json, junit or html (default: ${DEFAULT-VALUE}).")
  Format format = Format.TEXT;

  ChaosReportCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    boolean whole = Files.isDirectory(file);
    if (whole && !Files.exists(file.resolve(REPORT))) {
      List<Path> found = ledgers(file);
      if (found.isEmpty()) {
        throw new CommandFailure(
            ExitStatus.NOT_FOUND, "there is no " + REPORT + " and no ledger in " + file);
      }
      return known(found);
    }
    if (file.toString().endsWith(LEDGER)) {
      return known(List.of(file));
    }
    ChaosReport report = read(whole ? file.resolve(REPORT) : file);
    environment.out().print(render(report, common.json ? Format.JSON : format));
    environment.out().flush();
    return status(report);
  }

  /// What ledgers say of runs whose report nobody has written. Whoever would judge them is gone, so
  /// that it is no verdict, whatever they say.
  private ExitStatus known(List<Path> files) throws IOException {
    if (format != Format.TEXT && format != Format.JSON) {
      throw new CommandFailure(
          ExitStatus.USAGE, "what is known of a run without a report has the forms text and json");
    }
    var runs = new ArrayList<JsonValue>();
    var text = new StringBuilder();
    for (Path ledger : files) {
      try {
        LedgerReading reading = LedgerReading.of(ledger);
        runs.add(json(reading));
        text.append(line(reading));
      } catch (NoSuchFileException missing) {
        throw new CommandFailure(ExitStatus.NOT_FOUND, "there is no " + ledger, missing);
      } catch (IOException e) {
        // Of the others something is known all the same.
        runs.add(
            JsonObject.builder()
                .put("file", ledger.toString())
                .put("unreadable", String.valueOf(e.getMessage()))
                .build());
        text.append("UNREADABLE  ")
            .append(Shown.plain(ledger + ": " + e.getMessage()))
            .append("\n");
      }
    }
    JsonObject json =
        JsonObject.builder().put("verdict", "unfinished").put("runs", new JsonArray(runs)).build();
    environment
        .out()
        .print(common.json || format == Format.JSON ? Json.write(json) + "\n" : text.toString());
    environment.out().flush();
    return ExitStatus.PROVED_NOTHING;
  }

  private static String line(LedgerReading reading) {
    return "UNFINISHED  "
        + Shown.plain(reading.experiment())
        + ", seed "
        + reading.seed()
        + (reading.closed() ? ": its ledger is whole" : ": it was interrupted")
        + ", and there is no report, so that nothing is judged. "
        + reading.sentence()
        + ".\n";
  }

  private static JsonObject json(LedgerReading reading) {
    return JsonObject.builder()
        .put("experiment", reading.experiment())
        .put("seed", reading.seed())
        .put("interrupted", !reading.closed())
        .put("torn", reading.torn())
        .put("sent", reading.ends().size())
        .put("acknowledged", reading.count("acknowledged"))
        .put("refused", reading.count("refused"))
        .put("unknown", reading.count("unknown"))
        .put("stuck", reading.count("stuck"))
        .put("open", reading.count(LedgerReading.OPEN))
        .build();
  }

  /// The ledgers that runs have left in a directory.
  static List<Path> ledgers(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(path -> OURS.matcher(path.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  private static ChaosReport read(Path file) throws IOException {
    try {
      return ReportJson.parse(Files.readAllBytes(file));
    } catch (NoSuchFileException missing) {
      throw new CommandFailure(ExitStatus.NOT_FOUND, "there is no " + file, missing);
    } catch (JsonSyntaxException | FieldException wrong) {
      throw new CommandFailure(
          ExitStatus.FAILED, file + " is no report: " + wrong.getMessage(), wrong);
    }
  }

  /// The report in that form, with a line feed at its end.
  static String render(ChaosReport report, Format format) {
    return switch (format) {
      case TEXT -> TextReport.of(report);
      case JSON -> Json.write(ReportJson.toJson(report)) + "\n";
      case JUNIT -> JunitReport.of(report);
      case HTML -> HtmlReport.of(report);
    };
  }

  /// The name under which `--out` has that form.
  static String fileName(Format format) {
    return switch (format) {
      case TEXT -> "report.txt";
      case JSON -> REPORT;
      case JUNIT -> "junit.xml";
      case HTML -> "report.html";
    };
  }

  /// How a command ends that shows this report.
  static ExitStatus status(ChaosReport report) {
    return switch (report.verdict()) {
      case PASSED -> ExitStatus.OK;
      case FAILED -> ExitStatus.DAMAGED;
      case PROVED_NOTHING -> ExitStatus.PROVED_NOTHING;
    };
  }
}

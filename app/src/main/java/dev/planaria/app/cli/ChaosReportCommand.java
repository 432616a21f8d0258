package dev.planaria.app.cli;

import dev.planaria.chaos.report.ChaosReport;
import dev.planaria.chaos.report.HtmlReport;
import dev.planaria.chaos.report.JunitReport;
import dev.planaria.chaos.report.ReportJson;
import dev.planaria.chaos.report.TextReport;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonSyntaxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "report",
    description = {
      "Show a report that planaria chaos run --out wrote, in another form.",
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

  @Parameters(paramLabel = "FILE", description = "The report.json of a run.")
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
    ChaosReport report = read(file);
    environment.out().print(render(report, common.json ? Format.JSON : format));
    environment.out().flush();
    return status(report);
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

  /// How a command ends that shows this report.
  static ExitStatus status(ChaosReport report) {
    return switch (report.verdict()) {
      case PASSED -> ExitStatus.OK;
      case FAILED -> ExitStatus.DAMAGED;
      case PROVED_NOTHING -> ExitStatus.PROVED_NOTHING;
    };
  }
}

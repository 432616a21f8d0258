package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.LinkLost;
import dev.planaria.chaos.client.McpClient;
import dev.planaria.chaos.client.ToolRefused;
import dev.planaria.chaos.client.Workload;
import dev.planaria.chaos.ledger.Ask;
import dev.planaria.chaos.ledger.LedgerCheck;
import dev.planaria.chaos.ledger.Line;
import dev.planaria.chaos.ledger.Mark;
import dev.planaria.chaos.ledger.Outcome;
import dev.planaria.chaos.ledger.StoredSession;
import dev.planaria.chaos.process.Launch;
import dev.planaria.chaos.process.ScratchDaemon;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.integrity.VerificationReport;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.JournalException;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionUnavailable;
import dev.planaria.engine.storage.sqlite.StoreBehindWitness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What comes back when the power does: the store on what the disk holds then, opened by an engine
/// in this process or served by a daemon, against what had been acknowledged.
final class PowerAftermath {

  private static final long PATIENCE_MILLIS = 30_000;

  private final Stage stage;
  private final SplittableRandom random;

  /// @param stage in whose notes it is written what is wrong
  /// @param random for ids
  PowerAftermath(Stage stage, SplittableRandom random) {
    this.stage = stage;
    this.random = random;
  }

  /// What a loss of power has left.
  ///
  /// @param what happened, for whoever reads that something is wrong
  /// @param files what the disk holds, by name
  /// @param lines what had been asked and answered then
  /// @param served true to start a daemon on it first
  record Left(String what, Map<String, byte[]> files, List<Line> lines, boolean served) {}

  /// Opens what is left, and notes whatever is not as it must be. The files are kept then.
  void judge(Left left, int number) throws IOException, InterruptedException {
    Path data = stage.daemon.data().resolveSibling("image-" + number);
    for (Map.Entry<String, byte[]> file : left.files().entrySet()) {
      Path path = data.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    var wrong = new ArrayList<Violation>();
    var lines = new ArrayList<>(left.lines());
    if (left.served()) {
      serve(data, lines, wrong);
    }
    if (wrong.isEmpty()) {
      open(data, lines, wrong);
    }
    wrong.forEach(one ->
        stage.notes.violation(one.kind(), left.what() + ": " + one.sentence() + ", see " + data));
    if (wrong.isEmpty()) {
      delete(data);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /// Has an engine open it, holds the journal against the ledger, and reads all of the store.
  private void open(Path data, List<Line> lines, List<Violation> wrong) {
    try (SessionEngine engine = OwnEngine.open(data, stage.notes.clocks(), random)) {
      if (engine.find(Stage.SESSION).isEmpty()) {
        wrong.add(new Violation(Violation.Kind.LOST, "the session is not there"));
        return;
      }
      var stored = new StoredSession();
      engine.journal(stage.session, 1, Integer.MAX_VALUE, stored::add);
      wrong.addAll(LedgerCheck.run(lines, stored));
      engine
          .verify(VerificationReport.Scope.EVERYTHING)
          .findings()
          .forEach(finding -> wrong.add(new Violation(Violation.Kind.UNSOUND, finding.sentence())));
    } catch (StoreBehindWitness
        | JournalException
        | DamagedException
        | SessionUnavailable refused) {
      wrong.add(new Violation(Violation.Kind.LOST, "it is refused: " + refused.getMessage()));
    }
  }

  /// Starts a daemon on it, asks for the newest receipt, and lets a caller go on.
  private void serve(Path data, List<Line> lines, List<Violation> wrong)
      throws InterruptedException {
    Launch launch = stage.scratch().launch();
    long began = stage.notes.clocks().nanoTime().getAsLong();
    try (ScratchDaemon daemon =
            ScratchDaemon.start(new Launch(launch.command(), launch.environment(), data));
        McpClient client = McpClient.connect(daemon.url(), daemon.token(), PATIENCE_MILLIS)) {
      Optional<Receipt> newest = newest(lines);
      String standing = newest.isEmpty() ? "held" : Questions.standing(client, newest.get());
      if (!standing.equals("held")) {
        wrong.add(
            new Violation(
                Violation.Kind.LOST,
                "the daemon says of the newest receipt, " + newest.get() + ": " + standing));
      }
      Ask ask = oneMore();
      long sent = stage.notes.clocks().nanoTime().getAsLong();
      Receipt receipt = Workload.repeat(client, ask);
      long now = stage.notes.clocks().nanoTime().getAsLong();
      lines.add(new Line(ask, sent, 1, now, new Outcome.Acknowledged(receipt)));
      stage.notes.recovered(TimeUnit.NANOSECONDS.toMillis(now - began));
      daemon.stop();
    } catch (ToolRefused | LinkLost refused) {
      wrong.add(new Violation(Violation.Kind.LOST, "the daemon refuses: " + refused.getMessage()));
    } catch (IOException unanswered) {
      wrong.add(
          new Violation(
              Violation.Kind.STUCK, "the daemon does not answer: " + unanswered.getMessage()));
    }
  }

  private Ask oneMore() {
    String operation = "after-the-power-came-back";
    JsonObject arguments =
        JsonObject.builder()
            .put("session_id", stage.session.toString())
            .put("operation_id", operation)
            .put("type", "worker")
            .put("name", operation)
            .build();
    return new Ask(
        operation, 0, stage.session, "agent_spawn", arguments, new Mark.AgentNamed(operation));
  }

  private static Optional<Receipt> newest(List<Line> lines) {
    return lines.stream()
        .map(Line::outcome)
        .filter(Outcome.Acknowledged.class::isInstance)
        .map(outcome -> ((Outcome.Acknowledged) outcome).receipt())
        .max(Comparator.comparingLong(Receipt::seq));
  }
}

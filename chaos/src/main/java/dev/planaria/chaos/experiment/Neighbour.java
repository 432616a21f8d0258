package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.Capture;
import dev.planaria.chaos.client.ToolRefused;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.ledger.Ask;
import dev.planaria.chaos.ledger.Mark;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.integrity.StateIntegrityValidator;
import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A session beside the one that is damaged. Nobody works in it any more, and all of it is in a
/// checkpoint: whenever the store opens, it is served with everything in it.
final class Neighbour {

  private static final String NAME = "beside";

  /// Alone in their frames, so that they fill some segments of the archive.
  private static final int OPERATIONS = 72;

  private final Stage stage;
  private final SessionId id;
  private final List<Receipt> receipts;
  private final SessionState sound;

  private Neighbour(Stage stage, SessionId id, List<Receipt> receipts, SessionState sound) {
    this.stage = stage;
    this.id = id;
    this.receipts = receipts;
    this.sound = sound;
  }

  /// Opens one while nobody else works, and fills it.
  static Neighbour moveIn(Stage stage) throws IOException, InterruptedException {
    SessionId id = stage.openSession(NAME);
    var receipts = new ArrayList<Receipt>();
    for (int i = 0; i < OPERATIONS; i++) {
      String operation = NAME + "-" + i;
      JsonObject arguments =
          JsonObject.builder()
              .put("session_id", id.toString())
              .put("operation_id", operation)
              .put("type", "worker")
              .put("name", operation)
              .build();
      var ask = new Ask(operation, 0, id, "agent_spawn", arguments, new Mark.AgentNamed(operation));
      receipts.add(stage.ask(ask));
    }
    return new Neighbour(stage, id, receipts, capture(stage, id));
  }

  private static SessionState capture(Stage stage, SessionId id)
      throws IOException, InterruptedException {
    return Capture.of(stage.daemon.url(), stage.daemon.token(), stage.daemon.data(), id);
  }

  /// What a daemon that has started on damaged files says of this session.
  ///
  /// @param findings how many name it
  /// @param differs true when something of it is not as it was, and was to be
  record Visit(long findings, boolean differs) {}

  /// True when a finding names this session.
  boolean isNamedBy(Finding finding) {
    return id.toString().equals(finding.sessionId());
  }

  /// Asks a daemon that has started on damaged files, and notes what is wrong.
  ///
  /// @param damaged the file that was; one that holds the only copy of something of this session
  ///   may have lost it, and then that is told
  Visit visit(Target damaged) throws IOException, InterruptedException {
    boolean only = damaged == Target.DATABASE;
    long findings = 0;
    try {
      String standing = stage.standing(receipts.getLast());
      Validation validation = StateIntegrityValidator.validate(sound, capture(stage, id));
      findings = stage.findingsOf(id);
      if (standing.equals("held") && validation.overallSuccess()) {
        return new Visit(findings, false);
      }
      if (only && findings > 0) {
        stage.notes.tell(Moment.Lane.STATE, "the session beside was damaged too, with a report");
        return new Visit(findings, false);
      }
      wrong(
          "its newest receipt is "
              + standing
              + " and "
              + validation.dataLossPercent()
              + " % of its state is missing or differs");
    } catch (ToolRefused refused) {
      if (only && !Examination.saysNeverThere(refused)) {
        return new Visit(1, false);
      }
      wrong("it is refused: " + refused.getMessage());
    }
    return new Visit(findings, true);
  }

  private void wrong(String sentence) {
    stage.notes.violation(
        Violation.Kind.LOST, "the session beside was not to be touched: " + sentence);
  }
}

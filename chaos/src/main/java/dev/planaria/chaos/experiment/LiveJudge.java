package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.DaemonApi;
import dev.planaria.chaos.ledger.LedgerCheck;
import dev.planaria.chaos.ledger.StoredSession;
import dev.planaria.chaos.process.LiveDaemon;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.util.List;

/// What is looked at when the faults are over and the daemon goes on: the journal of the
/// experiment's session in an export, whose chain is checked and which is replayed here; repeats of
/// acknowledged calls; the daemon's own check of that session; and where the sessions of others
/// stand.
final class LiveJudge {

  /// Who was affected, and what a daemon that goes on cannot be asked for.
  static final List<String> REMARKS =
      List.of(
          "affected: whoever called this daemon meanwhile met what happened to its worker",
          "not verified: that the store holds the same once the daemon has ended",
          "not verified: the parts of the store that are not of this session",
          "not verified: what others, who called meanwhile, were told");

  private LiveJudge() {}

  /// Ends the work, and judges.
  static void judge(Stage stage, LiveDaemon daemon, OtherSessions others)
      throws IOException, InterruptedException {
    stage.finish();
    var stored = new StoredSession();
    stage.capture(stored::add);
    LedgerCheck.run(stage.ledger.lines(), stored).forEach(stage.notes::violation);
    var api = new DaemonApi(daemon.url(), daemon.token());
    if (api.get("sessions/" + stage.session + "/verify/deep") instanceof JsonObject report
        && report.get("findings") instanceof JsonArray(List<JsonValue> findings)) {
      findings.forEach(finding -> unsound(stage, finding));
    } else {
      throw new IOException("the daemon did not say what it found in session " + stage.session);
    }
    others.compare(stage.notes);
    REMARKS.forEach(sentence -> stage.notes.tell(Moment.Lane.STATE, sentence));
  }

  private static void unsound(Stage stage, JsonValue finding) {
    String sentence =
        finding instanceof JsonObject object
                && object.get("sentence") instanceof JsonString(String words)
            ? words
            : String.valueOf(finding);
    stage.notes.violation(Violation.Kind.UNSOUND, sentence);
  }
}

package dev.planaria.app.tools;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRecord.Strategy;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.Committed;
import dev.planaria.engine.session.OperationLookup;
import dev.planaria.engine.session.Recovered;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.SessionId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The tools about what became of a session after a crash, and of an operation after a lost answer.
final class RecoveryTools {
  private static final int HISTORY_DEFAULT = 20;
  private static final int HISTORY_MAX = 200;
  private static final int STRATEGY_CHARACTERS = 64;

  private final Sessions sessions;

  RecoveryTools(Sessions sessions) {
    this.sessions = sessions;
  }

  List<Tool> tools() {
    return List.of(status(), history(), trigger(), operation());
  }

  private Tool status() {
    return new Tool(
        "recovery_status",
        "Look at the last recovery",
        "Shows the last recovery of the whole daemon and of the session.",
        new Tool.Signature(
            Shapes.reading().arguments(),
            Schema.members()
                .must("state", Schema.choice("Where recovery stands", Stage.class))
                .may("run", Shapes.run())
                .may("last_recovery", Shapes.recovery())
                .result()),
        Tool.Hints.READ,
        call -> {
          SessionId session = sessions.existing(call);
          Optional<RecoveryRun> run =
              sessions.engine().recoveryRuns(1).stream().findFirst().map(sessions::ofCallers);
          Optional<RecoveryRecord> last =
              sessions.engine().recoveries(session, 1).stream().findFirst();
          Stage stage =
              run.map(found -> found.finished() ? Stage.FINISHED : Stage.RUNNING)
                  .orElse(Stage.NONE);
          JsonObject structured =
              JsonObject.builder()
                  .put("state", WireName.of(stage))
                  .put("run", run.map(Views::run).orElse(null))
                  .put("last_recovery", last.map(Views::recovery).orElse(null))
                  .build();
          return ToolResult.of(
              session,
              structured,
              last.map(RecoveryTools::words).orElse("this session never had to be recovered")
                  + run.filter(found -> !found.finished())
                      .map(found -> "\n" + Words.progress(found))
                      .orElse(""));
        });
  }

  /// Where recovery after the last crash stands.
  private enum Stage {
    NONE,
    RUNNING,
    FINISHED
  }

  private static String words(RecoveryRecord record) {
    return "recovery "
        + record.recoveryId()
        + " after "
        + record.failure()
        + " by "
        + record.strategy()
        + (record.success() ? " succeeded: " : " failed: ")
        + record.operationsReplayed()
        + " operations replayed, "
        + (record.loss().isEmpty() ? "nothing lost" : record.loss())
        + (record.losses().isEmpty() ? "" : " " + record.losses())
        + (record.reason() == null ? "" : "; " + record.reason());
  }

  private Tool history() {
    return new Tool(
        "recovery_history",
        "List recoveries",
        "Lists the session's recoveries, newest first.",
        new Tool.Signature(
            Shapes.reading()
                .may("limit", Schema.whole("How many, 20 if left out", 1, HISTORY_MAX))
                .arguments(),
            Schema.members()
                .must("recoveries", Schema.list("The recoveries", Shapes.recovery()))
                .result()),
        Tool.Hints.READ,
        call -> {
          Integer limit = call.arguments().optionalInt("limit", 1, HISTORY_MAX);
          SessionId session = sessions.existing(call);
          List<RecoveryRecord> records =
              sessions.engine().recoveries(session, limit == null ? HISTORY_DEFAULT : limit);
          List<JsonValue> shown = records.stream().<JsonValue>map(Views::recovery).toList();
          return ToolResult.of(
              session,
              JsonObject.builder().put("recoveries", new JsonArray(shown)).build(),
              records.isEmpty()
                  ? "this session never had to be recovered"
                  : records.stream().map(RecoveryTools::words).collect(Collectors.joining("\n")));
        });
  }

  private Tool trigger() {
    return new Tool(
        "recovery_trigger",
        "Recover a session now",
        "Compares a session with what is stored of it, and repairs what is damaged; one that is not"
            + " in memory, or is quarantined, is recovered. A sound one is left alone. Nothing that"
            + " serves is taken back, and no loss is accepted: that is for an operator (planaria"
            + " recover). strategy is what you expect to be done; another one than the findings ask"
            + " for is refused.",
        new Tool.Signature(
            Shapes.changing()
                .may("strategy", Schema.choice("What is expected to be done", Strategy.class))
                .arguments(),
            Schema.members()
                .must("done", Schema.flag("False when nothing had to be done"))
                .must("recovery", Shapes.recovery())
                .must("repeated", Schema.flag("True for the answer to an earlier call"))
                .result()),
        Tool.Hints.SET,
        call -> {
          String wanted = call.arguments().optionalText("strategy", STRATEGY_CHARACTERS);
          SessionId session = sessions.existing(call);
          Recovered recovered =
              sessions.engine().recoverNow(session, strategy(wanted), call.caller());
          RecoveryRecord record = recovered.record();
          boolean done = !record.findings().isEmpty();
          return ToolResult.of(
              session,
              JsonObject.builder()
                  .put("done", done)
                  .put("recovery", Views.recovery(record))
                  .put("repeated", recovered.repeated())
                  .build(),
              done || !record.success()
                  ? words(record)
                  : "nothing had to be done: what is stored of the session is what it serves from");
        });
  }

  private static @Nullable Strategy strategy(@Nullable String wanted) {
    if (wanted == null) {
      return null;
    }
    for (Strategy strategy : Strategy.values()) {
      if (strategy.name().equalsIgnoreCase(wanted)) {
        return strategy;
      }
    }
    throw new FieldException(
        "strategy", "must be one of " + String.join(", ", WireName.all(Strategy.class)));
  }

  /// What is known of an operation.
  enum Standing {
    APPLIED,
    PENDING,
    UNKNOWN,
    ROLLED_BACK,
    EXPIRED,
    NOT_FOUND
  }

  private Tool operation() {
    return new Tool(
        "operation_status",
        "What became of an operation",
        "Says whether an operation was applied, by its operation_id: to be asked when an answer was"
            + " lost or unknown. pending and unknown: ask again. not_found: it was never applied."
            + " rolled_back: it was applied and is lost.",
        new Tool.Signature(
            Shapes.reading()
                .must("operation_id", Schema.text("Which operation", ToolCatalogue.ID_CHARACTERS))
                .arguments(),
            Schema.members()
                .must("operation_id", Schema.text("Which operation"))
                .must("state", Schema.choice("What is known of it", Standing.class))
                .may("receipt", Shapes.receipt())
                .may("result", Schema.anyObject("What it had returned, lease tokens left out"))
                .result()),
        Tool.Hints.READ,
        call -> {
          String id = call.arguments().requiredText("operation_id", ToolCatalogue.ID_CHARACTERS);
          SessionId session = sessions.existing(call);
          String principal = call.caller().principal();
          Call sent = sessions.view(call).state().call(new CallId(principal, id));
          if (sent != null) {
            return ofCall(session, id, sent);
          }
          var caller = new Caller(principal, id);
          return switch (sessions.engine().operation(session, caller)) {
            case OperationLookup.Applied(Committed committed) -> applied(session, id, committed);
            case OperationLookup.Pending() ->
                told(session, id, Standing.PENDING, "is on its way to disk; ask again");
            case OperationLookup.Unknown() ->
                told(session, id, Standing.UNKNOWN, "is being looked into; ask again");
            case OperationLookup.RolledBack() ->
                told(
                    session,
                    id,
                    Standing.ROLLED_BACK,
                    "was applied and is lost; do it again under a new operation_id if it is still"
                        + " wanted");
            case OperationLookup.Expired() ->
                told(
                    session,
                    id,
                    Standing.EXPIRED,
                    "is older than operation ids are kept; look at the session itself");
            case OperationLookup.NotFound() ->
                told(
                    session,
                    id,
                    Standing.NOT_FOUND,
                    "was never applied; calling again with the same operation_id is safe");
          };
        });
  }

  private static ToolResult ofCall(SessionId session, String id, Call call) {
    JsonObject result = CallOutcomes.result(call);
    return ToolResult.of(
        session,
        JsonObject.builder()
            .put("operation_id", id)
            .put("state", WireName.of(CallOutcomes.standing(call)))
            .put("result", result.members().isEmpty() ? null : result)
            .build(),
        "operation " + id + ", " + CallOutcomes.words(call));
  }

  private static ToolResult applied(SessionId session, String id, Committed committed) {
    OperationResults.Told told = OperationResults.tell(committed);
    return ToolResult.of(
        session,
        JsonObject.builder()
            .put("operation_id", id)
            .put("state", WireName.of(Standing.APPLIED))
            .put("receipt", Views.receipt(committed.receipt()))
            .put("result", told.structured())
            .build(),
        "operation " + id + " was applied: " + told.text());
  }

  private static ToolResult told(SessionId session, String id, Standing standing, String words) {
    return ToolResult.of(
        session,
        JsonObject.builder().put("operation_id", id).put("state", WireName.of(standing)).build(),
        "operation " + id + " " + words);
  }
}

package dev.planaria.app.tools;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.session.Opened;
import dev.planaria.engine.session.ReceiptStanding;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.session.SessionView;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Limits;
import dev.planaria.engine.state.SeqRange;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SessionStatus;
import dev.planaria.engine.state.SwarmConfiguration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The tools about sessions as a whole.
final class SessionTools {
  private static final int SESSION_CHARACTERS = 256;

  private final Sessions sessions;
  private final Limits limits;
  private final PastTools past;

  SessionTools(Sessions sessions, Limits limits) {
    this.sessions = sessions;
    this.limits = limits;
    this.past = new PastTools(sessions, limits);
  }

  List<Tool> tools() {
    return List.of(open(), list(), status(), checkpoint(), past.restore(), past.fork(), close());
  }

  private Tool open() {
    return new Tool(
        "session_open",
        "Open a session",
        "Opens the session of that name, or makes it. A session is durable: its agents, tasks and"
            + " memory outlive every process. Without a name a new one is made.",
        new Tool.Signature(
            Schema.members()
                .may("name", Schema.text("The session's name", SESSION_CHARACTERS))
                .may(
                    "parent_session_id",
                    Schema.text("Id or name of the session that this one belongs to", 256))
                .may("config", Schema.anyObject(SwarmTools.CONFIG_DESCRIPTION))
                .may("operation_id", Shapes.operationId())
                .arguments(),
            opened().result()),
        Tool.Hints.SET,
        call -> {
          Fields arguments = call.arguments();
          String name = arguments.optionalText("name", SESSION_CHARACTERS);
          SwarmConfiguration configuration = SwarmTools.configuration(arguments, limits);
          Opened opened = sessions.open(name, parent(arguments), configuration, call.caller());
          return answer(opened, call.caller().operationId());
        });
  }

  /// What `session_open` and `swarm_init` answer.
  static Schema.Members opened() {
    return Shapes.session()
        .must("created", Schema.flag("False when it was there before"))
        .must("configuration", Shapes.configuration())
        .must("receipt", Shapes.receipt())
        .may("operation_id", Schema.text("What to ask operation_status about"));
  }

  private @Nullable SessionId parent(Fields arguments) {
    String reference = arguments.optionalText("parent_session_id", SESSION_CHARACTERS);
    if (reference == null) {
      return null;
    }
    Optional<SessionSummary> parent = sessions.find(reference);
    if (parent.isEmpty()) {
      throw new FieldException("parent_session_id", "must name a session that exists");
    }
    return parent.get().id();
  }

  /// Tells that a session is open.
  static ToolResult answer(Opened opened, @Nullable String operationId) {
    SessionState state = opened.state();
    return ToolResult.of(
        state.id(),
        Views.session(state)
            .put("created", opened.created())
            .put("configuration", Views.configuration(state.configuration()))
            .put("receipt", Views.receipt(opened.head()))
            .put("operation_id", operationId)
            .build(),
        "session "
            + state.id()
            + " ("
            + state.name()
            + ") "
            + (opened.created() ? "was created" : "was there already")
            + ": "
            + state.agents().size()
            + " agents, "
            + state.tasks().size()
            + " tasks, "
            + state.memory().size()
            + " memory entries");
  }

  private Tool list() {
    return new Tool(
        "session_list",
        "List sessions",
        "Lists all sessions, oldest first.",
        new Tool.Signature(
            Shapes.paging(
                    Schema.members()
                        .may(
                            "status", Schema.choice("Only those that are so", SessionStatus.class)))
                .arguments(),
            Schema.members()
                .must(
                    "sessions",
                    Schema.list(
                        "The sessions",
                        Shapes.session()
                            .must("created_at", Shapes.time("When it was created"))
                            .must("seq", Schema.whole("Its last operation", 0))
                            .part("A session")))
                .may("next_cursor", Schema.text("Hand in as cursor to see more"))
                .result()),
        Tool.Hints.READ,
        call -> {
          SessionStatus status = call.arguments().optionalEnum("status", SessionStatus.class);
          String cursor = Page.cursor(call.arguments());
          Iterator<SessionSummary> matching =
              sessions.all().stream()
                  .filter(summary -> status == null || summary.status() == status)
                  .filter(
                      summary -> cursor == null || summary.id().toString().compareTo(cursor) > 0)
                  .iterator();
          Page page =
              Page.of(
                  matching,
                  Page.limit(call.arguments()),
                  Views::summary,
                  summary -> summary.id().toString());
          String text =
              page.items().isEmpty()
                  ? "no sessions match; session_open makes one"
                  : page.items().stream()
                      .map(session ->
                          Words.field(session, "session_id")
                              + " "
                              + Words.field(session, "status")
                              + " "
                              + Words.field(session, "name"))
                      .collect(Collectors.joining("\n"));
          return ToolResult.of(page.toJson("sessions").build(), text + page.more());
        });
  }

  private Tool status() {
    JsonObject receiptArgument =
        Schema.members()
            .must("session_id", Schema.text("As in the receipt", 64))
            .must("seq", Schema.whole("As in the receipt", 1))
            .must("hash", Schema.text("As in the receipt", 64))
            .part("A receipt that a tool returned: does the session still hold that operation?");
    return new Tool(
        "session_status",
        "Look at a session",
        "Shows where a session stands and how much is in it. Given a receipt, says whether the"
            + " session still holds that operation.",
        new Tool.Signature(
            Shapes.reading().may("receipt", receiptArgument).arguments(),
            Shapes.session()
                .must("counts", Schema.anyObject("How many agents, tasks, connections, memory"))
                .must("configuration", Shapes.configuration())
                .must("head", Schema.anyObject("seq and hash of the last operation on disk"))
                .may("last_recovery", Shapes.recovery())
                .may(
                    "receipt_standing",
                    Schema.choice("What the session says of the receipt", ReceiptStanding.class))
                .may(
                    "receipt_rolled_back",
                    Schema.flag("True when a restore or a recovery took that operation back"))
                .result()),
        Tool.Hints.READ,
        this::described);
  }

  private ToolResult described(ToolCall call) {
    Receipt shown = receipt(call.arguments().optionalFields("receipt"));
    SessionView view =
        shown == null || call.arguments().optionalText("session_id", SESSION_CHARACTERS) != null
            ? sessions.view(call)
            : sessions.viewOf(shown.sessionId());
    SessionState state = view.state();
    if (shown != null && !shown.sessionId().equals(state.id())) {
      throw new FieldException("receipt.session_id", "must be the session that is asked about");
    }
    Optional<RecoveryRecord> recovery =
        sessions.engine().recoveries(state.id(), 1).stream().findFirst();
    ReceiptStanding standing = shown == null ? null : sessions.engine().standing(shown);
    boolean rolledBack = standing == ReceiptStanding.HELD && isRolledBack(shown, state);
    JsonObject structured =
        Views.session(state)
            .put("counts", Views.counts(state))
            .put("configuration", Views.configuration(state.configuration()))
            .put(
                "head",
                JsonObject.builder()
                    .put("seq", view.head().seq())
                    .put("hash", view.head().hash().toString())
                    .build())
            .put("last_recovery", recovery.map(Views::recovery).orElse(null))
            .put("receipt_standing", standing == null ? null : WireName.of(standing))
            .put(
                "receipt_rolled_back",
                standing == ReceiptStanding.HELD ? JsonBoolean.of(rolledBack) : null)
            .build();
    String text =
        "session "
            + state.id()
            + " ("
            + state.name()
            + ") is "
            + WireName.of(state.status())
            + " at seq "
            + view.head().seq()
            + ": "
            + state.agents().size()
            + " agents, "
            + state.tasks().size()
            + " tasks, "
            + state.memory().size()
            + " memory entries"
            + (standing == null ? "" : "; the receipt is " + WireName.of(standing))
            + (rolledBack ? ", and its operation was taken back since" : "");
    return ToolResult.of(state.id(), structured, text);
  }

  private static boolean isRolledBack(@Nullable Receipt shown, SessionState state) {
    return shown != null && SeqRange.anyHolds(state.history().withoutEffect(), shown.seq());
  }

  private static @Nullable Receipt receipt(@Nullable Fields receipt) {
    if (receipt == null) {
      return null;
    }
    String session = receipt.requiredText("session_id", 64);
    long seq = receipt.requiredLong("seq", 1, Long.MAX_VALUE);
    String hash = receipt.requiredText("hash", 64);
    receipt.refuseUnknown();
    try {
      return new Receipt(SessionId.parse(session), seq, Hash.parse(hash));
    } catch (IllegalArgumentException e) {
      throw new FieldException(
          "receipt", "must be as it was returned: a session id, a seq and 64 hexadecimal digits");
    }
  }

  private Tool checkpoint() {
    return new Tool(
        "session_checkpoint",
        "Take a checkpoint",
        "Writes the whole session down as a checkpoint and reads it back. Checkpoints are also"
            + " taken by themselves; this one can carry a label. When the newest checkpoint has"
            + " this very state and label, it is returned again.",
        new Tool.Signature(
            Shapes.changing().may("label", Schema.text("Words to know it by", names())).arguments(),
            Shapes.checkpoint()
                .must("receipt", Shapes.receipt())
                .may("operation_id", Schema.text("As given"))
                .result()),
        Tool.Hints.SET,
        call -> {
          String label = call.arguments().optionalText("label", names());
          SessionView view = sessions.view(call);
          CheckpointInfo info =
              sessions.engine().checkpoints(view.state().id()).stream()
                  .limit(1)
                  .filter(newest -> newest.seq() == view.head().seq() && newest.verified())
                  .filter(newest -> Objects.equals(newest.label(), label))
                  .findFirst()
                  .orElseGet(() -> sessions.engine().checkpoint(view.state().id(), label));
          JsonObject.Builder structured = JsonObject.builder();
          Views.checkpoint(info).members().forEach(structured::put);
          structured
              .put("receipt", Views.receipt(view.head()))
              .put("operation_id", call.caller().operationId());
          return ToolResult.of(
              view.state().id(),
              structured.build(),
              "checkpoint " + info.id() + " at seq " + info.seq() + ", " + info.bytes() + " bytes");
        });
  }

  private Tool close() {
    return new Tool(
        "session_close",
        "End a session",
        "Ends a session for good: unfinished tasks are cancelled, agents retired. It can still be"
            + " read.",
        new Tool.Signature(
            Shapes.changing().may("reason", Schema.text("Why", names())).arguments(),
            Shapes.acknowledged(
                Schema.members()
                    .must("status", Schema.choice("Where it stands now", SessionStatus.class))
                    .must(
                        "retired_agents",
                        Schema.list("Agents that were retired", Schema.text("An agent id")))
                    .must(
                        "cancelled_tasks",
                        Schema.list("Tasks that were cancelled", Schema.text("A task id"))))),
        Tool.Hints.END,
        call -> {
          var command = new Command.CloseSession(call.arguments().optionalText("reason", names()));
          SessionId session = sessions.existing(call);
          return OperationResults.acknowledge(
              sessions.engine().submit(session, command, call.caller()));
        });
  }

  private int names() {
    return limits.nameCharacters();
  }
}

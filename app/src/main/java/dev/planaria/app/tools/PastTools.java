package dev.planaria.app.tools;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.session.PastPoint;
import dev.planaria.engine.state.Limits;
import dev.planaria.engine.state.SessionId;
import org.jspecify.annotations.Nullable;

/// The tools that go back to what a session was, and branch off from it.
final class PastTools {
  private static final int SESSION_CHARACTERS = 256;

  private final Sessions sessions;
  private final Limits limits;

  PastTools(Sessions sessions, Limits limits) {
    this.sessions = sessions;
    this.limits = limits;
  }

  Tool restore() {
    return new Tool(
        "session_restore",
        "Go back to an earlier state",
        "Makes a session what it was at a checkpoint or after an operation, for everybody in it."
            + " Later operations are taken back: they stay in the journal, and their operation_ids"
            + " answer rolled_back. Tasks that were being worked on must be claimed again. To try"
            + " something without taking anything back, use session_fork.",
        new Tool.Signature(
            Shapes.changing()
                .may("checkpoint_id", Schema.text("Which checkpoint", limits.nameCharacters()))
                .may("seq", Schema.whole("Or after which operation", 1))
                .arguments(),
            Shapes.acknowledged(
                Schema.members()
                    .must("session_id", Schema.text("The session"))
                    .must("head", Schema.anyObject("seq and hash of its last operation"))
                    .must("dropped", Schema.whole("How many operations were taken back", 0)))),
        Tool.Hints.END,
        call -> {
          PastPoint point = point(call.arguments());
          if (point == null) {
            throw new FieldException(
                "seq", "or `checkpoint_id` must be given, to say what to go back to");
          }
          SessionId session = sessions.existing(call);
          return OperationResults.acknowledge(
              sessions.engine().restore(session, point, call.caller()));
        });
  }

  Tool fork() {
    return new Tool(
        "session_fork",
        "Copy a session",
        "Makes a new session that begins with what this one is, or was at a checkpoint or after an"
            + " operation. From then on neither concerns the other. Agents are offline in it until"
            + " they show themselves there, and nobody works on a task.",
        new Tool.Signature(
            Shapes.changing()
                .may("name", Schema.text("The new session's name", SESSION_CHARACTERS))
                .may(
                    "checkpoint_id",
                    Schema.text("As it was at this checkpoint", limits.nameCharacters()))
                .may("seq", Schema.whole("Or after this operation", 1))
                .arguments(),
            SessionTools.opened().result()),
        Tool.Hints.ADD,
        call -> {
          String name = call.arguments().optionalText("name", SESSION_CHARACTERS);
          PastPoint point = point(call.arguments());
          SessionId parent = sessions.existing(call);
          return SessionTools.answer(
              sessions.fork(parent, name, point, call.caller()), call.caller().operationId());
        });
  }

  private @Nullable PastPoint point(Fields arguments) {
    String checkpoint = arguments.optionalText("checkpoint_id", limits.nameCharacters());
    Long seq = arguments.optionalLong("seq", 1, Long.MAX_VALUE);
    if (checkpoint != null && seq != null) {
      throw new FieldException("seq", "and `checkpoint_id` must not both be given");
    }
    if (seq != null) {
      return new PastPoint.AtSeq(seq);
    }
    return checkpoint == null ? null : new PastPoint.AtCheckpoint(checkpoint);
  }
}

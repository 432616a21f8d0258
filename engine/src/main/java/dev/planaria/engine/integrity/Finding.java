package dev.planaria.engine.integrity;

import dev.planaria.engine.state.Consistency;
import dev.planaria.engine.state.Rule;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One thing that is wrong (specification, section 3.1).
///
/// @param severity how bad
/// @param code what, for programs: a [Code], or the [Rule] of a state that does not hold
/// @param component where: `database`, `frame`, `entry`, `checkpoint`, `agents`, `tasks`, `memory`,
///   `session`
/// @param sessionId the session concerned, or null when it concerns the store
/// @param ids the agents, tasks, checkpoints or operations concerned
/// @param sentence what, for people
public record Finding(
    Severity severity,
    String code,
    String component,
    @Nullable String sessionId,
    List<String> ids,
    String sentence) {

  /// Copies the ids.
  public Finding {
    ids = List.copyOf(ids);
  }

  /// What can be wrong with bytes. The names are stable.
  public enum Code {
    DATABASE_STRUCTURE,
    FRAME_MISSING,
    FRAME_DAMAGED,
    FRAME_OUT_OF_CHAIN,
    ENTRY_DAMAGED,
    ENTRY_MISSING,
    ENTRY_OUT_OF_CHAIN,
    ENTRY_REPEATED,
    ENTRY_UNREADABLE,
    ENTRY_DEPENDS_ON_LOST,
    CHECKPOINT_MISSING,
    CHECKPOINT_DAMAGED,
    CHECKPOINT_MISPLACED,
    CHECKPOINT_DIFFERS,
    SESSION_UNREADABLE,
    SESSION_LOST,
    BEGINNING_LOST,
    CATALOGUE_DAMAGED,
    POSSIBLE_LOSS
  }

  /// The kind of finding, as the specification names it.
  public enum Type {
    INTEGRITY_VIOLATION,
    CONSISTENCY_VIOLATION,
    CONSTRAINT_VIOLATION
  }

  /// The kind of finding that is this bad.
  public Type type() {
    return switch (severity) {
      case HIGH -> Type.INTEGRITY_VIOLATION;
      case MEDIUM -> Type.CONSISTENCY_VIOLATION;
      case LOW -> Type.CONSTRAINT_VIOLATION;
    };
  }

  /// Bytes are not what was written.
  public static Finding integrity(
      Code code, String component, @Nullable String sessionId, List<String> ids, String sentence) {
    return new Finding(Severity.HIGH, code.name(), component, sessionId, ids, sentence);
  }

  /// Everything that is wrong with a whole state.
  public static List<Finding> in(SessionState state) {
    return Consistency.check(state).stream().map(found -> of(state.id(), found)).toList();
  }

  private static Finding of(SessionId session, Consistency.Finding found) {
    Severity severity =
        found.rule().level() == Rule.Level.CONSISTENCY ? Severity.MEDIUM : Severity.LOW;
    return new Finding(
        severity,
        found.rule().name(),
        found.component(),
        session.toString(),
        found.id().isEmpty() ? List.of() : List.of(found.id()),
        found.id().isEmpty()
            ? found.component() + ": " + found.sentence()
            : found.component() + ", " + found.id() + ": " + found.sentence());
  }
}

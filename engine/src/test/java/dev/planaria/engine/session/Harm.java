package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.recovery.DecisionTable;
import dev.planaria.engine.recovery.DecisionTable.Situation;
import dev.planaria.engine.recovery.DecisionTable.Where;
import dev.planaria.engine.recovery.Level;
import dev.planaria.engine.recovery.RecoveryRecord.Strategy;
import dev.planaria.engine.state.Faults;
import dev.planaria.engine.state.Rule;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.storage.StoredBytes;
import java.util.List;
import java.util.Map;

/// What can be done to a stored session, and what must become of it then.
enum Harm {
  ENTRY_BYTE(Level.HIGH, Where.TAIL_ENTRY, List.of("t1"), Map.of("unreadable", 1L)),
  ENTRY_THAT_OTHERS_NEED(
      Level.HIGH, Where.TAIL_ENTRY, List.of("D", "E"), Map.of("unreadable", 1L, "tasks", 1L)),
  ENTRY_OUT_OF_CHAIN(Level.HIGH, Where.TAIL_ENTRY, List.of("t2"), Map.of("unreadable", 1L)),
  ENTRY_UNDECODABLE(Level.HIGH, Where.TAIL_ENTRY, List.of("t2"), Map.of("unreadable", 1L)),
  ENTRY_TWICE(Level.HIGH, Where.NOWHERE),
  FRAME_MISSING(Level.HIGH, Where.TAIL_ENTRY, List.of("t3"), Map.of("unreadable", 1L)),
  FRAME_HEADER(Level.NONE, Where.NOWHERE),
  CHECKPOINT_NEWEST(Level.HIGH, Where.NEWEST_CHECKPOINT),
  CHECKPOINT_PARENT(Level.HIGH, Where.OLDER_CHAIN),
  CHECKPOINT_BOTH(Level.HIGH, Where.OLDER_CHAIN),
  CHECKPOINT_GONE(Level.HIGH, Where.NEWEST_CHECKPOINT),
  CHECKPOINT_UNDECODABLE(Level.HIGH, Where.NEWEST_CHECKPOINT),
  CHECKPOINT_OF_ANOTHER(Level.HIGH, Where.NEWEST_CHECKPOINT),
  DANGLING_REFERENCE(Level.MEDIUM, Where.NOWHERE),
  VALUE_OUT_OF_BOUNDS(Level.LOW, Where.NOWHERE),
  BEYOND_REPAIR(Level.LOW, Where.NOWHERE),
  BEGINNING_LOST(Level.HIGH, Where.NOTHING_READABLE, List.of("open"), Map.of("unreadable", 1L)),
  NOTHING_LEFT(Level.HIGH, Where.NOTHING_READABLE);

  /// All of them, in order.
  static final List<Harm> ALL = List.of(values());

  private final Level worst;
  private final Where where;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  final List<String> lostSteps;

  @SuppressWarnings("ImmutableEnumChecker") // made by Map.of
  final Map<String, Long> losses;

  Harm(Level worst, Where where) {
    this(worst, where, List.of(), Map.of());
  }

  /// @param lostSteps the steps of the story that are lost with it
  /// @param losses how they are counted
  Harm(Level worst, Where where, List<String> lostSteps, Map<String, Long> losses) {
    this.worst = worst;
    this.where = where;
    this.lostSteps = lostSteps;
    this.losses = losses;
  }

  /// What the decision table says.
  Strategy strategy() {
    boolean checkpoint = where != Where.OLDER_CHAIN && where != Where.NOTHING_READABLE;
    return DecisionTable.decide(new Situation(worst, where, checkpoint, quarantines())).strategy();
  }

  /// True when a person must decide.
  boolean quarantines() {
    return this == BEYOND_REPAIR;
  }

  /// True when a finding is reported. A frame's header is nobody's, and nothing is lost with it.
  boolean isFound() {
    return this != FRAME_HEADER;
  }

  /// True when it is done to an entry that may share its frame with sound ones.
  boolean isShared() {
    return this == ENTRY_BYTE || this == ENTRY_THAT_OTHERS_NEED;
  }

  /// Does to a session's checkpoints what there is to do.
  ///
  /// @param other a session that is left alone
  void toCheckpoints(StoredBytes store, SessionId id, SessionId other) {
    List<StoredCheckpoint> own = store.checkpoints(id);
    switch (this) {
      case CHECKPOINT_NEWEST -> store.flip(own.getFirst());
      case CHECKPOINT_PARENT -> store.flip(own.getLast());
      case CHECKPOINT_BOTH, BEGINNING_LOST, NOTHING_LEFT -> own.forEach(store::flip);
      case CHECKPOINT_GONE -> store.dropCheckpoint(own.getFirst().info().id());
      case CHECKPOINT_UNDECODABLE ->
          store.replace(own.getFirst(), "this was never a state".getBytes(UTF_8));
      case CHECKPOINT_OF_ANOTHER ->
          store.replace(own.getFirst(), store.checkpoints(other).getFirst().body());
      case DANGLING_REFERENCE ->
          store.alterState(id, sound -> planted(sound, Rule.DEPENDENCY_EXISTS));
      case VALUE_OUT_OF_BOUNDS ->
          store.alterState(id, sound -> planted(sound, Rule.PROGRESS_WITHIN_BOUNDS));
      case BEYOND_REPAIR -> store.alterState(id, Faults::beyondRepair);
      case ENTRY_BYTE,
          ENTRY_THAT_OTHERS_NEED,
          ENTRY_OUT_OF_CHAIN,
          ENTRY_UNDECODABLE,
          ENTRY_TWICE,
          FRAME_MISSING,
          FRAME_HEADER -> {
        // These are done to its frames.
      }
    }
  }

  private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;

  private static SessionState planted(SessionState sound, Rule rule) {
    return Faults.in(sound).stream()
        .filter(fault -> fault.rule() == rule)
        .findFirst()
        .orElseThrow()
        .state();
  }
}

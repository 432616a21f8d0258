package dev.planaria.engine.state;

/// What every state that was reached by [Transition] alone fulfils. The names are stable: reports
/// and tools show them as codes.
public enum Rule {
  MISPLACED(Level.CONSISTENCY),
  BUSY_EXACTLY_WITH_TASK(Level.CONSISTENCY),
  CURRENT_TASK_EXISTS(Level.CONSISTENCY),
  CURRENT_TASK_IS_ITS_OWN(Level.CONSISTENCY),
  ASSIGNEE_PRESENT(Level.CONSISTENCY),
  ASSIGNEE_ABSENT(Level.CONSISTENCY),
  ASSIGNEE_EXISTS(Level.CONSISTENCY),
  ASSIGNEE_LIVES(Level.CONSISTENCY),
  ASSIGNEE_WORKS_ON_IT(Level.CONSISTENCY),
  DEPENDENCY_ONCE(Level.CONSISTENCY),
  DEPENDENCY_EXISTS(Level.CONSISTENCY),
  DEPENDENCY_COMPLETED(Level.CONSISTENCY),
  DEPENDENCY_POSSIBLE(Level.CONSISTENCY),
  DEPENDENCIES_END(Level.CONSISTENCY),
  CALL_CONNECTION_EXISTS(Level.CONSISTENCY),
  INDEXES_OF_ITS_PARTS(Level.CONSISTENCY),
  TERMINATED_WITHOUT_WORK(Level.CONSISTENCY),
  PROGRESS_WITHIN_BOUNDS(Level.CONSTRAINT),
  ATTEMPTS_WITHIN_BOUNDS(Level.CONSTRAINT),
  LEASE_EXACTLY_WHILE_RUNNING(Level.CONSTRAINT),
  END_EXACTLY_WHEN_FINAL(Level.CONSTRAINT),
  RESULT_ONLY_WHEN_COMPLETED(Level.CONSTRAINT),
  TIMES_IN_ORDER(Level.CONSTRAINT),
  CALL_CAN_BE_SENT(Level.CONSTRAINT),
  CALL_END_SET(Level.CONSTRAINT),
  CALL_OUTCOME_ONLY_AFTERWARDS(Level.CONSTRAINT),
  MEMORY_SIZE_RIGHT(Level.CONSTRAINT),
  MEMORY_VERSION_GIVEN(Level.CONSTRAINT),
  MEMORY_SUM_RIGHT(Level.CONSTRAINT);

  /// What kind of rule it is.
  public enum Level {
    /// Parts refer to each other as they should.
    CONSISTENCY,
    /// A value lies within its bounds.
    CONSTRAINT
  }

  private final Level level;

  Rule(Level level) {
    this.level = level;
  }

  /// What kind of rule it is.
  public Level level() {
    return level;
  }
}

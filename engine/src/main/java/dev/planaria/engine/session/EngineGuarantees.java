package dev.planaria.engine.session;

import dev.planaria.engine.recovery.RecoveryGuarantees;

/// What the engine promises beyond "a commit is on disk", one by one, so that a test can take one
/// away and show that it would notice. The product uses [#ALL] and nothing else.
///
/// @param answerFromDisk nobody is told what a crash could still take back: reads see durable
///   states, and a refusal waits until what it was based on is durable
/// @param rememberOperationIds a repeated operation id gives the first result again
/// @param recovery what a recovery promises
/// @param archive what holds before the row of an archived frame is deleted
public record EngineGuarantees(
    boolean answerFromDisk,
    boolean rememberOperationIds,
    RecoveryGuarantees recovery,
    ArchiveGuarantees archive) {

  /// Everything is promised.
  public static final EngineGuarantees ALL =
      new EngineGuarantees(true, true, RecoveryGuarantees.ALL, ArchiveGuarantees.ALL);

  /// Everything is promised of recovery and archive.
  public EngineGuarantees(boolean answerFromDisk, boolean rememberOperationIds) {
    this(answerFromDisk, rememberOperationIds, RecoveryGuarantees.ALL, ArchiveGuarantees.ALL);
  }
}

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
/// @param lookUpFailedCommits when the disk fails, what became of a commit is looked up before
///   anybody is answered
/// @param freshLeaseTokens each claim of a task has a token of its own
public record EngineGuarantees(
    boolean answerFromDisk,
    boolean rememberOperationIds,
    RecoveryGuarantees recovery,
    ArchiveGuarantees archive,
    boolean lookUpFailedCommits,
    boolean freshLeaseTokens) {

  /// Everything is promised.
  public static final EngineGuarantees ALL =
      new EngineGuarantees(true, true, RecoveryGuarantees.ALL, ArchiveGuarantees.ALL);

  /// Everything is promised of failed commits and leases.
  public EngineGuarantees(
      boolean answerFromDisk,
      boolean rememberOperationIds,
      RecoveryGuarantees recovery,
      ArchiveGuarantees archive) {
    this(answerFromDisk, rememberOperationIds, recovery, archive, true, true);
  }

  /// Everything is promised of recovery and archive, failed commits and leases.
  public EngineGuarantees(boolean answerFromDisk, boolean rememberOperationIds) {
    this(answerFromDisk, rememberOperationIds, RecoveryGuarantees.ALL, ArchiveGuarantees.ALL);
  }
}

package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.CheckpointPolicy;
import dev.planaria.engine.journal.GroupCommit;
import dev.planaria.engine.state.Limits;
import dev.planaria.engine.storage.archive.ArchiveSettings;
import dev.planaria.engine.transfer.ExportLimits;

/// How an engine runs. Every bound has a default and a reason.
///
/// @param limits what one session may hold
/// @param sessions how many sessions a store may hold: their names are in memory
/// @param pendingOperations how many operations may wait for the disk at once; beyond that callers
///   wait their turn
/// @param commit bounds of the journal writer
/// @param commitTimeoutMillis how long a caller waits for the disk before the outcome is called
///   unknown: longer than any healthy fsync, shorter than clients wait
/// @param operationIdMillis how long operation ids are remembered: a client that repeats after
///   longer than this is refused, never run twice
/// @param operationIdsPerSession how many are remembered at most: 60 bytes of memory each
/// @param residentSessions how many sessions may be in memory; the ones that were not touched for
///   longest leave it
/// @param residentOperationIds how many operation ids all sessions in memory may remember together:
///   60 MB
/// @param checkpoints when a session is checkpointed
/// @param archive when old frames leave the database, and how long they are kept
/// @param housekeepingMillis how often the engine looks for leases that ran out, checkpoints that
///   are due and commits that hang; 0: never by itself, [SessionEngine#tick] does it
/// @param scrub how much of disk and processor goes into reading stored data again
/// @param exports how much a file may hold that is imported
public record EngineSettings(
    Limits limits,
    int sessions,
    int pendingOperations,
    GroupCommit.Settings commit,
    long commitTimeoutMillis,
    long operationIdMillis,
    int operationIdsPerSession,
    int residentSessions,
    long residentOperationIds,
    CheckpointPolicy checkpoints,
    ArchiveSettings archive,
    long housekeepingMillis,
    ScrubSettings scrub,
    ExportLimits exports) {

  /// Refuses an archive that forgets operations whose ids are still remembered.
  public EngineSettings {
    if (archive.keepMillis() < operationIdMillis) {
      throw new IllegalArgumentException(
          "`archive.keepMillis` must be at least `operationIdMillis`: a repeated operation is"
              + " answered from the journal");
    }
  }

  /// With the usual scrub, and the usual limits for what is imported.
  public EngineSettings(
      Limits limits,
      int sessions,
      int pendingOperations,
      GroupCommit.Settings commit,
      long commitTimeoutMillis,
      long operationIdMillis,
      int operationIdsPerSession,
      int residentSessions,
      long residentOperationIds,
      CheckpointPolicy checkpoints,
      ArchiveSettings archive,
      long housekeepingMillis) {
    this(
        limits,
        sessions,
        pendingOperations,
        commit,
        commitTimeoutMillis,
        operationIdMillis,
        operationIdsPerSession,
        residentSessions,
        residentOperationIds,
        checkpoints,
        archive,
        housekeepingMillis,
        ScrubSettings.DEFAULT,
        ExportLimits.DEFAULT);
  }

  /// What holds unless the operator says otherwise.
  public static final EngineSettings DEFAULT =
      new EngineSettings(
          Limits.DEFAULT,
          200_000,
          16_384,
          new GroupCommit.Settings(8 << 20, 200, 5_000),
          30_000,
          7L * 86_400_000,
          100_000,
          5_000,
          1_000_000,
          CheckpointPolicy.DEFAULT,
          ArchiveSettings.DEFAULT,
          1_000);

  /// The same with another archive.
  public EngineSettings withArchive(ArchiveSettings other) {
    return new EngineSettings(
        limits,
        sessions,
        pendingOperations,
        commit,
        commitTimeoutMillis,
        operationIdMillis,
        operationIdsPerSession,
        residentSessions,
        residentOperationIds,
        checkpoints,
        other,
        housekeepingMillis,
        scrub,
        exports);
  }

  /// The same with another number of sessions in memory.
  public EngineSettings withResidentSessions(int most) {
    return new EngineSettings(
        limits,
        sessions,
        pendingOperations,
        commit,
        commitTimeoutMillis,
        operationIdMillis,
        operationIdsPerSession,
        most,
        residentOperationIds,
        checkpoints,
        archive,
        housekeepingMillis,
        scrub,
        exports);
  }

  /// The same with other pauses between rounds of housekeeping.
  public EngineSettings withHousekeeping(long millis) {
    return new EngineSettings(
        limits,
        sessions,
        pendingOperations,
        commit,
        commitTimeoutMillis,
        operationIdMillis,
        operationIdsPerSession,
        residentSessions,
        residentOperationIds,
        checkpoints,
        archive,
        millis,
        scrub,
        exports);
  }

  /// The same with another scrub.
  public EngineSettings withScrub(ScrubSettings other) {
    return new EngineSettings(
        limits,
        sessions,
        pendingOperations,
        commit,
        commitTimeoutMillis,
        operationIdMillis,
        operationIdsPerSession,
        residentSessions,
        residentOperationIds,
        checkpoints,
        archive,
        housekeepingMillis,
        other,
        exports);
  }
}

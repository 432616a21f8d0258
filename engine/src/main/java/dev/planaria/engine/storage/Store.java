package dev.planaria.engine.storage;

import dev.planaria.engine.checkpoint.CheckpointShelf;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Journal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.archive.FrameArchive;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Everything durable: the journal, and what is derived from it so that it need not be read from
/// its beginning.
///
/// The writing methods are called by the journal's writer thread alone (see
/// [dev.planaria.engine.journal.GroupCommit#write]); each is one transaction, on disk when it
/// returns. The reading methods are thread-safe. All throw
/// [dev.planaria.engine.journal.JournalException.StoreFailed] when the store fails.
public interface Store extends Journal, CheckpointShelf, AutoCloseable {

  /// What the store said when it was opened.
  StoreMarks marks();

  /// Where old frames move to. The journal's reading methods read from it too.
  FrameArchive archive();

  /// Keeps a checkpoint, which nothing relies on before it is verified.
  void saveCheckpoint(StoredCheckpoint checkpoint);

  /// Says that checkpoints of a session were read back and are what was written, and keeps with
  /// them the session's line in the catalogue and where the entries since the checkpoint before
  /// lie.
  void markVerified(List<String> checkpointIds, SessionRow row, FrameSpans entries);

  /// Removes checkpoints; those that are not there are none.
  void deleteCheckpoints(List<String> checkpointIds);

  /// Says that frames up to here need not be read at the next opening.
  void moveLowWater(FrameHead lowWater);

  /// Keeps recovery records, all or none; one of the same run and session is replaced.
  void saveRecoveries(List<StoredRecovery> records);

  /// Says that the store is closed in order; the next opening takes it back.
  void markClosed();

  /// Hands on the catalogue: all sessions that have a verified checkpoint.
  ///
  /// @return those of them whose line in the catalogue is damaged or missing, and was not handed on
  List<SessionId> sessions(Consumer<SessionRow> visitor);

  /// Where the entry of that seq lies, if a checkpoint contains it.
  Optional<FrameSpans> spansHolding(SessionId sessionId, long seq);

  /// Records of runs (without a session) or of a session, newest first, as JSON texts.
  List<String> recoveries(Optional<SessionId> sessionId, int limit);

  /// Records of all sessions and runs, newest first, a page at a time.
  ///
  /// @param sinceMillis what happened before is left out, Unix time
  /// @param before where the page begins: behind this place
  /// @param limit how many records a page has at most
  RecoveryPage recoveries(long sinceMillis, RecoveryPage.Place before, int limit);

  /// Runs the store's own check of its structure; the sentences say what is wrong, none means
  /// sound.
  List<String> check();

  /// Bytes that the store takes on disk, its log included.
  long bytesOnDisk();

  /// Bytes of the log in which commits lie before they are moved; 0 for a store without one.
  long logBytes();

  @Override
  void close();
}

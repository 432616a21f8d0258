package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.RememberedOperation;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.GroupCommit;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.SessionId;

/// Tells again what was acknowledged before, from the journal. Thread-safe.
final class Acknowledgements {

  private final SessionId id;
  private final DurablePart disk;
  private final GroupCommit writer;

  Acknowledgements(SessionId id, DurablePart disk, GroupCommit writer) {
    this.id = id;
    this.disk = disk;
    this.writer = writer;
  }

  /// The first acknowledgement of an operation that is on disk.
  ///
  /// @throws SessionUnavailable when it is not where the index says
  Committed again(RememberedOperation known) {
    Entry entry =
        disk.find(known.seq())
            .orElseThrow(() ->
                new SessionUnavailable(
                    id, "operation " + known.seq() + " is not where the index says"));
    return new Committed(
        entry.receipt(),
        entry.operationId(),
        OperationCodec.decode(entry.type(), entry.body()),
        entry.timeMillis(),
        true);
  }

  /// What has become of an operation that was decided.
  OperationLookup of(RememberedOperation known) {
    if (known.isRolledBack()) {
      return new OperationLookup.RolledBack();
    }
    if (known.seq() > disk.seq()) {
      return writer.failure() == null
          ? new OperationLookup.Pending()
          : new OperationLookup.Unknown();
    }
    return new OperationLookup.Applied(again(known));
  }
}

package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.CheckpointCodec;
import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.CheckpointInfo.Kind;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.storage.SessionRow;
import org.jspecify.annotations.Nullable;

/// Takes checkpoints beside the running sessions, and moves the low-water mark behind them.
/// Thread-safe.
final class Checkpointer {

  /// The mark moves only when that many frames can be skipped: moving it is a commit of its own.
  private static final long LOW_WATER_STEP = 64;

  private final EngineParts parts;
  private final Catalogue catalogue;
  private FrameHead lowWater;

  Checkpointer(EngineParts parts, Catalogue catalogue) {
    this.parts = parts;
    this.catalogue = catalogue;
    this.lowWater = parts.store().marks().lowWater();
  }

  /// Checkpoints every session that is due.
  void runOnce(boolean evenIfNotDue) {
    for (SessionSlot slot : catalogue.all()) {
      LiveSession session = slot.liveOrNull();
      if (session != null && !session.isUnborn() && slot.damage() == null) {
        var tail = session.disk().tailSize();
        boolean due =
            evenIfNotDue
                ? tail.operations() > 0
                : parts.settings().checkpoints().isDue(tail, parts.nowMillis());
        if (due) {
          take(session, null);
        }
      }
    }
    moveLowWater();
  }

  /// Writes a full checkpoint, reads it back, compares, and only then says that it is verified.
  CheckpointInfo take(LiveSession session, @Nullable String label) {
    // Two at once would cut the tail twice, and the older one could be filed last.
    session.checkpointing().lock();
    try {
      return takeAlone(session, label);
    } finally {
      session.checkpointing().unlock();
    }
  }

  private CheckpointInfo takeAlone(LiveSession session, @Nullable String label) {
    LiveSession.Snapshot snapshot = session.snapshot();
    CheckpointContent content = snapshot.content();
    SessionState state = content.image().state();
    byte[] body = CheckpointCodec.encode(content);
    var info =
        new CheckpointInfo(
            parts.environment().newId().get().toString(),
            state.id(),
            null,
            Kind.FULL,
            content.image().seq(),
            parts.nowMillis(),
            label,
            body.length,
            false);
    var checkpoint = new StoredCheckpoint(info, content.image().hash(), Hash.sha256(body), body);
    var row =
        new SessionRow(
            state.id(),
            state.name(),
            state.status(),
            state.createdAtMillis(),
            content.image().seq(),
            content.image().hash());
    parts.writer().write(() -> parts.store().saveCheckpoint(checkpoint, row, snapshot.entries()));
    session.disk().checkpointed(snapshot.entries(), parts.nowMillis());
    StoredCheckpoint readBack =
        parts
            .store()
            .checkpoint(info.id())
            .orElseThrow(() -> new DamagedException("a checkpoint is gone after it was written"));
    if (!CheckpointCodec.decode(readBack).equals(content)) {
      throw new DamagedException("a checkpoint reads back as something else");
    }
    parts.writer().write(() -> parts.store().markVerified(info.id()));
    return new CheckpointInfo(
        info.id(),
        info.sessionId(),
        null,
        Kind.FULL,
        info.seq(),
        info.createdAtMillis(),
        label,
        info.bytes(),
        true);
  }

  /// The low-water mark stands before the first frame that any session still needs.
  private synchronized void moveLowWater() {
    // Read before the sessions are looked at: what is committed meanwhile lies behind it and does
    // not matter.
    long newest = parts.writer().committedFrame();
    long first = Long.MAX_VALUE;
    for (SessionSlot slot : catalogue.all()) {
      first = Math.min(first, slot.firstFrameNeeded());
    }
    long target = Math.min(newest, first - 1);
    if (target < lowWater.id() + LOW_WATER_STEP) {
      return;
    }
    byte[] frame = parts.store().slice(target, 0, Integer.MAX_VALUE);
    var moved = new FrameHead(target, Hash.sha256(frame));
    parts.writer().write(() -> parts.store().moveLowWater(moved));
    lowWater = moved;
  }
}

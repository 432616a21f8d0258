package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.Activity;
import dev.planaria.engine.checkpoint.ChainEnd;
import dev.planaria.engine.checkpoint.CheckpointBody;
import dev.planaria.engine.checkpoint.CheckpointChains;
import dev.planaria.engine.checkpoint.CheckpointCodec;
import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.CheckpointDelta;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.CheckpointInfo.Kind;
import dev.planaria.engine.checkpoint.CheckpointPolicy;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.JournalException;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.storage.SessionRow;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Takes checkpoints beside the running sessions, moves the low-water mark behind them, and has
/// what lies below it archived. Thread-safe.
final class Checkpointer {

  /// The mark moves only when that many frames can be skipped: moving it is a commit of its own.
  private static final long LOW_WATER_STEP = 64;

  /// Checkpoints that are removed in one transaction: a commit waits for it.
  private static final int DELETED_AT_ONCE = 16;

  private static final System.Logger LOG = System.getLogger(Checkpointer.class.getName());

  private final EngineParts parts;
  private final Catalogue catalogue;
  private final Archiver archiver;
  private FrameHead lowWater;
  // Used by the regular rounds alone.
  private String archiveDamage = "";

  Checkpointer(EngineParts parts, Catalogue catalogue) {
    this.parts = parts;
    this.catalogue = catalogue;
    this.archiver = new Archiver(parts, catalogue);
    this.lowWater = parts.store().marks().lowWater();
  }

  /// Checkpoints every session that is due. One that cannot be is reported and tried again; the
  /// others do not wait for it.
  void runOnce(boolean evenIfNotDue) {
    for (SessionSlot slot : catalogue.all()) {
      LiveSession session = slot.liveOrNull();
      if (session != null && !session.isUnborn() && slot.damage() == null) {
        if (isDue(session.disk(), evenIfNotDue)) {
          try {
            take(session, null);
          } catch (DamagedException e) {
            LOG.log(
                System.Logger.Level.WARNING, "no checkpoint of session " + slot.id() + " now", e);
          }
        }
      }
    }
    moveLowWater();
    archive();
  }

  /// A damaged index of the archive must not keep the rest of a round from being done. Told once,
  /// not with every round.
  private void archive() {
    try {
      archiver.runOnce(lowWater());
      archiveDamage = "";
    } catch (DamagedException e) {
      String damage = String.valueOf(e.getMessage());
      if (!damage.equals(archiveDamage)) {
        archiveDamage = damage;
        LOG.log(System.Logger.Level.WARNING, "nothing is archived or dropped: " + damage);
      }
    }
  }

  private synchronized FrameHead lowWater() {
    return lowWater;
  }

  private boolean isDue(DurablePart disk, boolean evenIfNotDue) {
    long now = parts.nowMillis();
    CheckpointPolicy policy = parts.settings().checkpoints();
    Activity activity = disk.activity(policy.rates(), now);
    CheckpointPolicy.Tail tail = disk.tailSize();
    return evenIfNotDue ? tail.operations() > 0 : policy.isDue(tail, activity, now);
  }

  /// Writes a checkpoint, reads it back, compares, and only then says that it is verified; then
  /// removes those that nothing needs any more.
  ///
  /// @param label somebody's words; such a checkpoint stands alone, since it may be kept for much
  ///   longer than others
  CheckpointInfo take(LiveSession session, @Nullable String label) {
    // Two at once would cut the tail twice, and the older one could be filed last.
    parts.threads().lock(session.checkpointing());
    try {
      StoredCheckpoint taken = takeCounted(session, label);
      if (taken.info().kind() == Kind.FULL) {
        removeSurplus(session.id());
      }
      return taken.info();
    } finally {
      session.checkpointing().unlock();
    }
  }

  /// Takes a checkpoint that stands on no other: on none that may be damaged.
  CheckpointInfo takeFull(LiveSession session) {
    parts.threads().lock(session.checkpointing());
    try {
      session.disk().chain(null);
      return take(session, null);
    } finally {
      session.checkpointing().unlock();
    }
  }

  /// Takes a full checkpoint of a session whose state has changed as a whole, so that it need not
  /// be replayed. When that fails the next round does it.
  void takeAfresh(LiveSession session) {
    try {
      var _ = takeFull(session);
    } catch (JournalException | DamagedException | StoreUnavailable e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "session " + session.id() + " could not be checkpointed; it will be",
          e);
    }
  }

  private StoredCheckpoint takeCounted(LiveSession session, @Nullable String label) {
    long begun = parts.environment().nanoTime().getAsLong();
    try {
      StoredCheckpoint taken = takeAlone(session, label);
      long took = parts.environment().nanoTime().getAsLong() - begun;
      parts.tally().checkpointed(taken.info(), took);
      parts.tell(new EngineEvent.CheckpointTaken(taken.info(), took / 1_000));
      return taken;
    } catch (RuntimeException e) {
      parts.tally().checkpointFailed();
      parts.tell(new EngineEvent.CheckpointFailed(session.id(), String.valueOf(e.getMessage())));
      throw e;
    }
  }

  private StoredCheckpoint takeAlone(LiveSession session, @Nullable String label) {
    LiveSession.Snapshot snapshot = session.snapshot();
    DurablePart disk = session.disk();
    ChainEnd chain = label == null ? disk.chain() : null;
    CheckpointInfo info = newInfo(session, label);
    CheckpointContent content = snapshot.content();
    Optional<StoredCheckpoint> delta =
        chain == null
            ? Optional.empty()
            : chain.next(info, content, parts.settings().checkpoints().chains());
    ChainEnd end =
        chain != null && delta.isPresent()
            ? writeDelta(chain, delta.get(), content)
            : writeFull(CheckpointCodec.encode(info, new CheckpointBody.Full(content)), content);
    // From here on the checkpoint is relied on.
    String id = end.links().getLast().id();
    SessionRow row = row(content);
    parts.writer().write(() -> parts.store().markVerified(List.of(id), row, snapshot.entries()));
    disk.checkpointed(snapshot.entries(), parts.nowMillis());
    disk.chain(end);
    return fetch(id);
  }

  private CheckpointInfo newInfo(LiveSession session, @Nullable String label) {
    // What the body decides is filled in when it is encoded.
    return new CheckpointInfo(
        parts.environment().newId().get().toString(),
        session.id(),
        null,
        Kind.FULL,
        0,
        parts.nowMillis(),
        label,
        0,
        false);
  }

  private static SessionRow row(CheckpointContent content) {
    SessionState state = content.image().state();
    return new SessionRow(
        state.id(),
        state.name(),
        state.status(),
        state.createdAtMillis(),
        content.image().seq(),
        content.image().hash());
  }

  private ChainEnd writeFull(StoredCheckpoint full, CheckpointContent content) {
    parts.writer().write(() -> parts.store().saveCheckpoint(full));
    if (!CheckpointCodec.decode(fetch(full.info().id())).equals(content)) {
      throw new DamagedException("a checkpoint reads back as something else");
    }
    return ChainEnd.of(full, content);
  }

  /// Writes a delta, and compares the whole chain with the state: everything before the delta was
  /// compared when it was new, so its bytes are enough. When they are not what was written, a full
  /// one follows, which stands on nothing.
  private ChainEnd writeDelta(ChainEnd chain, StoredCheckpoint delta, CheckpointContent content) {
    parts.writer().write(() -> parts.store().saveCheckpoint(delta));
    try {
      chain.requireIntact(parts.store());
      if (CheckpointCodec.read(fetch(delta.info().id()))
              instanceof CheckpointBody.Incremental readBack
          && CheckpointDelta.compose(chain.content(), List.of(readBack.delta())).equals(content)) {
        return chain.followedBy(delta, content);
      }
      throw new DamagedException("a checkpoint reads back as something else");
    } catch (DamagedException e) {
      LOG.log(System.Logger.Level.WARNING, "a chain of checkpoints is given up", e);
      CheckpointInfo info = delta.info();
      var fresh =
          new CheckpointInfo(
              parts.environment().newId().get().toString(),
              info.sessionId(),
              null,
              Kind.FULL,
              info.seq(),
              info.createdAtMillis(),
              info.label(),
              0,
              false);
      return writeFull(CheckpointCodec.encode(fresh, new CheckpointBody.Full(content)), content);
    }
  }

  private StoredCheckpoint fetch(String id) {
    return parts
        .store()
        .checkpoint(id)
        .orElseThrow(() -> new DamagedException("a checkpoint is gone after it was written"));
  }

  /// Removes what retention lets go, a few rows for each transaction. Everything that stays is
  /// looked at first: as long as any of it is damaged, nothing is removed.
  private void removeSurplus(SessionId id) {
    CheckpointChains.Sorted sorted =
        parts.settings().checkpoints().chains().sort(parts.store().checkpoints(id));
    List<CheckpointInfo> surplus = sorted.surplus();
    if (surplus.isEmpty()) {
      return;
    }
    for (CheckpointInfo kept : sorted.kept()) {
      try {
        CheckpointCodec.requireIntact(fetch(kept.id()));
      } catch (DamagedException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "older checkpoints of session " + id + " stay, since a newer one is damaged",
            e);
        return;
      }
    }
    for (int from = 0; from < surplus.size(); from += DELETED_AT_ONCE) {
      List<String> ids =
          surplus.subList(from, Math.min(surplus.size(), from + DELETED_AT_ONCE)).stream()
              .map(CheckpointInfo::id)
              .toList();
      parts.writer().write(() -> parts.store().deleteCheckpoints(ids));
    }
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

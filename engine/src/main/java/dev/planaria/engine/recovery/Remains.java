package dev.planaria.engine.recovery;

import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.CheckpointLoader;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.integrity.Finding.Code;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.recovery.DecisionTable.Where;
import dev.planaria.engine.recovery.FrameWalk.Found;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Everything of a damaged session that can still be read: the newest checkpoint that is intact and
/// in its place, and every intact entry behind it, wherever in the journal it lies. Trusts no
/// index. Not thread-safe; lives for one recovery.
final class Remains {

  private final Store store;
  private final SessionTail tail;
  private final List<Finding> findings = new ArrayList<>();
  private final TreeMap<Long, Placed> entries = new TreeMap<>();
  private @Nullable CheckpointContent base;
  private @Nullable String baseId;
  private long highestSeq;
  private Where where = Where.NOWHERE;

  /// An entry and the frame that holds it.
  private record Placed(long frameId, Found found) {}

  private Remains(Store store, SessionTail tail) {
    this.store = store;
    this.tail = tail;
    this.highestSeq = Math.max(tail.seq(), tail.checkpointSeq());
  }

  /// Looks for everything.
  ///
  /// @param wantedCheckpoint the only checkpoint to begin with, or null for the newest that is
  ///   sound
  static Material gather(Store store, SessionTail tail, @Nullable String wantedCheckpoint) {
    return new Remains(store, tail).gather(wantedCheckpoint);
  }

  private Material gather(@Nullable String wantedCheckpoint) {
    // One that was never verified is no more than a torn write; nothing was built on it.
    List<CheckpointInfo> candidates =
        store.checkpoints(tail.id()).stream().filter(CheckpointInfo::verified).toList();
    boolean any = false;
    for (CheckpointInfo info : candidates) {
      highestSeq = Math.max(highestSeq, info.seq());
      boolean wanted = wantedCheckpoint == null || wantedCheckpoint.equals(info.id());
      if (base == null && wanted) {
        begin(info);
        if (base == null) {
          where = any ? Where.OLDER_CHAIN : Where.NEWEST_CHECKPOINT;
          any = true;
        }
      }
    }
    boolean catalogued = tail.checkpointSeq() > 0;
    if (catalogued
        && (candidates.isEmpty() || candidates.getFirst().seq() < tail.checkpointSeq())) {
      findings.add(missingCheckpoint(tail));
      where = where == Where.NOWHERE ? Where.NEWEST_CHECKPOINT : Where.OLDER_CHAIN;
    }
    if (base == null) {
      collectFrom(1);
    }
    tail.findings().forEach(findings::add);
    return new Material(
        tail,
        Optional.ofNullable(base),
        baseId,
        entries.values().stream().map(placed -> placed.found().entry()).toList(),
        false,
        Math.max(highestSeq, entries.isEmpty() ? 0 : entries.lastKey()),
        findings,
        where,
        index());
  }

  /// Begins with a checkpoint, if it is what it says and the journal agrees.
  private void begin(CheckpointInfo info) {
    try {
      CheckpointContent content = new CheckpointLoader(store).load(info).content();
      collectFrom(info.seq());
      requireInPlace(info, content);
      entries.remove(info.seq());
      base = content;
      baseId = info.id();
    } catch (DamagedException e) {
      found(Code.CHECKPOINT_DAMAGED, "checkpoint", String.valueOf(e.getMessage()));
    }
  }

  private void requireInPlace(CheckpointInfo info, CheckpointContent content) {
    SessionId id = content.image().state().id();
    Placed there = entries.get(info.seq());
    boolean itsOwn = id.equals(tail.id()) && content.image().seq() == info.seq();
    if (!itsOwn
        || (there != null && !there.found().entry().hash().equals(content.image().hash()))) {
      throw new DamagedException(
          "checkpoint " + info.id() + " is not of operation " + info.seq() + " of this session");
    }
  }

  /// Reads store and archive as one. What was dropped from the archive for its age is not looked
  /// for.
  private void collectFrom(long fromSeq) {
    entries.clear();
    long begins = store.archive().historyStart().id();
    store.scan(begins, (frameId, bytes) -> collect(frameId, bytes, fromSeq));
  }

  private void collect(long frameId, byte[] bytes, long fromSeq) {
    for (Found found : FrameWalk.read(bytes).found()) {
      Entry entry = found.entry();
      if (entry.sessionId().equals(tail.id()) && entry.seq() >= fromSeq) {
        entries.putIfAbsent(entry.seq(), new Placed(frameId, found));
      }
    }
  }

  private TailIndex index() {
    long next = base == null ? 1 : base.image().seq() + 1;
    var index = new TailIndex(next);
    for (Placed placed : entries.values()) {
      Entry entry = placed.found().entry();
      if (entry.seq() > next) {
        index.addLost(placed.frameId(), entry.seq() - next);
      }
      // Each in a span of its own: what lies between may be no entry.
      var _ = index.seal();
      index.add(
          placed.frameId(), placed.found().offset(), placed.found().length(), entry.timeMillis());
      next = entry.seq() + 1;
    }
    return index;
  }

  /// The newest checkpoint that the catalogue knows is not in the store.
  static Finding missingCheckpoint(SessionTail tail) {
    return Finding.integrity(
        Code.CHECKPOINT_MISSING,
        "checkpoint",
        tail.id().toString(),
        List.of(),
        "the checkpoint at operation " + tail.checkpointSeq() + " is not in the store");
  }

  private void found(Code code, String component, String sentence) {
    findings.add(Finding.integrity(code, component, tail.id().toString(), List.of(), sentence));
  }
}

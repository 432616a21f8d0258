package dev.planaria.engine.recovery;

import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.CheckpointLoader;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.integrity.Finding.Code;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.DroppedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.recovery.DecisionTable.Where;
import dev.planaria.engine.recovery.JournalSearch.Place;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Everything of a damaged session that can still be read: the newest checkpoint that is intact and
/// in its place, and every intact entry behind it, wherever in the journal it lies. Trusts no
/// index. Not thread-safe; lives for one recovery.
final class Remains {

  private final Store store;
  private final JournalSearch search;
  private final SessionTail tail;
  private final List<Finding> findings = new ArrayList<>();
  private final TreeMap<Long, Placed> entries = new TreeMap<>();
  private @Nullable CheckpointContent base;
  private @Nullable String baseId;
  private long containedSeq;
  private long highestSeq;
  private Where where = Where.NOWHERE;

  /// An entry and where it lies.
  private record Placed(Place place, Entry entry) {}

  private Remains(Store store, JournalSearch search, SessionTail tail) {
    this.store = store;
    this.search = search;
    this.tail = tail;
    this.highestSeq = Math.max(tail.seq(), tail.checkpointSeq());
  }

  /// Looks for everything.
  ///
  /// @param wantedCheckpoint the only checkpoint to begin with, or null for the newest that is
  ///   sound
  static Material gather(
      Store store, JournalSearch search, SessionTail tail, @Nullable String wantedCheckpoint) {
    return new Remains(store, search, tail).gather(wantedCheckpoint);
  }

  private Material gather(@Nullable String wantedCheckpoint) {
    // One that was never verified is no more than a torn write; nothing was built on it.
    List<CheckpointInfo> candidates =
        store.checkpoints(tail.id()).stream().filter(CheckpointInfo::verified).toList();
    containedSeq =
        Math.max(tail.checkpointSeq(), candidates.isEmpty() ? 0 : candidates.getFirst().seq());
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
    CheckpointContent found = base;
    collectFrom(found == null ? 1 : found.image().seq() + 1);
    tail.findings().forEach(findings::add);
    return new Material(
        tail,
        Optional.ofNullable(base),
        baseId,
        entries.values().stream().map(Placed::entry).toList(),
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
      requireInPlace(info, content);
      base = content;
      baseId = info.id();
    } catch (DamagedException e) {
      found(Code.CHECKPOINT_DAMAGED, "checkpoint", String.valueOf(e.getMessage()));
    }
  }

  private void requireInPlace(CheckpointInfo info, CheckpointContent content) {
    SessionId id = content.image().state().id();
    boolean itsOwn = id.equals(tail.id()) && content.image().seq() == info.seq();
    Optional<Entry> there = itsOwn ? entryAt(info.seq()) : Optional.empty();
    boolean agrees = there.map(entry -> entry.hash().equals(content.image().hash())).orElse(itsOwn);
    if (!agrees) {
      throw new DamagedException(
          "checkpoint " + info.id() + " is not of operation " + info.seq() + " of this session");
    }
  }

  /// The operation that a checkpoint ends with: by the index where that is sound, else searched.
  private Optional<Entry> entryAt(long seq) {
    try {
      Optional<FrameSpans> index = store.spansHolding(tail.id(), seq);
      if (index.isPresent()) {
        return new EntryReader(store).find(tail.id(), index.get(), seq);
      }
    } catch (DroppedException dropped) {
      return Optional.empty();
    } catch (DamagedException damaged) {
      // The index, or what it names, cannot be read: look everywhere.
      return searched(seq);
    }
    return searched(seq);
  }

  private Optional<Entry> searched(long seq) {
    Place place = search.find(tail, seq, containedSeq).get(seq);
    return place == null ? Optional.empty() : search.read(place);
  }

  private void collectFrom(long fromSeq) {
    for (Map.Entry<Long, Place> found : search.find(tail, fromSeq, containedSeq).entrySet()) {
      search
          .read(found.getValue())
          .ifPresent(entry -> entries.put(found.getKey(), new Placed(found.getValue(), entry)));
    }
  }

  private TailIndex index() {
    long next = base == null ? 1 : base.image().seq() + 1;
    var index = new TailIndex(next);
    for (Placed placed : entries.values()) {
      Entry entry = placed.entry();
      Place place = placed.place();
      if (entry.seq() > next) {
        index.addLost(place.frameId(), entry.seq() - next);
      }
      // Each in a span of its own: what lies between may be no entry.
      var _ = index.seal();
      index.add(place.frameId(), place.offset(), place.length(), entry.timeMillis());
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

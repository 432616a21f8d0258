package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.CheckpointChains;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.GroupCommit;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.FrameSpans.Span;
import dev.planaria.engine.storage.Store;
import dev.planaria.engine.storage.archive.ArchiveSettings;
import dev.planaria.engine.storage.archive.FrameArchive;
import dev.planaria.engine.storage.archive.Segment;
import dev.planaria.engine.storage.archive.SegmentFiles;
import dev.planaria.engine.storage.archive.SegmentInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// Moves frames that no opening needs into the archive, and drops what has been kept for long
/// enough.
///
/// The order of steps is the promise: the segment is written and synced, read back and compared,
/// put into the index, and only then the rows go, a few for each transaction. A process that dies
/// between any two of them leaves the rows, or the segment in the index, or both; the next one
/// picks up from what it finds.
///
/// Not thread-safe; called by the regular rounds alone.
final class Archiver {

  private static final System.Logger LOG = System.getLogger(Archiver.class.getName());

  /// How often it is looked again whether a segment that is old enough is still needed: every
  /// session has to be asked.
  private static final long ASK_AGAIN_MILLIS = 3_600_000;

  /// More than the journal grows by between two rounds under a heavy load, and little enough that
  /// the other work of a round is not kept waiting.
  private static final int SEGMENTS_PER_ROUND = 8;

  private final Store store;
  private final FrameArchive archive;
  private final GroupCommit writer;
  private final ArchiveSettings settings;
  private final CheckpointChains chains;
  private final LongSupplier nowMillis;
  private final Catalogue catalogue;
  private final ArchiveGuarantees guarantees;
  private long triedUpTo;
  private long nextAskMillis;
  private boolean tidied;

  Archiver(EngineParts parts, Catalogue catalogue) {
    this.store = parts.store();
    this.archive = store.archive();
    this.writer = parts.writer();
    this.settings = parts.settings().archive();
    this.chains = parts.settings().checkpoints().chains();
    this.nowMillis = parts.environment().nowMillis();
    this.catalogue = catalogue;
    this.guarantees = parts.guarantees().archive();
  }

  /// One round: a bounded number of segments is written, and at most one dropped.
  ///
  /// @param lowWater the frame up to which checkpoints contain everything; its own row stays, since
  ///   an opening begins there
  void runOnce(FrameHead lowWater) {
    List<SegmentInfo> segments = archive.segments();
    if (!tidied) {
      removeStrays(segments);
      tidied = true;
    }
    if (!segments.isEmpty()) {
      deleteRows(segments.getLast());
    }
    FrameHead end = segments.isEmpty() ? archive.historyStart() : segments.getLast().last();
    for (int i = 0; i < SEGMENTS_PER_ROUND && lowWater.id() > triedUpTo; i++) {
      end = pack(end, lowWater);
    }
    if (!segments.isEmpty()) {
      drop(segments.getFirst());
    }
  }

  /// Files that no line of the index names: a process died before it had written the line, or after
  /// it had taken it away. When frames are missing the line itself may be what was lost; then they
  /// stay, for whoever heals it.
  private void removeStrays(List<SegmentInfo> segments) {
    Set<String> known = segments.stream().map(SegmentInfo::fileName).collect(Collectors.toSet());
    SegmentFiles files = archive.segmentFiles();
    List<String> strays = files.names().stream().filter(name -> !known.contains(name)).toList();
    if (isWhole(segments)) {
      strays.forEach(files::delete);
    } else if (!strays.isEmpty()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "frames are missing, so files that the archive does not know are kept: " + strays);
    }
  }

  /// True when every frame is in a row or in a segment that the index names.
  private boolean isWhole(List<SegmentInfo> segments) {
    FrameHead end = archive.historyStart();
    for (SegmentInfo segment : segments) {
      if (!segment.before().equals(end)) {
        return false;
      }
      end = segment.last();
    }
    long firstRow = archive.firstFrame();
    return firstRow > 0 && firstRow <= end.id() + 1;
  }

  /// Writes the next segment, if there is enough for one. Returns where the archive ends then.
  private FrameHead pack(FrameHead before, FrameHead lowWater) {
    try {
      List<byte[]> frames =
          archive.frames(before.id() + 1, lowWater.id() - 1, settings.segmentBytes());
      if (frames.stream().mapToLong(frame -> frame.length).sum() < settings.segmentBytes()) {
        // There is more only when the mark has moved.
        triedUpTo = lowWater.id();
        return before;
      }
      SegmentInfo info = write(Segment.of(before, frames));
      writer.write(() -> archive.addSegment(info));
      deleteRows(info);
      return info.last();
    } catch (DamagedException e) {
      // What is damaged stays where it is, for whoever heals it; tried again when the mark moves.
      triedUpTo = lowWater.id();
      LOG.log(System.Logger.Level.WARNING, "frames cannot be archived: " + e.getMessage());
      return before;
    }
  }

  private SegmentInfo write(Segment segment) {
    byte[] content = segment.encode();
    var info =
        new SegmentInfo(
            segment.before(),
            segment.last(),
            Hash.sha256(content),
            content.length,
            nowMillis.getAsLong());
    SegmentFiles files = archive.segmentFiles();
    files.write(info.fileName(), content);
    if (guarantees.synced()) {
      files.sync(info.fileName());
    }
    if (guarantees.compared()) {
      requireSame(segment, Segment.decode(files.read(info.fileName())));
    }
    return info;
  }

  /// The hash of a frame is over its bytes, and the segment was decoded along the chain of hashes
  /// to its end: same ends, same frames.
  private static void requireSame(Segment written, Segment readBack) {
    if (!readBack.before().equals(written.before())
        || !readBack.last().equals(written.last())
        || readBack.frames().size() != written.frames().size()) {
      throw new DamagedException("a segment of the archive reads back as something else");
    }
  }

  /// Deletes the rows that a segment holds, from the oldest on.
  private void deleteRows(SegmentInfo segment) {
    long from = Math.max(archive.firstFrame(), segment.firstFrame());
    while (from <= segment.last().id()) {
      long first = from;
      long last = Math.min(segment.last().id(), first + settings.deletedAtOnce() - 1);
      writer.write(() -> archive.deleteFrames(first, last));
      from = last + 1;
    }
  }

  private void drop(SegmentInfo oldest) {
    long now = nowMillis.getAsLong();
    if (now - oldest.archivedAtMillis() < settings.keepMillis() || now < nextAskMillis) {
      return;
    }
    if (isNeeded(oldest)) {
      nextAskMillis = now + ASK_AGAIN_MILLIS;
      return;
    }
    writer.write(() -> archive.dropSegment(oldest));
    archive.segmentFiles().delete(oldest.fileName());
  }

  private boolean isNeeded(SegmentInfo segment) {
    for (SessionSlot slot : catalogue.all()) {
      if (firstFrameNeeded(slot) <= segment.last().id()) {
        return true;
      }
    }
    return false;
  }

  /// The first frame that the second-newest verified chain of a session needs to be brought up to
  /// the present.
  private long firstFrameNeeded(SessionSlot slot) {
    if (slot.damage() != null) {
      // Whoever heals it may need anything.
      return 0;
    }
    long seq = chains.replayFromSeq(store.checkpoints(slot.id()));
    Optional<FrameSpans> index = store.spansHolding(slot.id(), seq);
    if (index.isEmpty()) {
      // No checkpoint contains it: it lies behind the low-water mark.
      return Long.MAX_VALUE;
    }
    List<Span> spans = index.get().within(seq, seq).spans();
    return spans.isEmpty() ? 0 : spans.getFirst().frameId();
  }
}

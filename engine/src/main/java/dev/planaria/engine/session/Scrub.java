package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.CheckpointCodec;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.integrity.Finding.Code;
import dev.planaria.engine.integrity.Severity;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.recovery.Recovery;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.FrameCursor;
import dev.planaria.engine.storage.Store;
import dev.planaria.engine.storage.archive.Segment;
import dev.planaria.engine.storage.archive.SegmentInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads stored data again, a little at a time, so that damage is found while there is still
/// something to make up for it: every session with its checkpoints, the archive, and the frames of
/// the database, then a rest. Goes on where it was; a new process begins anew.
///
/// It heals what it can heal without loss: a session that serves is written anew, as a full
/// checkpoint, when what is stored of it is damaged; one that is on disk alone takes the way of
/// every damaged session now, while older checkpoints and the archive may still cover it, and not
/// when somebody waits for it. What nothing needs now is reported and left as it is.
///
/// Not thread-safe but for [#report]; called by the regular rounds alone.
final class Scrub {

  private static final System.Logger LOG = System.getLogger(Scrub.class.getName());

  /// What looking at a session costs beside the bytes that are read.
  private static final long SESSION_BYTES = 4_096;

  private static final long FRAMES_BYTES = 64 << 10;
  private static final int MOST_FINDINGS = 100;

  private final EngineParts parts;
  private final Store store;
  private final Catalogue catalogue;
  private final Healing healing;
  private final StoredCopies copies;
  private final RecoveryReports reports;
  private final Consumer<SessionSlot> bringBack;
  private final BooleanSupplier recovering;
  private @Nullable Pass pass;
  private volatile @Nullable ScrubReport newest;
  private long lastMillis;
  private long nextPassMillis;
  private long credit;

  /// What the scrub works with.
  ///
  /// @param bringBack brings a session into memory, healing it on the way
  /// @param recovering true while sessions are recovered after a crash: those come first
  record Means(
      Catalogue catalogue,
      Healing healing,
      StoredCopies copies,
      RecoveryReports reports,
      Consumer<SessionSlot> bringBack,
      BooleanSupplier recovering) {}

  Scrub(EngineParts parts, Means means) {
    this.parts = parts;
    this.store = parts.store();
    this.catalogue = means.catalogue();
    this.healing = means.healing();
    this.copies = means.copies();
    this.reports = means.reports();
    this.bringBack = means.bringBack();
    this.recovering = means.recovering();
    this.lastMillis = parts.nowMillis();
  }

  /// What remains to be read, and what was found.
  private static final class Pass {
    private final long startedAtMillis;
    private final Deque<SessionId> sessions = new ArrayDeque<>();
    private final Deque<SegmentInfo> segments = new ArrayDeque<>();
    private final FrameCursor frames;
    private final List<Finding> findings = new ArrayList<>();
    private FrameHead head;
    private boolean broken;
    private boolean finished;
    private long sessionsRead;
    private long checkpointsRead;
    private long segmentsRead;
    private long framesRead;
    private long bytesRead;
    private long mended;

    Pass(long nowMillis, FrameCursor frames, FrameHead head) {
      this.startedAtMillis = nowMillis;
      this.frames = frames;
      this.head = head;
    }

    ScrubReport report() {
      return new ScrubReport(
          startedAtMillis,
          finished,
          sessionsRead,
          checkpointsRead,
          segmentsRead,
          framesRead,
          bytesRead,
          mended,
          findings);
    }
  }

  /// The pass that is under way, or the last one; null before the first.
  @Nullable ScrubReport report() {
    return newest;
  }

  /// Reads as much as its share since the last round allows. What is larger than that is read in
  /// one piece, and the rounds behind it are left out.
  void runOnce() {
    long now = parts.nowMillis();
    long share = parts.settings().scrub().bytesPerSecond();
    // At most one second's worth: after a long sleep it must not make up for all of it.
    long earned = share * Math.clamp(now - lastMillis, 0, 1_000) / 1_000;
    lastMillis = now;
    if (share == 0 || now < nextPassMillis || recovering.getAsBoolean()) {
      return;
    }
    credit = Math.min(share, credit + earned);
    Pass current = pass;
    if (current == null || current.finished) {
      try {
        current = begin(now);
      } catch (DamagedException e) {
        // Without its index nobody knows where the archive ends and the database begins.
        LOG.log(System.Logger.Level.WARNING, "stored data cannot be read again: " + e.getMessage());
        nextPassMillis = now + parts.settings().scrub().pauseMillis();
        return;
      }
      pass = current;
    }
    while (credit > 0 && !current.finished) {
      long read = step(current);
      current.bytesRead += read;
      credit -= read;
    }
    if (current.finished) {
      nextPassMillis = now + parts.settings().scrub().pauseMillis();
      credit = 0;
    }
    newest = current.report();
  }

  private Pass begin(long now) {
    List<SegmentInfo> segments = store.archive().segments();
    FrameHead behind =
        segments.isEmpty() ? store.archive().historyStart() : segments.getLast().last();
    var begun = new Pass(now, new FrameCursor(store, behind.id()), behind);
    begun.segments.addAll(segments);
    catalogue.all().forEach(slot -> begun.sessions.add(slot.id()));
    return begun;
  }

  /// Returns how much was read.
  private long step(Pass current) {
    SessionId session = current.sessions.poll();
    if (session != null) {
      return catalogue.find(session).map(slot -> look(current, slot)).orElse(SESSION_BYTES);
    }
    SegmentInfo segment = current.segments.poll();
    if (segment != null) {
      return look(current, segment);
    }
    long[] read = new long[1];
    current.finished =
        !current.frames.advance(
            FRAMES_BYTES,
            (id, bytes) -> {
              read[0] += bytes.length;
              look(current, id, bytes);
            });
    return read[0];
  }

  private long look(Pass current, SessionSlot slot) {
    current.sessionsRead++;
    LiveSession live = slot.liveOrNull();
    if (live != null && live.isUnborn()) {
      return SESSION_BYTES;
    }
    // Of one in quarantine all is told once more, since what a whole pass does not tell of counts
    // as gone; but it was counted when it was quarantined, and a person decides what becomes of it.
    boolean quarantined = slot.damage() != null;
    Consumer<Finding> telling =
        quarantined ? finding -> tell(current, finding) : finding -> found(current, finding);
    long bytes = SESSION_BYTES;
    for (CheckpointInfo info : store.checkpoints(slot.id())) {
      if (info.verified()) {
        bytes += info.bytes();
        current.checkpointsRead++;
        look(info).ifPresent(telling);
      }
    }
    if (live != null) {
      StoredCopies.Look seen = copies.look(live);
      seen.findings().forEach(finding -> found(current, finding));
      if (Severity.HIGH == worst(seen.findings())) {
        current.mended++;
        reports.mended(copies.mend(slot, live, seen, null));
      }
      return bytes;
    }
    Optional<Recovery.Outcome> foreseen = slot.askCold(healing::foresee);
    List<Finding> findings = foreseen.map(Recovery.Outcome::findings).orElse(List.of());
    findings.stream().limit(quarantined ? MOST_FINDINGS : findings.size()).forEach(telling);
    if (!findings.isEmpty() && !quarantined) {
      current.mended++;
      parts.detections().foundIn(slot.id(), findings);
      bringBack.accept(slot);
    }
    return bytes;
  }

  private static @Nullable Severity worst(List<Finding> findings) {
    return findings.stream().map(Finding::severity).max(Severity::compareTo).orElse(null);
  }

  private Optional<Finding> look(CheckpointInfo info) {
    // One that retention has removed meanwhile is no matter.
    return damage(() -> store.checkpoint(info.id()).ifPresent(CheckpointCodec::read))
        .map(sentence ->
            Finding.integrity(
                Code.CHECKPOINT_DAMAGED,
                "checkpoint",
                info.sessionId().toString(),
                List.of(info.id()),
                sentence));
  }

  private long look(Pass current, SegmentInfo info) {
    current.segmentsRead++;
    Optional<String> damage = damage(() -> readWhole(info));
    if (damage.isPresent() && store.archive().segments().contains(info)) {
      found(
          current,
          Finding.integrity(
              Code.FRAME_DAMAGED, "archive", null, List.of(info.fileName()), damage.get()));
    }
    return info.bytes();
  }

  private void readWhole(SegmentInfo info) {
    byte[] file = store.archive().segmentFiles().read(info.fileName());
    if (!Hash.sha256(file).equals(info.sha256())) {
      throw new DamagedException(
          "segment " + info.fileName() + " of the archive is not the file that the index names");
    }
    var _ = Segment.decode(file);
  }

  /// What is wrong both times that something is read. What is wrong once was a fault of the reading
  /// (memory, a bus, a cable), and is counted as a false alarm.
  private Optional<String> damage(Runnable reading) {
    try {
      reading.run();
      return Optional.empty();
    } catch (DamagedException suspected) {
      try {
        reading.run();
        parts.detections().falseAlarm();
        return Optional.empty();
      } catch (DamagedException confirmed) {
        return Optional.of(String.valueOf(confirmed.getMessage()));
      }
    }
  }

  private void look(Pass current, long id, byte[] bytes) {
    current.framesRead++;
    FrameHead before = current.head;
    current.head = new FrameHead(id, Hash.sha256(bytes));
    try {
      Frame.Header header = Frame.read(bytes);
      boolean next = header.declaresLoss() || id == before.id() + 1;
      // Behind a damaged one nobody can say.
      boolean follows = current.broken || header.previous().equals(before.hash());
      current.broken = false;
      if (!next || header.id() != id || !follows) {
        throw new DamagedException("it does not follow frame " + before.id());
      }
      int offset = Frame.HEADER_BYTES;
      for (int i = 0; i < header.entries(); i++) {
        int length = EntryCodec.lengthAt(bytes, offset);
        var _ = EntryCodec.decode(bytes, offset);
        offset += length;
      }
    } catch (DamagedException damaged) {
      current.broken = true;
      found(
          current,
          Finding.integrity(
              Code.FRAME_DAMAGED,
              "frame",
              null,
              List.of(Long.toString(id)),
              "frame " + id + ": " + damaged.getMessage()));
    }
  }

  private void found(Pass current, Finding finding) {
    if (tell(current, finding)) {
      parts.detections().found(finding);
    }
  }

  /// Returns false when this pass has told of it before.
  private boolean tell(Pass current, Finding finding) {
    boolean known = current.findings.stream().anyMatch(other -> isSame(other, finding));
    if (!known) {
      LOG.log(
          System.Logger.Level.WARNING,
          "scrub: " + finding.severity() + " " + finding.code() + ": " + finding.sentence());
      parts.tell(new EngineEvent.DamageFound(finding));
      if (current.findings.size() < MOST_FINDINGS) {
        current.findings.add(finding);
      }
    }
    return !known;
  }

  /// Two sessions may be damaged alike, in the same words.
  private static boolean isSame(Finding one, Finding other) {
    return one.code().equals(other.code())
        && Objects.equals(one.sessionId(), other.sessionId())
        && one.sentence().equals(other.sentence());
  }
}

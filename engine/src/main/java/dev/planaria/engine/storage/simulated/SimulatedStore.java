package dev.planaria.engine.storage.simulated;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.DroppedException;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.JournalException.Fenced;
import dev.planaria.engine.journal.JournalException.StoreFailed;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.RecoveryPage;
import dev.planaria.engine.storage.SessionRow;
import dev.planaria.engine.storage.Store;
import dev.planaria.engine.storage.StoreMarks;
import dev.planaria.engine.storage.StoredRecovery;
import dev.planaria.engine.storage.archive.ArchivedFrames;
import dev.planaria.engine.storage.archive.FrameArchive;
import dev.planaria.engine.storage.archive.SegmentInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A store on a [SimulatedDisk] that fails on request. Thread-safe.
public final class SimulatedStore implements Store {

  private final SimulatedDisk disk;
  private final SimulatedArchive archive;
  private final ArchivedFrames archived;
  private final StoreMarks marks;
  private final Consumer<String> beforeWriting;
  private volatile Consumer<String> beforeReading = step -> {};
  private final Deque<Fault> faults = new ArrayDeque<>();
  private @Nullable CheckpointFault checkpointFault;
  private int failingReopens;
  private int hits;
  private @Nullable CountDownLatch gate;
  private boolean ignoresSync;
  private boolean writesLate;
  private boolean commitsToCache;
  private boolean ignoresEpoch;
  private @Nullable Frame late;

  /// What the next append does.
  public enum Fault {
    /// Throws, and nothing was written.
    BEFORE_WRITE,
    /// Throws, although the frame was written: it can be read after the store was opened again.
    AFTER_WRITE
  }

  /// Opens the store, as a process does that has just begun.
  public SimulatedStore(SimulatedDisk disk) {
    this(disk, step -> {});
  }

  /// The same on a disk that takes its time, or whose process may end meanwhile.
  ///
  /// @param beforeWriting called before whatever is written or synced, with its name, while no lock
  ///   is held; what it throws is thrown to the caller, and nothing is written
  public SimulatedStore(SimulatedDisk disk, Consumer<String> beforeWriting) {
    this.disk = disk;
    this.beforeWriting = beforeWriting;
    this.archive = new SimulatedArchive(disk);
    this.archived = new ArchivedFrames(archive);
    synchronized (disk) {
      boolean clean = disk.closedEpoch == disk.epoch;
      disk.epoch++;
      this.marks = new StoreMarks(disk.epoch, clean, disk.lowWater);
    }
  }

  /// Appends fail like this, in order; after that they succeed again.
  public synchronized void failNext(Fault... next) {
    faults.addAll(List.of(next));
  }

  /// How a checkpoint may fail.
  public enum CheckpointFault {
    /// Before it is written.
    BEFORE_WRITE,
    /// After that, and before it is marked as verified.
    BEFORE_MARK,
    /// After it was marked as verified, although the caller is told that it failed.
    AFTER_MARK
  }

  /// The next checkpoint fails.
  public synchronized void failNextCheckpoint(CheckpointFault fault) {
    checkpointFault = fault;
  }

  private synchronized void failCheckpointIf(CheckpointFault reached) {
    if (checkpointFault == reached) {
      checkpointFault = null;
      hits++;
      throw failure("checkpointing");
    }
  }

  /// The next reopenings fail.
  public synchronized void failReopening(int times) {
    failingReopens = times;
  }

  /// How many planned faults were really hit.
  public synchronized int hits() {
    return hits;
  }

  /// A broken store: what can be read is never made durable.
  public synchronized void ignoreSync() {
    ignoresSync = true;
  }

  /// A broken store: a commit returns when its frame is in a cache that goes with the power.
  public synchronized void commitToCache() {
    commitsToCache = true;
  }

  /// A broken store: it takes writes of a process that is none of its own any more.
  public synchronized void ignoreEpoch() {
    ignoresEpoch = true;
  }

  /// A broken store: a commit returns before anything was written; the frame follows with the next
  /// one.
  public synchronized void writeLate() {
    writesLate = true;
  }

  /// Appends wait until the latch is open, as on a disk that hangs.
  public synchronized void holdAppends(CountDownLatch until) {
    gate = until;
  }

  /// From here on reads of records and checkpoints are as on a disk that fails or hangs.
  ///
  /// @param step called with the read's name, while no lock is held; what it throws is thrown
  public void beforeReading(Consumer<String> step) {
    beforeReading = step;
  }

  @Override
  public void append(Frame frame) {
    CountDownLatch wait;
    Fault fault;
    synchronized (this) {
      wait = gate;
      fault = faults.poll();
      hits += fault == null ? 0 : 1;
    }
    if (wait != null) {
      awaitUninterruptibly(wait);
    }
    beforeWriting.accept("append");
    synchronized (disk) {
      requireEpoch(frame.epoch());
      if (fault == Fault.BEFORE_WRITE) {
        throw failure("writing");
      }
      if (writesLate) {
        Frame previous = late;
        late = frame;
        if (previous != null) {
          disk.frames.put(previous.id(), previous.bytes());
        }
        return;
      }
      disk.frames.put(frame.id(), frame.bytes());
      if (fault == Fault.AFTER_WRITE) {
        throw failure("syncing");
      }
      if (!commitsToCache) {
        disk.syncedUpTo = frame.id();
      }
    }
  }

  /// Nothing is written by a process whose store another one has opened since.
  private void requireEpoch(long epoch) {
    if (!ignoresEpoch && disk.epoch != epoch) {
      throw new Fenced(epoch);
    }
  }

  private static StoreFailed failure(String what) {
    return new StoreFailed(what, new java.io.IOException("simulated"));
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("waiting");
    }
  }

  @Override
  public void sync() {
    beforeWriting.accept("sync");
    synchronized (this) {
      if (ignoresSync) {
        return;
      }
    }
    synchronized (disk) {
      disk.syncedUpTo = disk.frames.isEmpty() ? 0 : disk.frames.lastKey();
    }
  }

  @Override
  public void reopen() {
    beforeWriting.accept("reopen");
    synchronized (this) {
      if (failingReopens > 0) {
        failingReopens--;
        hits++;
        throw failure("opening");
      }
    }
  }

  @Override
  public FrameHead head() {
    synchronized (disk) {
      Map.Entry<Long, byte[]> last = disk.frames.lastEntry();
      return last == null
          ? FrameHead.START
          : new FrameHead(last.getKey(), Hash.sha256(last.getValue()));
    }
  }

  @Override
  public void scan(long afterFrameId, FrameVisitor visitor) {
    List<Map.Entry<Long, byte[]>> found;
    List<SegmentInfo> index;
    synchronized (disk) {
      found = List.copyOf(disk.frames.tailMap(afterFrameId, false).entrySet());
      index = archive.segments();
    }
    if (!found.isEmpty()) {
      archived.scan(index, afterFrameId, found.getFirst().getKey(), visitor);
    }
    found.forEach(frame -> visitor.frame(frame.getKey(), frame.getValue()));
  }

  @Override
  public byte[] slice(long frameId, int from, int to) {
    synchronized (disk) {
      byte[] bytes = disk.frames.get(frameId);
      if (bytes == null) {
        bytes =
            archived
                .frame(disk.segments, frameId)
                .orElseThrow(() ->
                    frameId <= disk.historyStart.id()
                        ? new DroppedException(frameId)
                        : new DamagedException("no frame " + frameId));
      }
      return Arrays.copyOfRange(bytes, from, Math.min(to, bytes.length));
    }
  }

  /// The archive dies before this step, counted from 1; the rest of the store goes on.
  public void dieBeforeArchiveStep(int step) {
    archive.dieBefore(step);
  }

  /// A broken disk: half of every file of the archive is lost, and nobody is told.
  public void tearFiles() {
    archive.tearFiles();
  }

  /// How many rows of frames were read in a row.
  public long framesRead() {
    return archive.framesRead();
  }

  /// From here on the archive's index cannot be read.
  public void damageArchiveIndex() {
    archive.damageIndex();
  }

  /// A line of the archive's index is gone, and nobody is told; its file is still there.
  public SegmentInfo loseArchiveLine(int number) {
    return archive.loseLine(number);
  }

  /// The steps that the archive was taken through so far.
  public List<String> archiveSteps() {
    return archive.steps();
  }

  @Override
  public FrameArchive archive() {
    return archive;
  }

  @Override
  public void tidy() {}

  @Override
  public StoreMarks marks() {
    return marks;
  }

  @Override
  public void saveCheckpoint(StoredCheckpoint checkpoint) {
    beforeWriting.accept("save checkpoint");
    failCheckpointIf(CheckpointFault.BEFORE_WRITE);
    synchronized (disk) {
      requireEpoch(marks.epoch());
      disk.checkpoints.put(checkpoint.info().id(), checkpoint);
    }
  }

  @Override
  public void markVerified(List<String> checkpointIds, SessionRow row, FrameSpans entries) {
    beforeWriting.accept("mark verified");
    failCheckpointIf(CheckpointFault.BEFORE_MARK);
    synchronized (disk) {
      requireEpoch(marks.epoch());
      for (String id : checkpointIds) {
        disk.checkpoints.put(id, SimulatedDisk.verified(disk.stored(id)));
      }
      disk.sessions.put(row.id().toString(), row);
      if (!entries.spans().isEmpty()) {
        disk.index.add(new SimulatedDisk.IndexRow(row.id().toString(), row.seq(), entries));
      }
    }
    failCheckpointIf(CheckpointFault.AFTER_MARK);
  }

  @Override
  public void deleteCheckpoints(List<String> checkpointIds) {
    beforeWriting.accept("delete checkpoints");
    synchronized (disk) {
      requireEpoch(marks.epoch());
      disk.checkpoints.keySet().removeAll(checkpointIds);
    }
  }

  @Override
  public void moveLowWater(FrameHead lowWater) {
    beforeWriting.accept("move low water");
    synchronized (disk) {
      requireEpoch(marks.epoch());
      disk.lowWater = lowWater;
    }
  }

  @Override
  public void saveRecoveries(List<StoredRecovery> records) {
    beforeWriting.accept("save recoveries");
    synchronized (disk) {
      requireEpoch(marks.epoch());
      for (StoredRecovery record : records) {
        String session = record.sessionId().map(SessionId::toString).orElse("");
        disk.recoveries.put(record.recoveryId() + '/' + session, record);
      }
    }
  }

  @Override
  public void markClosed() {
    synchronized (disk) {
      requireEpoch(marks.epoch());
      disk.closedEpoch = disk.epoch;
    }
  }

  @Override
  public List<SessionId> sessions(Consumer<SessionRow> visitor) {
    List<SessionRow> rows;
    List<SessionId> unlisted;
    synchronized (disk) {
      rows = List.copyOf(disk.sessions.values());
      unlisted =
          disk.checkpoints.values().stream()
              .filter(checkpoint -> checkpoint.info().verified())
              .map(checkpoint -> checkpoint.info().sessionId())
              .distinct()
              .filter(id -> !disk.sessions.containsKey(id.toString()))
              .toList();
    }
    rows.forEach(visitor);
    return unlisted;
  }

  @Override
  public List<CheckpointInfo> checkpoints(SessionId sessionId) {
    beforeReading.accept("checkpoints");
    synchronized (disk) {
      return disk.checkpoints.values().stream()
          .map(StoredCheckpoint::info)
          .filter(info -> info.sessionId().equals(sessionId))
          .toList()
          .reversed()
          .stream()
          .sorted(Comparator.comparingLong(CheckpointInfo::seq).reversed())
          .toList();
    }
  }

  @Override
  public Optional<StoredCheckpoint> checkpoint(String checkpointId) {
    synchronized (disk) {
      return Optional.ofNullable(disk.checkpoints.get(checkpointId));
    }
  }

  @Override
  public Optional<FrameSpans> spansHolding(SessionId sessionId, long seq) {
    synchronized (disk) {
      return disk.index.stream()
          .filter(row -> row.session().equals(sessionId.toString()) && row.lastSeq() >= seq)
          .min(Comparator.comparingLong(SimulatedDisk.IndexRow::lastSeq))
          .map(SimulatedDisk.IndexRow::spans);
    }
  }

  @Override
  public List<String> recoveries(Optional<SessionId> sessionId, int limit) {
    beforeReading.accept(sessionId.isPresent() ? "recoveries of a session" : "recovery runs");
    String suffix = '/' + sessionId.map(SessionId::toString).orElse("");
    synchronized (disk) {
      var found = new ArrayList<String>();
      disk.recoveries.forEach((key, record) -> {
        if (key.endsWith(suffix) && key.length() == 36 + suffix.length()) {
          found.addFirst(record.json());
        }
      });
      return found.stream().limit(limit).toList();
    }
  }

  @Override
  public RecoveryPage recoveries(long sinceMillis, RecoveryPage.Place before, int limit) {
    beforeReading.accept("recoveries");
    synchronized (disk) {
      List<StoredRecovery> found =
          disk.recoveries.values().stream()
              .filter(record -> record.timeMillis() >= sinceMillis)
              .filter(record -> RecoveryPage.Place.of(record).compareTo(before) < 0)
              .sorted(Comparator.comparing(RecoveryPage.Place::of).reversed())
              .limit(limit)
              .toList();
      return new RecoveryPage(
          found,
          0,
          found.size() < limit
              ? Optional.empty()
              : Optional.of(RecoveryPage.Place.of(found.getLast())));
    }
  }

  @Override
  public List<String> check() {
    return archived.check(archive.segments());
  }

  @Override
  public long bytesOnDisk() {
    synchronized (disk) {
      return disk.frames.values().stream().mapToLong(bytes -> bytes.length).sum();
    }
  }

  @Override
  public long logBytes() {
    return 0;
  }

  @Override
  public void close() {}
}

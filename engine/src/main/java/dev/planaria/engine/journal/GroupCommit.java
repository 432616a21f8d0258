package dev.planaria.engine.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The one writer: takes whatever entries have arrived, writes them as one frame with one fsync,
/// and tells each whether it is on disk. There is no artificial delay; while one frame is being
/// written, the next one gathers.
///
/// A failed commit is neither done nor undone until the store was opened again and looked at: a
/// frame that is found is made durable and acknowledged, one that is not found is rejected, and
/// nobody is answered before that.
///
/// Thread-safe. One platform thread, since it spends its life in fsync.
public final class GroupCommit implements AutoCloseable {

  /// Bounds and pauses of the writer.
  ///
  /// @param frameBytes largest frame: it is held in memory twice
  /// @param retryMillis pause between two attempts to open a failing store: long enough not to burn
  ///   the processor, short enough that a freed disk is noticed at once
  /// @param looks how often the writer looks for the next operation before it falls asleep: 5,000
  ///   looks take about 50 us, which is what falling asleep and being woken costs
  public record Settings(int frameBytes, long retryMillis, int looks) {}

  /// What the writer takes from the outside.
  ///
  /// @param nanoTime a monotonic clock
  /// @param threads where it runs
  /// @param onFenced told once when another process has taken the store over
  /// @param lookUpFailed what became of a failed commit is looked up; always, but in a test that
  ///   shows what would happen else
  public record Surroundings(
      LongSupplier nanoTime,
      Threads threads,
      Consumer<RuntimeException> onFenced,
      boolean lookUpFailed) {

    /// Failed commits are looked up.
    public Surroundings(
        LongSupplier nanoTime, Threads threads, Consumer<RuntimeException> onFenced) {
      this(nanoTime, threads, onFenced, true);
    }
  }

  private final Journal journal;
  private final Settings settings;
  private final long epoch;
  private final Consumer<RuntimeException> onFenced;
  private final boolean lookUpFailed;
  private final LongSupplier nanoTime;
  private final Threads threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final CompletableFuture<@Nullable Void> ended;
  // Guarded by lock.
  private final ArrayDeque<PendingEntry> queue = new ArrayDeque<>();
  private final ArrayDeque<StoreWrite> writes = new ArrayDeque<>();
  private boolean closing;
  private boolean idle;

  /// When the oldest entry of the queue came, if there is one.
  private long queuedNanos;

  // Written under lock, watched without it: something was queued since the last look.
  private volatile boolean arrived;
  // Used by the writer thread alone.
  private FrameHead head;

  /// True once the store could not be opened again and nobody tries any more: the end is near. The
  /// writer's own.
  private boolean gaveUp;

  private volatile @Nullable RuntimeException failure;
  private final AtomicLong frames = new AtomicLong();
  private final AtomicLong entries = new AtomicLong();
  private final LatencyHistogram latencies = new LatencyHistogram();
  private volatile long committedFrame;
  private volatile @Nullable InFlight inFlight;

  /// A group whose commit has begun.
  ///
  /// @param queuedNanos when the oldest of it came
  private record InFlight(List<PendingEntry> group, long sinceNanos, long queuedNanos) {}

  /// What waits for the disk.
  ///
  /// @param entries that wait for their turn, or are being written
  /// @param ageNanos how long the oldest of them has waited, in nanoseconds
  public record Backlog(int entries, long ageNanos) {}

  /// A write to the store that is no frame, done between two frames.
  private record StoreWrite(Runnable action, CompletableFuture<@Nullable Void> done) {}

  /// Starts the writer.
  ///
  /// @param journal the store; nobody else may write to it from here on
  /// @param head its last frame
  /// @param epoch the fencing token that frames carry
  public GroupCommit(
      Journal journal, FrameHead head, long epoch, Settings settings, Surroundings surroundings) {
    this.journal = journal;
    this.head = head;
    this.nanoTime = surroundings.nanoTime();
    this.threads = surroundings.threads();
    this.committedFrame = head.id();
    this.epoch = epoch;
    this.settings = settings;
    this.onFenced = surroundings.onFenced();
    this.lookUpFailed = surroundings.lookUpFailed();
    this.ended = threads.start("journal-writer", this::run);
  }

  /// Queues an entry. Entries of one session must be queued in the order of their seqs, under that
  /// session's lock.
  ///
  /// @throws JournalException.Closed when the writer is closed; nothing was queued
  public void enqueue(PendingEntry entry) {
    lock.lock();
    try {
      if (closing) {
        throw new JournalException.Closed();
      }
      if (queue.isEmpty()) {
        queuedNanos = nanoTime.getAsLong();
      }
      queue.add(entry);
      arrived = true;
      wake();
    } finally {
      lock.unlock();
    }
  }

  /// Runs an action on the writer thread, between two frames, and returns when it is done.
  ///
  /// @throws JournalException when the store failed; the action's transaction was rolled back or is
  ///   unknown
  public void write(Runnable action) {
    var done = new CompletableFuture<@Nullable Void>();
    lock.lock();
    try {
      if (closing) {
        throw new JournalException.Closed();
      }
      writes.add(new StoreWrite(action, done));
      arrived = true;
      wake();
    } finally {
      lock.unlock();
    }
    threads.await(done);
    try {
      done.join();
    } catch (java.util.concurrent.CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /// Why the store takes no writes at the moment, or null when all is well.
  public @Nullable RuntimeException failure() {
    return failure;
  }

  /// The last frame all of whose entries know that they are on disk.
  public long committedFrame() {
    return committedFrame;
  }

  /// Tells the callers of a commit that takes longer than this, and of all that wait behind it,
  /// that the outcome is not known yet. The commit itself goes on.
  public void giveUpWaiting(long afterNanos) {
    InFlight stuck = inFlight;
    if (stuck == null || nanoTime.getAsLong() - stuck.sinceNanos() < afterNanos) {
      return;
    }
    var reason = new IllegalStateException("the disk has not answered");
    stuck.group().forEach(entry -> entry.giveUpWaiting(reason));
    List<PendingEntry> waiting;
    lock.lock();
    try {
      waiting = List.copyOf(queue);
    } finally {
      lock.unlock();
    }
    waiting.forEach(entry -> entry.giveUpWaiting(reason));
  }

  /// Frames written so far; with [#entries] it tells the mean group.
  public long frames() {
    return frames.get();
  }

  /// Entries written so far.
  public long entries() {
    return entries.get();
  }

  /// How long commits took, from the moment when their group was closed until it was on disk.
  public LatencyHistogram.Latencies latencies() {
    return latencies.read();
  }

  /// What waits for the disk.
  public Backlog backlog() {
    InFlight writing = inFlight;
    int waiting;
    long since;
    lock.lock();
    try {
      waiting = queue.size();
      since = queuedNanos;
    } finally {
      lock.unlock();
    }
    int all = waiting + (writing == null ? 0 : writing.group().size());
    if (all == 0) {
      return new Backlog(0, 0);
    }
    long oldest = writing == null ? since : writing.queuedNanos();
    return new Backlog(all, Math.max(0, nanoTime.getAsLong() - oldest));
  }

  /// Writes what was queued, then stops. What cannot be written is rejected.
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    threads.await(ended);
  }

  private void wake() {
    if (idle) {
      changed.signal();
    }
  }

  private void run() {
    while (true) {
      List<PendingEntry> group;
      StoreWrite write;
      long queued;
      awaitQuickCaller();
      lock.lock();
      try {
        idle = queue.isEmpty() && writes.isEmpty() && !closing;
        threads.await(lock, changed, this::hasWork, Long.MAX_VALUE);
        idle = false;
        if (queue.isEmpty() && writes.isEmpty()) {
          return;
        }
        group = takeGroup();
        // What does not fit into this frame came later; it stays a little older than it is.
        queued = queuedNanos;
        write = writes.poll();
        arrived = !queue.isEmpty() || !writes.isEmpty();
      } finally {
        lock.unlock();
      }
      if (!group.isEmpty()) {
        long begun = nanoTime.getAsLong();
        inFlight = new InFlight(group, begun, queued);
        commit(group, begun);
        inFlight = null;
      }
      if (write != null) {
        perform(write);
      }
      tidy();
    }
  }

  /// True when there is something to write, or the end has come. Called under the lock.
  private boolean hasWork() {
    return !queue.isEmpty() || !writes.isEmpty() || closing;
  }

  /// A caller that was just acknowledged often has its next operation ready sooner than this thread
  /// could fall asleep and be woken.
  private void awaitQuickCaller() {
    for (int looks = 0; looks < settings.looks() && !arrived; looks++) {
      Thread.onSpinWait();
    }
  }

  private void tidy() {
    try {
      journal.tidy();
    } catch (JournalException.StoreFailed failed) {
      recoverStore(failed);
    }
  }

  private List<PendingEntry> takeGroup() {
    var group = new ArrayList<PendingEntry>(Math.min(queue.size(), 1024));
    long bytes = Frame.HEADER_BYTES + 4L;
    while (!queue.isEmpty()) {
      int next = queue.peek().bytes().length;
      boolean fits =
          bytes + next <= settings.frameBytes()
              && (group.isEmpty() || group.getFirst().isImport() == queue.peek().isImport());
      if (!group.isEmpty() && !fits) {
        break;
      }
      bytes += next;
      group.add(queue.remove());
    }
    return group;
  }

  private void commit(List<PendingEntry> taken, long begunNanos) {
    var group = new ArrayList<PendingEntry>(taken.size());
    var encoded = new ArrayList<byte[]>(taken.size());
    for (PendingEntry entry : taken) {
      if (entry.isCurrent()) {
        group.add(entry);
        encoded.add(entry.bytes());
      } else {
        entry.rejected(
            new JournalException.StoreFailed("an operation before this one", lastFailure()));
      }
    }
    if (group.isEmpty()) {
      return;
    }
    Frame frame =
        group.getFirst().isImport()
            ? Frame.ofImport(head, epoch, encoded)
            : Frame.of(head, epoch, encoded);
    try {
      journal.append(frame);
    } catch (JournalException.Fenced fenced) {
      reject(group, fenced);
      onFenced.accept(fenced);
      return;
    } catch (JournalException.StoreFailed failed) {
      switch (lookUpFailed ? resolve(frame, failed) : Outcome.APPLIED) {
        case APPLIED -> {}
        case ABSENT -> {
          reject(group, failed);
          return;
        }
        case UNKNOWN -> {
          group.forEach(PendingEntry::takeBack);
          group.forEach(entry -> entry.unknown(failed));
          return;
        }
      }
    }
    latencies.record(nanoTime.getAsLong() - begunNanos);
    acknowledge(frame, group);
  }

  /// What became of a frame whose commit failed.
  private enum Outcome {
    APPLIED,
    ABSENT,
    UNKNOWN
  }

  private void acknowledge(Frame frame, List<PendingEntry> group) {
    head = new FrameHead(frame.id(), frame.hash());
    failure = null;
    frames.incrementAndGet();
    entries.addAndGet(group.size());
    int offset = Frame.HEADER_BYTES;
    for (PendingEntry entry : group) {
      entry.committed(frame.id(), offset);
      offset += entry.bytes().length;
    }
    committedFrame = frame.id();
    if (group.size() == 1) {
      group.getFirst().acknowledge();
    } else {
      // Waking many callers takes as long as a commit: the writer goes on meanwhile.
      var _ = threads.startSmall(() -> group.forEach(PendingEntry::acknowledge));
    }
  }

  /// Everything that was queued behind a rejected entry of the same session follows it and falls
  /// with it.
  private void reject(List<PendingEntry> group, RuntimeException reason) {
    group.forEach(PendingEntry::takeBack);
    group.forEach(entry -> entry.rejected(reason));
  }

  /// Finds out what became of a frame whose commit failed. Tries for as long as the store cannot be
  /// read, since nobody may be answered before; gives up only when the writer is being closed or
  /// another process has taken over.
  private Outcome resolve(Frame frame, RuntimeException cause) {
    failure = cause;
    while (true) {
      try {
        journal.reopen();
        FrameHead found = journal.head();
        if (found.equals(head)) {
          return Outcome.ABSENT;
        }
        if (found.id() == frame.id() && found.hash().equals(frame.hash())) {
          journal.sync();
          return Outcome.APPLIED;
        }
        onFenced.accept(new JournalException.Fenced(epoch));
        return Outcome.UNKNOWN;
      } catch (JournalException.StoreFailed again) {
        failure = again;
        if (!pause()) {
          gaveUp = true;
          return Outcome.UNKNOWN;
        }
      }
    }
  }

  private void perform(StoreWrite write) {
    if (gaveUp) {
      var shut = new JournalException.StoreFailed("opening the store again", lastFailure());
      write.done().completeExceptionally(shut);
      return;
    }
    try {
      write.action().run();
      write.done().complete(null);
    } catch (JournalException.StoreFailed failed) {
      write.done().completeExceptionally(failed);
      recoverStore(failed);
    } catch (RuntimeException failed) {
      write.done().completeExceptionally(failed);
    }
  }

  private void recoverStore(RuntimeException cause) {
    failure = cause;
    while (true) {
      try {
        journal.reopen();
        failure = null;
        return;
      } catch (JournalException.StoreFailed again) {
        failure = again;
        if (!pause()) {
          gaveUp = true;
          return;
        }
      }
    }
  }

  private RuntimeException lastFailure() {
    RuntimeException last = failure;
    return last == null ? new IllegalStateException("the store failed and came back") : last;
  }

  /// Waits before the next attempt; false when the writer is being closed and nobody can wait any
  /// longer.
  private boolean pause() {
    lock.lock();
    try {
      if (closing) {
        return false;
      }
      long nanos = TimeUnit.MILLISECONDS.toNanos(settings.retryMillis());
      return threads.await(lock, changed, () -> closing, nanos);
    } finally {
      lock.unlock();
    }
  }
}

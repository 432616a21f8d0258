package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.Activity;
import dev.planaria.engine.checkpoint.ActivityMeter;
import dev.planaria.engine.checkpoint.ChainEnd;
import dev.planaria.engine.checkpoint.CheckpointPolicy;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.journal.DroppedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.recovery.EntryReader;
import dev.planaria.engine.recovery.JournalWalk;
import dev.planaria.engine.recovery.SessionLoader;
import dev.planaria.engine.recovery.TailIndex;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.Store;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What of a session is on disk: its newest durable state, and where its entries lie. Moved on by
/// the writer thread alone, which therefore never waits for a decision.
///
/// Thread-safe; the monitor of `tail` guards the tail and, with it, the step from one durable state
/// to the next.
final class DurablePart {

  private final SessionId id;
  private final Store store;
  private final TailIndex tail;
  private volatile @Nullable SessionImage image;
  // Touched by whoever holds the session's checkpoint lock.
  private @Nullable ChainEnd chain;
  // Touched by the regular rounds alone.
  private @Nullable ActivityMeter meter;

  /// @param image the state that was recovered, or null for a session that is being created
  DurablePart(SessionId id, Store store, TailIndex tail, @Nullable SessionImage image) {
    this.id = id;
    this.store = store;
    this.tail = tail;
    this.image = image;
  }

  /// The newest state that is on disk, or null when not even the first operation is.
  @Nullable SessionImage image() {
    return image;
  }

  /// The seq of the last operation on disk; 0 when there is none.
  long seq() {
    SessionImage present = image;
    return present == null ? 0 : present.seq();
  }

  /// An operation reached the disk.
  void committed(SessionImage after, long frameId, int offset, int length, long timeMillis) {
    synchronized (tail) {
      tail.add(frameId, offset, length, timeMillis);
      image = after;
    }
  }

  /// The entry of a seq.
  ///
  /// @throws Refusal when it was dropped from the archive for its age
  Optional<Entry> find(long seq) {
    Optional<FrameSpans> index = indexOf(seq);
    if (index.isPresent() && index.get().firstSeq() > seq) {
      throw new Refusal(
          Refusal.Code.OPERATION_EXPIRED,
          "operation "
              + seq
              + " was not in the file from which the session was imported, so nobody can look it up"
              + " here");
    }
    try {
      return index.flatMap(found -> new EntryReader(store).find(id, found, seq));
    } catch (DroppedException e) {
      throw new Refusal(
          Refusal.Code.OPERATION_EXPIRED,
          "operation "
              + seq
              + " was journalled longer ago than the archive is kept (setting"
              + " `archive.keepMillis`), so nobody can look it up any more");
    }
  }

  /// Hands the entries from a seq on to the visitor, in order.
  void journal(long fromSeq, int limit, Consumer<Entry> visitor) {
    var range = new JournalWalk.Range(id, fromSeq, seq(), limit);
    JournalWalk.run(new EntryReader(store), this::indexOf, range, visitor);
  }

  private Optional<FrameSpans> indexOf(long seq) {
    synchronized (tail) {
      if (seq >= tail.firstSeq()) {
        return Optional.of(tail.spans());
      }
    }
    return store.spansHolding(id, seq);
  }

  /// A state, and where the entries lie that led to it since the last checkpoint.
  record Sealed(SessionImage image, FrameSpans entries) {}

  /// This moment, for a checkpoint.
  Sealed seal() {
    synchronized (tail) {
      SessionImage present = image;
      if (present == null) {
        throw new IllegalStateException("nothing of this session is on disk yet");
      }
      return new Sealed(present, tail.seal());
    }
  }

  /// What the next checkpoint can be a delta to, or null after a recovery: then a full one comes
  /// first. For whoever holds the session's checkpoint lock.
  @Nullable ChainEnd chain() {
    return chain;
  }

  /// Says what the next checkpoint can be a delta to. For whoever holds the session's checkpoint
  /// lock.
  void chain(@Nullable ChainEnd end) {
    chain = end;
  }

  /// Looks how much is going on. Called by one thread at a time.
  Activity activity(ActivityMeter.Rates rates, long nowMillis) {
    ActivityMeter watching = meter;
    if (watching == null) {
      watching = new ActivityMeter(rates);
      meter = watching;
    }
    return watching.observe(seq(), nowMillis);
  }

  /// The state after an operation that is on disk.
  SessionImage stateAt(long seq) {
    return new SessionLoader(store).stateAt(id, seq, this::indexOf);
  }

  /// Forgets where the entries lie that a checkpoint contains.
  void checkpointed(FrameSpans contained, long nowMillis) {
    synchronized (tail) {
      tail.cut(contained, nowMillis);
    }
  }

  /// How much no checkpoint contains yet.
  CheckpointPolicy.Tail tailSize() {
    synchronized (tail) {
      return new CheckpointPolicy.Tail(tail.entries(), tail.bytes(), tail.sinceMillis());
    }
  }

  /// The first frame that must be read to bring this session back, or `Long.MAX_VALUE`.
  long firstFrameNeeded() {
    synchronized (tail) {
      return tail.firstFrame();
    }
  }
}

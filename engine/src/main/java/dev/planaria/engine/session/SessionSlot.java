package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.Activity;
import dev.planaria.engine.checkpoint.CheckpointPolicy;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.journal.JournalException;
import dev.planaria.engine.journal.Threads;
import dev.planaria.engine.recovery.Complexity;
import dev.planaria.engine.recovery.RecoveryFailed;
import dev.planaria.engine.recovery.SessionTail;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionStatus;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A session's place in the catalogue: in memory, or still on disk alone (cold), or refused because
/// of damage.
///
/// Thread-safe. A cold session is brought back by the first who touches it; others wait for that
/// one.
final class SessionSlot {

  private final SessionId id;
  private final String name;
  private final long createdAtMillis;
  private final Threads threads;
  private final ReentrantLock waking = new ReentrantLock();
  private volatile @Nullable LiveSession live;
  private volatile @Nullable String damage;
  private volatile @Nullable SessionImage readable;
  private volatile @Nullable SessionTail cold;
  private volatile long touchedMillis;

  /// A session that is being created.
  SessionSlot(LiveSession live, String name, long createdAtMillis) {
    this.threads = live.threads();
    this.id = live.id();
    this.name = name;
    this.createdAtMillis = createdAtMillis;
    this.live = live;
  }

  /// A session that was found on disk.
  SessionSlot(SessionTail cold, Threads threads) {
    this.threads = threads;
    this.id = cold.id();
    this.name = cold.name();
    this.createdAtMillis = cold.createdAtMillis();
    this.cold = cold;
  }

  SessionId id() {
    return id;
  }

  String name() {
    return name;
  }

  /// The session, if it is in memory.
  @Nullable LiveSession liveOrNull() {
    return live;
  }

  /// Why it is refused, in a sentence, or null.
  @Nullable String damage() {
    return damage;
  }

  /// The session, brought back first if it is cold.
  ///
  /// @param nowMillis when it is touched, Unix time
  /// @param recover brings it back
  /// @throws SessionUnavailable when it is damaged, or cannot be read now
  LiveSession live(long nowMillis, Function<SessionTail, LiveSession> recover) {
    touchedMillis = nowMillis;
    LiveSession present = live;
    if (present != null) {
      return present;
    }
    threads.lock(waking);
    try {
      present = live;
      SessionTail tail = cold;
      if (present != null || tail == null) {
        return requirePresent(present);
      }
      String found = damage;
      if (found != null) {
        throw unavailable(found);
      }
      return recover(tail, recover, _ -> true);
    } finally {
      waking.unlock();
    }
  }

  private LiveSession recover(
      SessionTail tail,
      Function<SessionTail, LiveSession> recover,
      Predicate<LiveSession> staysInMemory) {
    boolean recovered = false;
    try {
      LiveSession session = recover.apply(tail);
      recovered = true;
      damage = null;
      readable = null;
      if (staysInMemory.test(session)) {
        live = session;
        cold = null;
      }
      return session;
    } catch (RecoveryFailed failed) {
      damage = failed.finding();
      readable = failed.readable();
      throw unavailable(failed.finding());
    } catch (JournalException.StoreFailed failed) {
      // Not a finding: a disk that fails may come back, and the next who asks tries again.
      throw new SessionUnavailable(
          id,
          "session "
              + name
              + " cannot be read now, since its store fails ("
              + failed.getMessage()
              + "); ask again, and should that not help, `planaria verify` says what is damaged");
    } finally {
      if (!recovered) {
        // Something of the attempt may be in the journal by now, where its index does not look.
        tail.distrust();
      }
    }
  }

  /// Recovers a session that is on disk alone, and leaves it there when the recovery has changed
  /// nothing: it has been shown to be whole, and whoever asks next brings it back. One that
  /// somebody has brought back already is left alone.
  ///
  /// @throws SessionUnavailable when it is damaged
  void prove(Function<SessionTail, LiveSession> recover) {
    threads.lock(waking);
    try {
      SessionTail tail = cold;
      if (tail == null || damage != null) {
        return;
      }
      var _ = recover(tail, recover, session -> !session.isAsFound(tail));
    } finally {
      waking.unlock();
    }
  }

  /// Looks at the tail of a session that is on disk alone, unless somebody is bringing it back.
  void whileCold(Consumer<SessionTail> look) {
    if (waking.tryLock()) {
      try {
        SessionTail tail = cold;
        if (tail != null) {
          look.accept(tail);
        }
      } finally {
        waking.unlock();
      }
    }
  }

  /// Recovers the session as a person has decided. One that serves is left alone.
  ///
  /// @throws SessionUnavailable when that fails too
  LiveSession recoverAgain(Function<SessionTail, LiveSession> recover) {
    threads.lock(waking);
    try {
      SessionTail tail = cold;
      return tail == null ? requirePresent(live) : recover(tail, recover, _ -> true);
    } finally {
      waking.unlock();
    }
  }

  /// Asks something of a session that is not in memory, while nobody brings it back. Nothing when
  /// it is in memory.
  <T> Optional<T> askCold(Function<SessionTail, T> asked) {
    threads.lock(waking);
    try {
      SessionTail tail = cold;
      return tail == null ? Optional.empty() : Optional.of(asked.apply(tail));
    } finally {
      waking.unlock();
    }
  }

  /// What can be read of a session that is refused, or null.
  @Nullable SessionImage readable() {
    return readable;
  }

  /// True for a sound session that is on disk alone, with operations that should be in a checkpoint
  /// by now.
  boolean isUnsettled(CheckpointPolicy policy, long nowMillis) {
    SessionTail tail = cold;
    if (tail == null || damage != null || tail.isIntricate()) {
      return false;
    }
    return policy.isDue(tailSize(), Activity.LOW, nowMillis);
  }

  /// How hard it is to recover; for a session in memory, not at all.
  Complexity.Measure measure() {
    SessionTail tail = cold;
    return tail == null
        ? new Complexity.Measure(0, 0, false, 0)
        : new Complexity.Measure(
            tail.index().entries(), tail.checkpointSeq() > 0 ? 1 : 0, tail.isIntricate(), 0);
  }

  private static LiveSession requirePresent(@Nullable LiveSession present) {
    if (present == null) {
      throw new IllegalStateException("a session is neither in memory nor on disk");
    }
    return present;
  }

  private SessionUnavailable unavailable(String finding) {
    return new SessionUnavailable(
        id,
        "session "
            + name
            + " is quarantined, others are not affected: "
            + finding
            + "; it can be read as far as it goes; run `planaria recover "
            + name
            + "` to decide what becomes of it");
  }

  /// When it was last asked for, Unix time.
  long touchedMillis() {
    return touchedMillis;
  }

  /// Lets the session leave memory, if everything of it is in a checkpoint. Whoever asks next
  /// brings it back.
  boolean evict() {
    threads.lock(waking);
    try {
      LiveSession present = live;
      if (present == null || !present.retire()) {
        return false;
      }
      SessionImage image = present.view();
      cold =
          SessionTail.ofCheckpoint(
              id, name, createdAtMillis, image.state().status(), image.seq(), image.hash());
      live = null;
      return true;
    } finally {
      waking.unlock();
    }
  }

  /// The first frame that must be read to bring this session back, or `Long.MAX_VALUE`.
  long firstFrameNeeded() {
    LiveSession present = live;
    SessionTail tail = cold;
    if (present != null) {
      return present.disk().firstFrameNeeded();
    }
    return tail == null ? Long.MAX_VALUE : tail.index().firstFrame();
  }

  /// How much no checkpoint contains yet.
  CheckpointPolicy.Tail tailSize() {
    LiveSession present = live;
    SessionTail tail = cold;
    if (present != null) {
      return present.disk().tailSize();
    }
    return tail == null
        ? new CheckpointPolicy.Tail(0, 0, 0)
        : new CheckpointPolicy.Tail(
            tail.index().entries(), tail.index().bytes(), tail.index().sinceMillis());
  }

  SessionSummary summary() {
    LiveSession present = live;
    SessionTail tail = cold;
    if (present != null && !present.isUnborn()) {
      var view = present.view();
      return new SessionSummary(id, name, view.state().status(), createdAtMillis, view.seq(), true);
    }
    SessionStatus status = tail == null ? SessionStatus.INITIALIZING : tail.status();
    if (damage != null) {
      status = SessionStatus.QUARANTINED;
    } else if (tail != null && tail.isIntricate()) {
      status = SessionStatus.RECOVERING;
    }
    return new SessionSummary(
        id, name, status, createdAtMillis, tail == null ? 0 : tail.seq(), false);
  }
}

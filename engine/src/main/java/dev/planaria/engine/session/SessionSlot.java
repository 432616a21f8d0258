package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.recovery.RecoveryFailed;
import dev.planaria.engine.recovery.SessionTail;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionStatus;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
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
  private final ReentrantLock waking = new ReentrantLock();
  private volatile @Nullable LiveSession live;
  private volatile @Nullable String damage;
  private volatile @Nullable SessionTail cold;
  private volatile long touchedMillis;

  /// A session that is being created.
  SessionSlot(LiveSession live, String name, long createdAtMillis) {
    this.id = live.id();
    this.name = name;
    this.createdAtMillis = createdAtMillis;
    this.live = live;
  }

  /// A session that was found on disk.
  SessionSlot(SessionTail cold) {
    this.id = cold.id();
    this.name = cold.name();
    this.createdAtMillis = cold.createdAtMillis();
    this.cold = cold;
    this.damage = cold.damage();
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
  /// @throws SessionUnavailable when it is damaged
  LiveSession live(long nowMillis, Function<SessionTail, LiveSession> recover) {
    touchedMillis = nowMillis;
    LiveSession present = live;
    if (present != null) {
      return present;
    }
    waking.lock();
    try {
      present = live;
      SessionTail tail = cold;
      if (present != null || tail == null) {
        return requirePresent(present);
      }
      String found = damage;
      if (found != null && !found.equals(tail.damage())) {
        throw unavailable(found);
      }
      LiveSession recovered = recover.apply(tail);
      live = recovered;
      cold = null;
      return recovered;
    } catch (RecoveryFailed failed) {
      String finding = failed.finding();
      damage = finding;
      throw unavailable(finding);
    } finally {
      waking.unlock();
    }
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
            + "; run `planaria verify "
            + name
            + "` to see the damage");
  }

  /// When it was last asked for, Unix time.
  long touchedMillis() {
    return touchedMillis;
  }

  /// Lets the session leave memory, if everything of it is in a checkpoint. Whoever asks next
  /// brings it back.
  boolean evict() {
    waking.lock();
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
    }
    return new SessionSummary(
        id, name, status, createdAtMillis, tail == null ? 0 : tail.seq(), false);
  }
}

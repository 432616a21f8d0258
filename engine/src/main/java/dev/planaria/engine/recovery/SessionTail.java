package dev.planaria.engine.recovery;

import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionStatus;
import org.jspecify.annotations.Nullable;

/// What opening a store learns of a session without reading its state: where its chain ends, where
/// its newest entries lie, and whether they can be trusted. Filled by [TailScan]; not thread-safe.
public final class SessionTail {

  private final SessionId id;
  private final String name;
  private final long createdAtMillis;
  private final long checkpointSeq;
  private final Hash checkpointHash;
  private final TailIndex index;
  private SessionStatus status;
  private long seq;
  private Hash hash;
  private int provenAfter;
  private @Nullable String damage;

  SessionTail(
      SessionId id,
      String name,
      long createdAtMillis,
      SessionStatus status,
      long checkpointSeq,
      Hash checkpointHash) {
    this.id = id;
    this.name = name;
    this.createdAtMillis = createdAtMillis;
    this.status = status;
    this.checkpointSeq = checkpointSeq;
    this.checkpointHash = checkpointHash;
    this.index = new TailIndex(checkpointSeq + 1);
    this.seq = checkpointSeq;
    this.hash = checkpointHash;
  }

  /// A session all of which is in its newest checkpoint.
  public static SessionTail ofCheckpoint(
      SessionId id, String name, long createdAtMillis, SessionStatus status, long seq, Hash hash) {
    return new SessionTail(id, name, createdAtMillis, status, seq, hash);
  }

  /// Takes the next intact entry of the chain.
  void accept(EntryPlace place, SessionStatus statusNow, int suspicions) {
    index.add(place.frameId(), place.offset(), place.length(), place.timeMillis());
    seq++;
    hash = place.hash();
    status = statusNow;
    provenAfter = suspicions;
  }

  /// Where an entry lies and what the next one has to follow.
  record EntryPlace(long frameId, int offset, int length, long timeMillis, Hash hash) {}

  /// Says what is wrong; the first finding stays.
  void damaged(String finding) {
    if (damage == null) {
      damage = finding;
    }
  }

  /// How many unattributed damages had been seen when the last good entry was read.
  int provenAfter() {
    return provenAfter;
  }

  /// The session.
  public SessionId id() {
    return id;
  }

  /// Its name.
  public String name() {
    return name;
  }

  /// When it was created, Unix time.
  public long createdAtMillis() {
    return createdAtMillis;
  }

  /// Where it stands.
  public SessionStatus status() {
    return status;
  }

  /// The last operation that the newest checkpoint contains; 0 when there is none.
  public long checkpointSeq() {
    return checkpointSeq;
  }

  /// The chain hash there.
  public Hash checkpointHash() {
    return checkpointHash;
  }

  /// The last operation that is intact.
  public long seq() {
    return seq;
  }

  /// The chain hash there.
  public Hash hash() {
    return hash;
  }

  /// Where the entries behind the newest checkpoint lie.
  public TailIndex index() {
    return index;
  }

  /// Why the session cannot be served, in a sentence, or null.
  public @Nullable String damage() {
    return damage;
  }
}

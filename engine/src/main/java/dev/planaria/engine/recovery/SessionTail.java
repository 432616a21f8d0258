package dev.planaria.engine.recovery;

import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.SeqRange;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionStatus;
import java.util.ArrayList;
import java.util.List;
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
  // Overwritten for each entry of a journal: an object for each would be most of what a scan makes.
  private final byte[] hash;
  private int provenAfter;
  private int sealedAfter;
  private long containedSeq;
  private int containedAfter;
  private boolean healedBefore;
  private boolean behindGap;
  private long possiblyLost;
  private final List<Finding> findings = new ArrayList<>();
  private List<SeqRange> gaps = new ArrayList<>();
  // Written by whoever fetches many tails, while another may bring this session back.
  private volatile byte @Nullable [] fetched;

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
    this.hash = checkpointHash.toBytes();
  }

  /// A session all of which is in its newest checkpoint.
  public static SessionTail ofCheckpoint(
      SessionId id, String name, long createdAtMillis, SessionStatus status, long seq, Hash hash) {
    return new SessionTail(id, name, createdAtMillis, status, seq, hash);
  }

  /// Takes the next intact entry of the chain.
  ///
  /// @param bytes the frame that holds it
  /// @param damages how many damaged stretches of the journal have been met so far
  void accept(long frameId, byte[] bytes, int offset, int length, int damages) {
    if (sealedAfter != damages) {
      // A span must not run across bytes that are no entries.
      var _ = index.seal();
      sealedAfter = damages;
    }
    index.add(frameId, offset, length, EntryCodec.timeMillisAt(bytes, offset));
    seq++;
    behindGap = false;
    System.arraycopy(bytes, EntryCodec.hashAt(bytes, offset), hash, 0, Hash.BYTES);
    provenAfter = damages;
  }

  /// Notes that the session was closed.
  void closed() {
    status = SessionStatus.TERMINATED;
  }

  /// Notes an entry that the newest checkpoint contains.
  ///
  /// @param damages how many damaged stretches of the journal have been met so far
  /// @return how many entries of this session the last stretch must have held, as the entries
  ///   before and behind it show
  long contained(long seq, int damages) {
    boolean acrossOne = containedSeq > 0 && damages - containedAfter == 1;
    long skipped = acrossOne ? Math.max(0, seq - containedSeq - 1) : 0;
    containedSeq = seq;
    containedAfter = damages;
    return skipped;
  }

  /// Notes something that is wrong.
  void found(Finding.Code code, String sentence) {
    findings.add(Finding.integrity(code, "entry", id.toString(), List.of(), sentence));
  }

  /// True when the last thing it came by was a gap, so that nobody can say what comes next.
  boolean isBehindGap() {
    return behindGap;
  }

  /// Goes on behind operations that cannot be read.
  void gapUpTo(long last, long frameId) {
    var gap = new SeqRange(seq + 1, last);
    gaps.add(gap);
    behindGap = true;
    index.addLost(frameId, gap.count());
    seq = last;
  }

  /// A recovery has settled what was lost; damage that it knew of is none any more.
  void settled(Operation.Recovered recovered) {
    healedBefore = true;
    List<SeqRange> known = new ArrayList<>(recovered.lost());
    if (recovered.skipped() != null) {
      known.add(recovered.skipped());
    }
    List<SeqRange> union = SeqRange.union(known);
    gaps =
        new ArrayList<>(
            gaps.stream()
                .filter(gap ->
                    union.stream()
                        .noneMatch(one -> one.holds(gap.first()) && one.holds(gap.last())))
                .toList());
    if (gaps.isEmpty()) {
      findings.clear();
    }
  }

  /// Says that up to so many operations may have been lost behind the last one that is known.
  void suspect(long atMost, String sentence) {
    possiblyLost += atMost;
    found(Finding.Code.POSSIBLE_LOSS, sentence);
  }

  /// True for the operation that comes next among those that the newest checkpoint contains.
  boolean isNextContained(long next) {
    return containedSeq > 0 && next == containedSeq + 1 && next <= checkpointSeq;
  }

  /// Says that it lost nothing in the damage met so far: its newest operation stands behind it.
  void proven(int damages) {
    provenAfter = damages;
    sealedAfter = damages;
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
    return Hash.of(hash);
  }

  /// Reads what [#accept] is about to need; what it returns means nothing.
  int touch() {
    return (int) seq + hash[0] + (int) index.nextSeq();
  }

  /// Where the entries behind the newest checkpoint lie.
  public TailIndex index() {
    return index;
  }

  /// Has all entries of the index at hand, one behind the other.
  void fetched(byte[] entries) {
    fetched = entries;
  }

  /// What [#fetched] was given, once: it is memory that nobody needs twice.
  byte @Nullable [] takeFetched() {
    byte[] taken = fetched;
    fetched = null;
    return taken;
  }

  /// Says that the index may not know everything any more, so that everything is searched.
  public void distrust() {
    healedBefore = true;
  }

  /// True when its very first operation was seen behind the low-water mark, so that all the others
  /// lie there too.
  boolean isWhollyInTail() {
    return checkpointSeq == 0 && index.firstSpanHolds() && gaps.stream().noneMatch(g -> g.holds(1));
  }

  /// What is wrong with what was seen of it; empty when nothing is.
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /// How many operations may have been lost behind the last one that is known.
  public long possiblyLost() {
    return possiblyLost;
  }

  /// True when its entries cannot simply be replayed one after the other.
  public boolean isIntricate() {
    return healedBefore || !findings.isEmpty();
  }

  /// What is wrong, in a sentence, or null.
  public @Nullable String damage() {
    return findings.isEmpty() ? null : findings.getFirst().sentence();
  }
}

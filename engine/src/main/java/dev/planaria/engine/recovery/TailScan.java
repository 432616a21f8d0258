package dev.planaria.engine.recovery;

import dev.planaria.engine.checkpoint.CheckpointLoader;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.integrity.Finding.Code;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.FrameWalk;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Journal.FrameVisitor;
import dev.planaria.engine.recovery.SessionTail.EntryPlace;
import dev.planaria.engine.state.Operation.Beginning;
import dev.planaria.engine.state.Operation.Recovered;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.SeqRange;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SessionStatus;
import dev.planaria.engine.state.UndecodableException;
import dev.planaria.engine.storage.FrameCursor;
import dev.planaria.engine.storage.SessionRow;
import dev.planaria.engine.storage.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The first look at a store: reads every frame behind the low-water mark once, checks every CRC,
/// the chain of frames and the chain of each session, and notes where each session's entries lie.
/// States are not built here, so that a store with a million entries answers after a second or two.
///
/// A session that misses operations, or whose entries do not follow each other, is noted as damaged
/// and read on. Entries that cannot be read and that no session misses make every session suspect
/// that does not prove, by a later entry that follows its last one, that it lost nothing there.
public final class TailScan implements FrameVisitor {

  // The types that change what the catalogue says; known by name so that no other body is
  // decoded here.
  private static final String OPENED = "session_opened";
  private static final String FORKED = "session_forked";
  private static final String CLOSED = "session_closed";
  private static final String RECOVERED = "recovered";

  /// More entries than this no frame holds: the writer's largest frame over the smallest entry.
  private static final long FRAME_ENTRIES = 1 << 16;

  private static final long STEP_BYTES = 1 << 20;

  private final Map<SessionId, SessionTail> sessions = new HashMap<>();
  private final List<String> findings = new ArrayList<>();
  private final EntryCodec codec = new EntryCodec();
  private FrameHead head;
  private final List<Stretch> stretches = new ArrayList<>();
  private boolean chainBroken;
  private long newestEntryMillis;
  private long frames;
  private long entries;

  private TailScan(FrameHead lowWater) {
    this.head = lowWater;
  }

  /// A part of the journal that cannot be read.
  private static final class Stretch {
    private final String sentence;
    private final long atMost;
    private long unaccounted;

    /// @param unaccounted how many entries are missing, as far as that is known
    /// @param atMost how many can be missing
    Stretch(String sentence, long unaccounted, long atMost) {
      this.sentence = sentence;
      this.unaccounted = unaccounted;
      this.atMost = atMost;
    }

    /// How many entries of sessions that show no gap may lie here.
    long open() {
      return Math.min(Math.max(0, unaccounted), atMost);
    }
  }

  /// What a scan found.
  ///
  /// @param head the last frame
  /// @param sessions every session of the store
  /// @param findings damage that belongs to no single session, in sentences
  /// @param newestEntryMillis when the newest entry was decided, Unix time; 0 when there is none
  /// @param frames how many frames were read
  /// @param entries how many intact entries they hold
  public record Result(
      FrameHead head,
      Map<SessionId, SessionTail> sessions,
      List<String> findings,
      long newestEntryMillis,
      long frames,
      long entries) {

    /// The sessions whose entries cannot simply be replayed one after the other.
    public List<SessionId> damaged() {
      return sessions.values().stream()
          .filter(SessionTail::isIntricate)
          .map(SessionTail::id)
          .toList();
    }
  }

  /// Scans a store.
  public static Result run(Store store) {
    var scan = new TailScan(store.marks().lowWater());
    store.sessions(scan::known).forEach(unlisted -> scan.unlisted(store, unlisted));
    store.scan(store.marks().lowWater().id(), scan);
    return scan.result();
  }

  /// Scans a store that others use meanwhile, without holding it.
  static Result runBeside(Store store) {
    var scan = new TailScan(store.marks().lowWater());
    store.sessions(scan::known).forEach(unlisted -> scan.unlisted(store, unlisted));
    var cursor = new FrameCursor(store, store.marks().lowWater().id());
    while (cursor.advance(STEP_BYTES, scan)) {}
    return scan.result();
  }

  private void known(SessionRow row) {
    sessions.put(
        row.id(),
        new SessionTail(
            row.id(), row.name(), row.createdAtMillis(), row.status(), row.seq(), row.hash()));
  }

  /// A session whose line in the catalogue cannot be read, from its newest checkpoint that can.
  private void unlisted(Store store, SessionId id) {
    String sentence = "its line in the catalogue is damaged or missing";
    SessionTail tail =
        new CheckpointLoader(store)
            .newest(id, Long.MAX_VALUE)
            .used()
            .map(loaded -> ended(loaded.content().image()))
            .orElseGet(() ->
                new SessionTail(id, nameAtFirst(store, id), 0, SessionStatus.ACTIVE, 0, Hash.ZERO));
    tail.found(Code.CATALOGUE_DAMAGED, sentence);
    sessions.put(id, tail);
  }

  private static SessionTail ended(SessionImage image) {
    SessionState state = image.state();
    return SessionTail.ofCheckpoint(
        state.id(),
        state.name(),
        state.createdAtMillis(),
        state.status(),
        image.seq(),
        image.hash());
  }

  private static String nameAtFirst(Store store, SessionId id) {
    try {
      return new SessionLoader(store)
          .stateAt(id, 1, seq -> store.spansHolding(id, seq))
          .state()
          .name();
    } catch (DamagedException | RecoveryFailed | UndecodableException e) {
      // Nothing tells its name any more; its id does.
      return id.toString();
    }
  }

  @Override
  public void frame(long frameId, byte[] bytes) {
    frames++;
    boolean intact = true;
    try {
      Frame.Header header = Frame.read(bytes);
      if (header.declaresLoss()) {
        accepted(frameId);
      } else {
        requireNext(frameId);
      }
      boolean follows = header.id() == frameId && header.previous().equals(head.hash());
      if (!follows && !chainBroken) {
        unreadable(
            "frame " + frameId + " does not follow the frame before it",
            FRAME_ENTRIES,
            FRAME_ENTRIES);
      }
      if (!header.imports()) {
        entries(frameId, bytes, header.entries());
      }
    } catch (DamagedException e) {
      requireNext(frameId);
      intact = false;
      damaged(frameId, bytes, String.valueOf(e.getMessage()));
    }
    chainBroken = !intact;
    head = new FrameHead(frameId, Hash.sha256(bytes));
  }

  /// A loss that somebody accepted is declared by the frame behind it.
  private void accepted(long frameId) {
    long lost = frameId - head.id() - 1;
    String sentence =
        "frames " + (head.id() + 1) + " to " + (frameId - 1) + " were lost, which was accepted";
    // No finding any more, but no session is believed to have lost nothing there.
    stretches.add(new Stretch(sentence, lost * FRAME_ENTRIES, lost * FRAME_ENTRIES));
  }

  private void requireNext(long frameId) {
    if (frameId != head.id() + 1) {
      long missing = frameId - head.id() - 1;
      unreadable(
          "frames " + (head.id() + 1) + " to " + (frameId - 1) + " are missing",
          missing * FRAME_ENTRIES,
          missing * FRAME_ENTRIES);
      chainBroken = true;
    }
  }

  private void entries(long frameId, byte[] bytes, int expected) {
    int offset = Frame.HEADER_BYTES;
    for (int i = 0; i < expected; i++) {
      int length = EntryCodec.lengthAt(bytes, offset);
      entry(EntryCodec.decode(bytes, offset), frameId, bytes, offset, length);
      offset += length;
    }
  }

  /// The entries have CRCs of their own; those that hold are good.
  private void damaged(long frameId, byte[] bytes, String reason) {
    String sentence = "frame " + frameId + ": " + reason;
    findings.add(sentence);
    FrameWalk.Content content = FrameWalk.read(bytes);
    // What stands before the damage proves nothing about what the damage took.
    entries(content, frameId, bytes, true);
    if (content.missing() != 0) {
      unreadable(
          sentence, content.missing() < 0 ? content.atMost() : content.missing(), content.atMost());
    }
    entries(content, frameId, bytes, false);
    for (FrameWalk.Claim claim : content.claims()) {
      SessionTail tail = sessions.get(claim.sessionId());
      if (tail != null && claim.seq() == tail.seq() + 1) {
        tail.found(Code.ENTRY_DAMAGED, "operation " + claim.seq() + " cannot be read");
        tail.gapUpTo(claim.seq(), frameId);
        stretches.getLast().unaccounted--;
      } else if (tail != null && tail.isNextContained(claim.seq())) {
        // A checkpoint contains it, so that nothing is lost with it.
        var _ = tail.contained(claim.seq(), stretches.size());
        stretches.getLast().unaccounted--;
      }
    }
  }

  private void entries(
      FrameWalk.Content content, long frameId, byte[] bytes, boolean beforeDamage) {
    for (FrameWalk.Found found : content.found()) {
      if (found.offset() < content.damagedAt() == beforeDamage) {
        entry(found.entry(), frameId, bytes, found.offset(), found.length());
      }
    }
  }

  private void entry(Entry entry, long frameId, byte[] bytes, int offset, int length) {
    entries++;
    newestEntryMillis = Math.max(newestEntryMillis, entry.timeMillis());
    SessionTail tail = sessions.get(entry.sessionId());
    if (tail == null) {
      tail = opened(entry);
    }
    if (entry.seq() <= tail.checkpointSeq()) {
      long held = tail.contained(entry.seq(), stretches.size()) - skippedBy(entry);
      if (held > 0) {
        stretches.getLast().unaccounted -= held;
      }
      if (entry.seq() == tail.checkpointSeq() && !entry.hash().equals(tail.checkpointHash())) {
        tail.found(
            Code.CHECKPOINT_MISPLACED,
            "operation " + entry.seq() + " is not the one that the checkpoint ends with");
      } else if (entry.seq() == tail.checkpointSeq()) {
        tail.proven(stretches.size());
      }
      return;
    }
    if (entry.seq() <= tail.seq()) {
      tail.found(Code.ENTRY_REPEATED, "operation " + entry.seq() + " stands there twice");
      return;
    }
    boolean follows = codec.follows(tail.hash(), bytes, offset, entry);
    if (entry.seq() != tail.seq() + 1) {
      gap(tail, entry, frameId);
    } else if (!follows && !tail.isBehindGap()) {
      tail.found(
          Code.ENTRY_OUT_OF_CHAIN,
          "operation " + entry.seq() + " does not follow the one before it");
    }
    var place = new EntryPlace(frameId, offset, length, entry.timeMillis(), entry.hash());
    SessionStatus status = entry.type().equals(CLOSED) ? SessionStatus.TERMINATED : tail.status();
    tail.accept(place, status, stretches.size());
    if (entry.type().equals(RECOVERED) && follows) {
      settled(tail, entry);
    }
  }

  private void gap(SessionTail tail, Entry entry, long frameId) {
    long count = entry.seq() - tail.seq() - 1;
    tail.found(
        Code.ENTRY_MISSING,
        count == 1
            ? "operation " + (tail.seq() + 1) + " is missing"
            : "operations " + (tail.seq() + 1) + " to " + (entry.seq() - 1) + " are missing");
    if (stretches.size() - tail.provenAfter() == 1) {
      // Only one stretch can have held them.
      stretches.getLast().unaccounted -= Math.max(0, count - skippedBy(entry));
    }
    tail.gapUpTo(entry.seq() - 1, frameId);
  }

  /// How many seqs before this entry were given up by a recovery: no entry ever had them.
  private static long skippedBy(Entry entry) {
    if (!entry.type().equals(RECOVERED)) {
      return 0;
    }
    try {
      SeqRange skipped = ((Recovered) OperationCodec.decode(entry.type(), entry.body())).skipped();
      return skipped == null ? 0 : skipped.count();
    } catch (UndecodableException e) {
      // Nothing is accounted for then, so that more sessions are suspect, not fewer.
      return Long.MAX_VALUE;
    }
  }

  private static void settled(SessionTail tail, Entry entry) {
    try {
      tail.settled((Recovered) OperationCodec.decode(entry.type(), entry.body()));
    } catch (UndecodableException e) {
      tail.found(
          Code.ENTRY_UNREADABLE, "operation " + entry.seq() + " cannot be read: " + e.getMessage());
    }
  }

  private SessionTail opened(Entry entry) {
    String name = entry.sessionId().toString();
    if (entry.seq() == 1 && (entry.type().equals(OPENED) || entry.type().equals(FORKED))) {
      try {
        name = ((Beginning) OperationCodec.decode(entry.type(), entry.body())).name();
      } catch (UndecodableException e) {
        // The replay finds the same, and says so.
        name = entry.sessionId().toString();
      }
    }
    var tail =
        new SessionTail(
            entry.sessionId(), name, entry.timeMillis(), SessionStatus.ACTIVE, 0, Hash.ZERO);
    sessions.put(entry.sessionId(), tail);
    return tail;
  }

  private void unreadable(String sentence, long missing, long atMost) {
    findings.add(sentence);
    stretches.add(new Stretch(sentence, missing, atMost));
  }

  private Result result() {
    for (SessionTail tail : sessions.values()) {
      for (Stretch stretch : stretches.subList(tail.provenAfter(), stretches.size())) {
        if (stretch.open() > 0) {
          tail.suspect(
              stretch.open(),
              "part of the journal cannot be read, and nothing shows that this session lost"
                  + " nothing there: "
                  + stretch.sentence);
        }
      }
    }
    return new Result(head, sessions, List.copyOf(findings), newestEntryMillis, frames, entries);
  }
}

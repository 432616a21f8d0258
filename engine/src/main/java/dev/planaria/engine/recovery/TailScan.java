package dev.planaria.engine.recovery;

import dev.planaria.engine.checkpoint.CheckpointLoader;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.integrity.Finding.Code;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.FrameWalk;
import dev.planaria.engine.journal.Hash;
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
import java.nio.charset.StandardCharsets;
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
public final class TailScan {

  // The types that change what the catalogue says; known by name so that no other body is
  // decoded here.
  private static final String OPENED = "session_opened";
  private static final String FORKED = "session_forked";
  private static final byte[] CLOSED = "session_closed".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RECOVERED = "recovered".getBytes(StandardCharsets.US_ASCII);

  /// More entries than this no frame holds: the writer's largest frame over the smallest entry.
  private static final long FRAME_ENTRIES = 1 << 16;

  private static final long STEP_BYTES = 1 << 20;

  private static final System.Logger LOG = System.getLogger(TailScan.class.getName());

  private final TailTable sessions = new TailTable();
  private final boolean chainsToo;
  private final List<String> findings = new ArrayList<>();
  private final EntryCodec codec = new EntryCodec();
  private FrameHead head;
  private final List<Stretch> stretches = new ArrayList<>();
  private boolean chainBroken;
  private long newestEntryMillis;
  private long frames;
  private long entries;

  private TailScan(FrameHead lowWater, boolean chainsToo) {
    this.head = lowWater;
    this.chainsToo = chainsToo;
  }

  /// What a scan found.
  ///
  /// @param head the last frame
  /// @param sessions every session of the store
  /// @param findings damage that belongs to no single session, in sentences
  /// @param ownerless operations that were lost with sessions of which nothing else is left
  /// @param newestEntryMillis when the newest entry was decided, Unix time; 0 when there is none
  /// @param frames how many frames were read
  /// @param entries how many intact entries they hold
  public record Result(
      FrameHead head,
      Map<SessionId, SessionTail> sessions,
      List<String> findings,
      List<Finding> ownerless,
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

  /// Scans a store, with the chain of each session.
  public static Result run(Store store) {
    return run(store, true);
  }

  /// Scans a store for an engine that is about to serve it. Where the journal is sound, the chain
  /// of a session is left to whoever loads it ([SessionLoader#load]): nothing of a session is shown
  /// before that, and most are loaded later, on all processors.
  public static Result runToServe(Store store) {
    Result result = run(store, false);
    result.ownerless().forEach(lost -> LOG.log(System.Logger.Level.WARNING, lost.sentence()));
    return result;
  }

  private static Result run(Store store, boolean chainsToo) {
    TailScan scan = begin(store, chainsToo);
    ReadAhead.run(store, store.marks().lowWater().id(), scan::frame);
    return scan.result();
  }

  /// Scans a store that others use meanwhile, without holding it.
  static Result runBeside(Store store) {
    TailScan scan = begin(store, true);
    var cursor = new FrameCursor(store, store.marks().lowWater().id());
    while (cursor.advance(STEP_BYTES, (id, bytes) -> scan.frame(ScannedFrame.of(id, bytes)))) {}
    return scan.result();
  }

  private static TailScan begin(Store store, boolean chainsToo) {
    var scan = new TailScan(store.marks().lowWater(), chainsToo);
    store.sessions(scan::known).forEach(unlisted -> scan.unlisted(store, unlisted));
    return scan;
  }

  private void known(SessionRow row) {
    sessions.put(
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
    sessions.put(tail);
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

  private void frame(ScannedFrame frame) {
    frames++;
    Frame.Header header = frame.header();
    if (header == null) {
      requireNext(frame.id());
      damaged(frame.id(), frame.bytes(), String.valueOf(frame.damage()));
    } else {
      if (header.declaresLoss()) {
        accepted(frame.id());
      } else {
        requireNext(frame.id());
      }
      boolean follows = header.id() == frame.id() && header.previous().equals(head.hash());
      if (!follows && !chainBroken) {
        unreadable(
            "frame " + frame.id() + " does not follow the frame before it",
            FRAME_ENTRIES,
            FRAME_ENTRIES);
      }
      entries(frame);
    }
    chainBroken = header == null;
    head = new FrameHead(frame.id(), frame.hash());
  }

  private void entries(ScannedFrame frame) {
    int[] offsets = frame.offsets();
    for (int from = 0; from < offsets.length; from += TailTable.TOGETHER) {
      int to = Math.min(offsets.length, from + TailTable.TOGETHER);
      sessions.touch(frame.bytes(), offsets, from, to);
      for (int i = from; i < to; i++) {
        entry(frame.id(), frame.bytes(), offsets[i]);
      }
    }
  }

  /// A loss that somebody accepted is declared by the frame behind it.
  private void accepted(long frameId) {
    long lost = frameId - head.id() - 1;
    String sentence =
        "frames " + (head.id() + 1) + " to " + (frameId - 1) + " were lost, which was accepted";
    // No finding any more, but no session is believed to have lost nothing there.
    var accepted = new Stretch(sentence, lost * FRAME_ENTRIES, lost * FRAME_ENTRIES, false);
    accepted.giveUp();
    stretches.add(accepted);
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

  /// The entries have CRCs of their own; those that hold are good.
  private void damaged(long frameId, byte[] bytes, String reason) {
    String sentence = "frame " + frameId + ": " + reason;
    findings.add(sentence);
    FrameWalk.Content content = FrameWalk.read(bytes);
    // What stands before the damage proves nothing about what the damage took.
    entries(content, frameId, bytes, true);
    if (content.missing() != 0) {
      unreadable(
          sentence,
          content.missing() < 0 ? content.atMost() : content.missing(),
          content.atMost(),
          content.missing() > 0);
    }
    entries(content, frameId, bytes, false);
    for (FrameWalk.Claim claim : content.claims()) {
      SessionTail tail = sessions.get(claim.sessionId());
      if (tail != null && claim.seq() == tail.seq() + 1) {
        tail.found(Code.ENTRY_DAMAGED, "operation " + claim.seq() + " cannot be read");
        tail.gapUpTo(claim.seq(), frameId);
        stretches.getLast().account(1);
      } else if (tail == null) {
        stretches.getLast().stranger(claim);
      } else if (tail.isNextContained(claim.seq())) {
        // A checkpoint contains it, so that nothing is lost with it.
        var _ = tail.contained(claim.seq(), stretches.size());
        stretches.getLast().account(1);
      }
    }
  }

  private void entries(
      FrameWalk.Content content, long frameId, byte[] bytes, boolean beforeDamage) {
    for (FrameWalk.Found found : content.found()) {
      if (found.offset() < content.damagedAt() == beforeDamage) {
        entry(frameId, bytes, found.offset());
      }
    }
  }

  private void entry(long frameId, byte[] bytes, int offset) {
    entries++;
    newestEntryMillis = Math.max(newestEntryMillis, EntryCodec.timeMillisAt(bytes, offset));
    SessionTail tail = sessions.ofEntry(bytes, offset);
    if (tail == null) {
      tail = opened(EntryCodec.decode(bytes, offset));
    }
    long seq = EntryCodec.seqAt(bytes, offset);
    if (seq <= tail.checkpointSeq()) {
      contained(tail, seq, bytes, offset);
      return;
    }
    if (seq <= tail.seq()) {
      tail.found(Code.ENTRY_REPEATED, "operation " + seq + " stands there twice");
      return;
    }
    boolean recovered = EntryCodec.hasType(RECOVERED, bytes, offset);
    // Where the journal is damaged, what follows what must be known now.
    boolean now = chainsToo || recovered || !stretches.isEmpty();
    boolean follows = !now || codec.follows(tail.hash(), bytes, offset);
    if (seq != tail.seq() + 1) {
      gap(tail, seq, skippedBy(bytes, offset), frameId);
    } else if (!follows && !tail.isBehindGap()) {
      tail.found(
          Code.ENTRY_OUT_OF_CHAIN, "operation " + seq + " does not follow the one before it");
    }
    tail.accept(frameId, bytes, offset, EntryCodec.lengthAt(bytes, offset), stretches.size());
    if (EntryCodec.hasType(CLOSED, bytes, offset)) {
      tail.closed();
    }
    if (recovered && follows) {
      settled(tail, EntryCodec.decode(bytes, offset));
    }
  }

  /// An entry that the newest checkpoint contains.
  private void contained(SessionTail tail, long seq, byte[] bytes, int offset) {
    long skipped = skippedBy(bytes, offset);
    if (skipped > 0) {
      stretches.forEach(Stretch::giveUp);
    }
    long held = tail.contained(seq, stretches.size()) - skipped;
    if (held > 0) {
      stretches.getLast().account(held);
    }
    if (seq < tail.checkpointSeq()) {
      return;
    }
    if (tail.checkpointHash().isAt(bytes, EntryCodec.hashAt(bytes, offset))) {
      tail.proven(stretches.size());
    } else {
      tail.found(
          Code.CHECKPOINT_MISPLACED,
          "operation " + seq + " is not the one that the checkpoint ends with");
    }
  }

  private void gap(SessionTail tail, long seq, long skipped, long frameId) {
    long count = seq - tail.seq() - 1;
    tail.found(
        Code.ENTRY_MISSING,
        count == 1
            ? "operation " + (tail.seq() + 1) + " is missing"
            : "operations " + (tail.seq() + 1) + " to " + (seq - 1) + " are missing");
    if (stretches.size() - tail.provenAfter() == 1) {
      // Only one stretch can have held them.
      stretches.getLast().account(Math.max(0, count - skipped));
    }
    if (skipped > 0) {
      stretches.subList(tail.provenAfter(), stretches.size()).forEach(Stretch::giveUp);
    }
    tail.gapUpTo(seq - 1, frameId);
  }

  /// How many seqs before this entry were given up by a recovery: no entry ever had them.
  private static long skippedBy(byte[] bytes, int offset) {
    if (!EntryCodec.hasType(RECOVERED, bytes, offset)) {
      return 0;
    }
    try {
      Entry entry = EntryCodec.decode(bytes, offset);
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
    sessions.put(tail);
    return tail;
  }

  private void unreadable(String sentence, long missing, long atMost) {
    unreadable(sentence, missing, atMost, false);
  }

  private void unreadable(String sentence, long missing, long atMost, boolean exact) {
    findings.add(sentence);
    stretches.add(new Stretch(sentence, missing, atMost, exact));
  }

  private Result result() {
    var found = new HashMap<SessionId, SessionTail>();
    for (SessionTail tail : sessions.all()) {
      found.put(tail.id(), tail);
      for (Stretch stretch : stretches.subList(tail.provenAfter(), stretches.size())) {
        if (stretch.open() > 0) {
          tail.suspect(
              stretch.open(),
              "part of the journal cannot be read, and nothing shows that this session lost"
                  + " nothing there: "
                  + stretch.sentence());
        }
      }
    }
    return new Result(
        head, found, List.copyOf(findings), ownerless(found), newestEntryMillis, frames, entries);
  }

  private List<Finding> ownerless(Map<SessionId, SessionTail> known) {
    int proven =
        known.values().stream().mapToInt(SessionTail::provenAfter).min().orElse(stretches.size());
    var lost = new ArrayList<Finding>();
    for (int i = 0; i < stretches.size(); i++) {
      stretches.get(i).ownerless(known::containsKey, i < proven).ifPresent(lost::add);
    }
    return List.copyOf(lost);
  }
}

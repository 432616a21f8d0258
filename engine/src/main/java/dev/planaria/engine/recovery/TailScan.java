package dev.planaria.engine.recovery;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Journal.FrameVisitor;
import dev.planaria.engine.recovery.SessionTail.EntryPlace;
import dev.planaria.engine.state.Operation.SessionOpened;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionStatus;
import dev.planaria.engine.state.UndecodableException;
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
/// Damage in an entry that says whose it is stops that session at its last good operation. Damage
/// that does not say so (a frame that is missing, or bytes that are no entry) makes every session
/// suspect that does not prove, by a later entry that follows its last one, that it lost nothing
/// there.
public final class TailScan implements FrameVisitor {

  // The two types that change what the catalogue says; known by name so that no other body is
  // decoded here.
  private static final String OPENED = "session_opened";
  private static final String CLOSED = "session_closed";

  private final Map<SessionId, SessionTail> sessions = new HashMap<>();
  private final List<String> findings = new ArrayList<>();
  private final EntryCodec codec = new EntryCodec();
  private FrameHead head;
  private int suspicions;
  private long newestEntryMillis;

  private TailScan(FrameHead lowWater) {
    this.head = lowWater;
  }

  /// What a scan found.
  ///
  /// @param head the last frame
  /// @param sessions every session of the store
  /// @param findings damage that belongs to no single session, in sentences
  /// @param newestEntryMillis when the newest entry was decided, Unix time; 0 when there is none
  public record Result(
      FrameHead head,
      Map<SessionId, SessionTail> sessions,
      List<String> findings,
      long newestEntryMillis) {}

  /// Scans a store.
  public static Result run(Store store) {
    var scan = new TailScan(store.marks().lowWater());
    store.sessions(scan::known);
    store.scan(store.marks().lowWater().id(), scan);
    return scan.result();
  }

  private void known(SessionRow row) {
    sessions.put(
        row.id(),
        new SessionTail(
            row.id(), row.name(), row.createdAtMillis(), row.status(), row.seq(), row.hash()));
  }

  @Override
  public void frame(long frameId, byte[] bytes) {
    int entries;
    try {
      Frame.Header header = Frame.read(bytes);
      if (frameId != head.id() + 1 && !header.declaresLoss()) {
        unattributed(missingBefore(frameId));
      }
      if (header.id() != frameId || !header.previous().equals(head.hash())) {
        unattributed("frame " + frameId + " does not follow the frame before it");
      }
      entries = header.entries();
    } catch (DamagedException e) {
      if (frameId != head.id() + 1) {
        unattributed(missingBefore(frameId));
      }
      findings.add("frame " + frameId + ": " + e.getMessage());
      // The entries have CRCs of their own; those that hold are good.
      entries = Integer.MAX_VALUE;
    }
    head = new FrameHead(frameId, Hash.sha256(bytes));
    entries(frameId, bytes, entries);
  }

  private String missingBefore(long frameId) {
    return "frames " + (head.id() + 1) + " to " + (frameId - 1) + " are missing";
  }

  private void entries(long frameId, byte[] bytes, int expected) {
    int offset = Frame.HEADER_BYTES;
    for (int i = 0; i < expected && offset < bytes.length - 4; i++) {
      Entry entry;
      int length;
      try {
        length = EntryCodec.lengthAt(bytes, offset);
        entry = EntryCodec.decode(bytes, offset);
      } catch (DamagedException e) {
        unattributed("frame " + frameId + ", byte " + offset + ": " + e.getMessage());
        return;
      }
      entry(entry, frameId, bytes, offset, length);
      offset += length;
    }
  }

  private void entry(Entry entry, long frameId, byte[] bytes, int offset, int length) {
    newestEntryMillis = Math.max(newestEntryMillis, entry.timeMillis());
    SessionTail tail = sessions.get(entry.sessionId());
    if (tail == null) {
      tail = opened(entry);
    }
    if (tail.damage() != null) {
      return;
    }
    if (entry.seq() <= tail.checkpointSeq()) {
      if (entry.seq() == tail.checkpointSeq() && !entry.hash().equals(tail.checkpointHash())) {
        tail.damaged("operation " + entry.seq() + " is not the one that the checkpoint ends with");
      }
      return;
    }
    if (entry.seq() != tail.seq() + 1) {
      tail.damaged(
          "operation "
              + (tail.seq() + 1)
              + " is missing: operation "
              + entry.seq()
              + " comes next");
    } else if (!codec.follows(tail.hash(), bytes, offset, entry)) {
      tail.damaged("operation " + entry.seq() + " does not follow the one before it");
    } else {
      var place = new EntryPlace(frameId, offset, length, entry.timeMillis(), entry.hash());
      SessionStatus status = entry.type().equals(CLOSED) ? SessionStatus.TERMINATED : tail.status();
      tail.accept(place, status, suspicions);
    }
  }

  private SessionTail opened(Entry entry) {
    String name = entry.sessionId().toString();
    String damage = null;
    if (entry.seq() == 1 && entry.type().equals(OPENED)) {
      try {
        var opened = (SessionOpened) OperationCodec.decode(entry.type(), entry.body());
        name = opened.name();
      } catch (UndecodableException e) {
        damage = "its first operation cannot be read: " + e.getMessage();
      }
    } else {
      damage = "its first operation is missing: operation " + entry.seq() + " comes first";
    }
    var tail =
        new SessionTail(
            entry.sessionId(), name, entry.timeMillis(), SessionStatus.ACTIVE, 0, Hash.ZERO);
    if (damage != null) {
      tail.damaged(damage);
    }
    sessions.put(entry.sessionId(), tail);
    return tail;
  }

  private void unattributed(String finding) {
    findings.add(finding);
    suspicions++;
  }

  private Result result() {
    if (suspicions > 0) {
      for (SessionTail tail : sessions.values()) {
        if (tail.provenAfter() < suspicions) {
          tail.damaged(
              "part of the journal cannot be read, and nothing shows that this session lost"
                  + " nothing there: "
                  + findings.getLast());
        }
      }
    }
    return new Result(head, sessions, List.copyOf(findings), newestEntryMillis);
  }
}

package dev.planaria.engine.integrity;

import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.CheckpointLoader;
import dev.planaria.engine.integrity.Finding.Code;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.FrameWalk;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.UndecodableException;
import dev.planaria.engine.storage.FrameCursor;
import dev.planaria.engine.storage.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads a whole store and checks all of it: SQLite's own structure, the CRC of every frame and
/// entry, the chain of frames, the chain of each session from its first operation, that every
/// operation can be decoded, and every checkpoint's SHA-256, content and place in its chain.
///
/// Reads only, and holds the store for a few frames at a time, so that others read meanwhile. Not
/// thread-safe; one instance for one run.
public final class Verification {

  private static final long STEP_BYTES = 1 << 20;

  private final Store store;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<SessionId, Chain> chains = new TreeMap<>();
  private final EntryCodec codec = new EntryCodec();
  private FrameHead head = FrameHead.START;
  private FrameHead history = FrameHead.START;
  private long frames;
  private long entries;
  private long checkpoints;

  private Verification(Store store) {
    this.store = store;
  }

  /// A session's chain as far as it was followed; the hashes at which checkpoints stand are
  /// remembered.
  private static final class Chain {
    private final Map<Long, Hash> wanted = new TreeMap<>();
    private final Map<Long, Hash> met = new TreeMap<>();
    private long seq;
    private Hash hash = Hash.ZERO;
    private boolean broken;
    private boolean begun;
    private long firstSeq = 1;
  }

  /// What was read and found.
  ///
  /// @param frames read
  /// @param entries read
  /// @param checkpoints read and decoded
  /// @param findings everything that is wrong; empty when all is sound
  public record Result(long frames, long entries, long checkpoints, List<Finding> findings) {

    /// Copies the list.
    public Result {
      findings = List.copyOf(findings);
    }
  }

  /// Checks a store.
  public static Result run(Store store) {
    return new Verification(store).run();
  }

  private Result run() {
    store.check().forEach(sentence -> found(Code.DATABASE_STRUCTURE, "database", null, sentence));
    var known = new ArrayList<SessionId>();
    for (SessionId unlisted : store.sessions(row -> known.add(row.id()))) {
      known.add(unlisted);
      found(
          Code.CATALOGUE_DAMAGED,
          "session",
          unlisted.toString(),
          "its line in the catalogue is damaged or missing");
    }
    known.forEach(id -> chains.put(id, newChain(id)));
    // What was dropped from the archive for its age is not missing.
    history = store.archive().historyStart();
    head = history;
    var cursor = new FrameCursor(store, history.id());
    while (cursor.advance(STEP_BYTES, this::frame)) {}
    chains.forEach(this::checkpoints);
    return new Result(frames, entries, checkpoints, findings);
  }

  /// A session may have a checkpoint and no line in the catalogue yet: that is written with the
  /// mark that the checkpoint is verified.
  private Chain newChain(SessionId id) {
    var chain = new Chain();
    for (CheckpointInfo info : store.checkpoints(id)) {
      chain.wanted.put(info.seq(), Hash.ZERO);
    }
    return chain;
  }

  private void frame(long id, byte[] bytes) {
    frames++;
    try {
      Frame.Header header = Frame.read(bytes);
      if (!header.declaresLoss()) {
        requireNext(id);
      }
      if (header.id() != id || !header.previous().equals(head.hash())) {
        found(
            Code.FRAME_OUT_OF_CHAIN,
            "frame",
            null,
            List.of(Long.toString(id)),
            "frame " + id + " does not follow the frame before it");
      }
      entries(bytes, header);
    } catch (DamagedException e) {
      requireNext(id);
      damaged(id, bytes, String.valueOf(e.getMessage()));
    }
    head = new FrameHead(id, Hash.sha256(bytes));
  }

  private void requireNext(long id) {
    if (id != head.id() + 1) {
      found(
          Code.FRAME_MISSING,
          "frame",
          null,
          "frames " + (head.id() + 1) + " to " + (id - 1) + " are missing");
    }
  }

  private void entries(byte[] bytes, Frame.Header header) {
    int offset = Frame.HEADER_BYTES;
    for (int i = 0; i < header.entries(); i++) {
      int length = EntryCodec.lengthAt(bytes, offset);
      Entry entry = EntryCodec.decode(bytes, offset);
      if (header.imports()) {
        imported(entry, bytes, offset);
      } else {
        entry(entry, bytes, offset);
      }
      offset += length;
    }
  }

  /// The entries have CRCs of their own; those that hold are good.
  private void damaged(long id, byte[] bytes, String reason) {
    found(
        Code.FRAME_DAMAGED,
        "frame",
        null,
        List.of(Long.toString(id)),
        "frame " + id + ": " + reason);
    FrameWalk.Content content = FrameWalk.read(bytes);
    content.found().forEach(found -> entry(found.entry(), bytes, found.offset()));
    for (FrameWalk.Claim claim : content.claims()) {
      if (chains.containsKey(claim.sessionId())) {
        found(
            Code.ENTRY_DAMAGED,
            "entry",
            claim.sessionId().toString(),
            List.of(Long.toString(claim.seq())),
            "operation " + claim.seq() + " cannot be read");
      }
    }
  }

  /// An import that was cut short has left entries of a session that does not exist; the next
  /// attempt begins again. The frames themselves show that none is missing.
  private void imported(Entry entry, byte[] bytes, int offset) {
    Chain chain = chains.get(entry.sessionId());
    if (chain == null) {
      entries++;
      return;
    }
    if (!codec.follows(chain.hash, bytes, offset) || entry.seq() != chain.seq + 1) {
      chain.begun = true;
      chain.firstSeq = entry.seq();
      chain.seq = entry.seq() - 1;
      chain.broken = false;
      accept(chain, entry);
      entries++;
      readable(entry);
      return;
    }
    entry(entry, bytes, offset);
  }

  private void entry(Entry entry, byte[] bytes, int offset) {
    entries++;
    String session = entry.sessionId().toString();
    Chain chain = chains.computeIfAbsent(entry.sessionId(), this::newChain);
    boolean beginsLater = !chain.begun && history.id() > 0 && entry.seq() > 1;
    chain.begun = true;
    if (beginsLater) {
      chain.firstSeq = entry.seq();
    } else if (!chain.broken
        && (!codec.follows(chain.hash, bytes, offset) || leavesOut(chain.seq, entry))) {
      chain.broken = true;
      found(
          Code.ENTRY_OUT_OF_CHAIN,
          "entry",
          session,
          List.of(Long.toString(entry.seq())),
          "operation "
              + entry.seq()
              + " does not follow operation "
              + chain.seq
              + ", the last one that is sound");
    }
    if (!chain.broken) {
      accept(chain, entry);
    }
    readable(entry);
  }

  private static void accept(Chain chain, Entry entry) {
    chain.seq = entry.seq();
    chain.hash = entry.hash();
    if (chain.wanted.containsKey(entry.seq())) {
      chain.met.put(entry.seq(), entry.hash());
    }
  }

  private void readable(Entry entry) {
    try {
      var _ = OperationCodec.decode(entry.type(), entry.body());
    } catch (UndecodableException e) {
      found(
          Code.ENTRY_UNREADABLE,
          "entry",
          entry.sessionId().toString(),
          List.of(Long.toString(entry.seq())),
          "operation " + entry.seq() + " cannot be read: " + e.getMessage());
    }
  }

  /// True when seqs are missing before the entry. A recovery may leave some out, which stand for
  /// what was lost and are never given again; its own entry says which.
  private static boolean leavesOut(long before, Entry entry) {
    if (entry.seq() == before + 1) {
      return false;
    }
    try {
      return !(OperationCodec.decode(entry.type(), entry.body()) instanceof Operation.Recovered told
          && told.skipped() != null
          && told.skipped().first() <= before + 1
          && told.skipped().last() >= entry.seq() - 1);
    } catch (UndecodableException e) {
      return true; // found below
    }
  }

  private void checkpoints(SessionId id, Chain chain) {
    for (CheckpointInfo info : store.checkpoints(id)) {
      checkpoints++;
      try {
        CheckpointContent content = new CheckpointLoader(store).load(info).content();
        @Nullable Hash there = chain.met.get(info.seq());
        boolean fromTheBeginning = history.id() == 0 && chain.firstSeq == 1;
        boolean inReach = fromTheBeginning || (chain.begun && info.seq() >= chain.firstSeq);
        boolean followed = !chain.broken && inReach;
        if (followed && !Objects.equals(content.image().hash(), there)) {
          found(
              Code.CHECKPOINT_MISPLACED,
              "checkpoint",
              id.toString(),
              List.of(info.id()),
              "checkpoint " + info.id() + " is not of operation " + info.seq());
        }
        findings.addAll(Finding.in(content.image().state()));
      } catch (DamagedException e) {
        found(
            Code.CHECKPOINT_DAMAGED,
            "checkpoint",
            id.toString(),
            List.of(info.id()),
            String.valueOf(e.getMessage()));
      }
    }
  }

  private void found(Code code, String component, @Nullable String sessionId, String sentence) {
    found(code, component, sessionId, List.of(), sentence);
  }

  private void found(
      Code code, String component, @Nullable String sessionId, List<String> ids, String sentence) {
    findings.add(Finding.integrity(code, component, sessionId, ids, sentence));
  }
}

package dev.planaria.engine.recovery;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Journal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.FrameSpans.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Fetches a session's entries from where an index says they lie, checking each one's CRC.
/// Thread-safe.
public final class EntryReader {

  private final Journal journal;

  /// @param journal where the frames are
  public EntryReader(Journal journal) {
    this.journal = journal;
  }

  /// Hands the session's entries in these spans to the visitor, in order.
  ///
  /// @throws DamagedException when an entry is not intact or not there
  public void read(SessionId sessionId, FrameSpans spans, Consumer<Entry> visitor) {
    for (Span span : spans.spans()) {
      readSpan(
          sessionId, span, (bytes, offset) -> visitor.accept(EntryCodec.decode(bytes, offset)));
    }
  }

  /// The entries of a session's tail, in order, proven to follow its checkpoint and each other:
  /// those that were fetched with others', or each from where it lies.
  ///
  /// @throws DamagedException when an entry is not intact, not there, or not in its place
  List<Entry> read(SessionTail tail) {
    var chain = new TailChain(tail);
    byte[] fetched = tail.takeFetched();
    if (fetched == null) {
      for (Span span : tail.index().spans().spans()) {
        readSpan(tail.id(), span, chain);
      }
    } else {
      for (int offset = 0; offset < fetched.length; ) {
        chain.entry(fetched, offset);
        offset += EntryCodec.lengthAt(fetched, offset);
      }
    }
    return chain.entries;
  }

  /// Sees where an entry lies.
  private interface Place {
    void entry(byte[] bytes, int offset);
  }

  /// Entries that follow a checkpoint and each other.
  private static final class TailChain implements Place {
    private final EntryCodec codec = new EntryCodec();
    private final List<Entry> entries;
    private Hash hash;

    TailChain(SessionTail tail) {
      this.entries = new ArrayList<>((int) Math.min(tail.index().entries(), 1 << 20));
      this.hash = tail.checkpointHash();
    }

    @Override
    public void entry(byte[] bytes, int offset) {
      Entry entry = EntryCodec.decode(bytes, offset);
      if (!codec.follows(hash, bytes, offset)) {
        throw new DamagedException(
            "operation " + entry.seq() + " does not follow the one before it");
      }
      entries.add(entry);
      hash = entry.hash();
    }
  }

  /// The entry of that seq, if these spans hold it.
  public Optional<Entry> find(SessionId sessionId, FrameSpans spans, long seq) {
    long next = spans.firstSeq();
    for (Span span : spans.spans()) {
      if (seq >= next && seq < next + span.count()) {
        var found = new Entry[1];
        readSpan(
            sessionId,
            span,
            (bytes, offset) -> {
              Entry entry = EntryCodec.decode(bytes, offset);
              if (entry.seq() == seq) {
                found[0] = entry;
              }
            });
        return Optional.ofNullable(found[0]);
      }
      next += span.count();
    }
    return Optional.empty();
  }

  private void readSpan(SessionId sessionId, Span span, Place visitor) {
    if (span.from() == span.to()) {
      // These are lost; whoever recovered the session has said so.
      return;
    }
    byte[] bytes = journal.slice(span.frameId(), span.from(), span.to());
    if (bytes.length != span.to() - span.from()) {
      throw new DamagedException("frame " + span.frameId() + " is cut short");
    }
    int offset = 0;
    int found = 0;
    while (offset < bytes.length) {
      int length = EntryCodec.lengthAt(bytes, offset);
      if (EntryCodec.belongsTo(sessionId, bytes, offset)) {
        visitor.entry(bytes, offset);
        found++;
      }
      offset += length;
    }
    if (found != span.count()) {
      throw new DamagedException(
          "frame " + span.frameId() + " holds other entries than the index says");
    }
  }
}

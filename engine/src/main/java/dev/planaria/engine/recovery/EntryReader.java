package dev.planaria.engine.recovery;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Journal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.FrameSpans.Span;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
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
      readSpan(sessionId, span, visitor);
    }
  }

  /// Hands the entries of a session's tail to the visitor, in order: those that were fetched with
  /// others', and the rest.
  ///
  /// @throws DamagedException when an entry is not intact or not there
  void read(SessionTail tail, Consumer<Entry> visitor) {
    List<Span> spans = tail.index().spans().spans();
    AtomicReferenceArray<byte[]> fetched = tail.takeFetched();
    for (int i = 0; i < spans.size(); i++) {
      byte[] entries = fetched == null || fetched.length() != spans.size() ? null : fetched.get(i);
      if (entries == null) {
        readSpan(tail.id(), spans.get(i), visitor);
      } else {
        for (int offset = 0; offset < entries.length; ) {
          visitor.accept(EntryCodec.decode(entries, offset));
          offset += EntryCodec.lengthAt(entries, offset);
        }
      }
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
            entry -> {
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

  private void readSpan(SessionId sessionId, Span span, Consumer<Entry> visitor) {
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
        visitor.accept(EntryCodec.decode(bytes, offset));
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

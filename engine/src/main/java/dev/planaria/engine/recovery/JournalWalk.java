package dev.planaria.engine.recovery;

import dev.planaria.engine.journal.DroppedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.FrameSpans.Span;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/// Goes through a session's operations in order, index by index; where their frames lie, in the
/// store or in its archive, makes no difference. Pure but for the reading.
public final class JournalWalk {

  private JournalWalk() {}

  /// What to read.
  ///
  /// @param id the session
  /// @param fromSeq first operation
  /// @param lastSeq last operation there is
  /// @param limit how many at most
  public record Range(SessionId id, long fromSeq, long lastSeq, int limit) {}

  /// Hands the operations to the visitor. Leaves out what was dropped from the archive for its age,
  /// which the seqs show, and ends early where no index knows any further.
  ///
  /// @param indexOf the index that holds a seq, if any
  /// @throws dev.planaria.engine.journal.DamagedException when an entry is not intact or not there
  public static void run(
      EntryReader reader,
      LongFunction<Optional<FrameSpans>> indexOf,
      Range range,
      Consumer<Entry> visitor) {
    long next = Math.max(1, range.fromSeq());
    long end = Math.min(range.lastSeq(), next + range.limit() - 1);
    while (next <= end) {
      Optional<FrameSpans> index = indexOf.apply(next);
      if (index.isEmpty()) {
        return;
      }
      FrameSpans wanted = index.get().within(next, end);
      next = wanted.firstSeq();
      for (Span span : wanted.spans()) {
        readSpan(reader, new FrameSpans(next, List.of(span)), range, end, visitor);
        next += span.count();
      }
      if (wanted.spans().isEmpty()) {
        return;
      }
    }
  }

  private static void readSpan(
      EntryReader reader, FrameSpans span, Range range, long end, Consumer<Entry> visitor) {
    try {
      reader.read(
          range.id(),
          span,
          entry -> {
            if (entry.seq() >= range.fromSeq() && entry.seq() <= end) {
              visitor.accept(entry);
            }
          });
    } catch (DroppedException e) {
      // It was kept for as long as was promised; the walk goes on with what is still there.
      return;
    }
  }
}

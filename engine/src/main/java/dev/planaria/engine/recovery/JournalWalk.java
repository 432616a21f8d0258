package dev.planaria.engine.recovery;

import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.FrameSpans;
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

  /// Hands the operations to the visitor. Ends early where no index knows any further.
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
      long from = next;
      long[] last = {next - 1};
      reader.read(
          range.id(),
          index.get().within(from, end),
          entry -> {
            if (entry.seq() >= from && entry.seq() <= end) {
              visitor.accept(entry);
              last[0] = entry.seq();
            }
          });
      if (last[0] < next) {
        return;
      }
      next = last[0] + 1;
    }
  }
}

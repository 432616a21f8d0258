package dev.planaria.engine.recovery;

import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.Footprint;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.UndecodableException;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Finds what the ids of a session are counted from when its beginning, which says so, is lost.
/// Only a fork counts from something: there, ids are higher than the seqs of what made them. Pure.
final class IdBase {

  private IdBase() {}

  /// A number that no surviving id of a fork is above; 0 for a session that is none.
  static long of(List<Entry> entries) {
    return entries.stream().flatMapToLong(IdBase::above).max().orElse(0);
  }

  /// The numbers in an operation's ids that are too high to be made of its own seq.
  private static LongStream above(Entry entry) {
    try {
      Operation operation = OperationCodec.decode(entry.type(), entry.body());
      Footprint footprint = Footprint.of(operation);
      return Stream.concat(
              footprint.agents().stream().map(agent -> number(agent.id())),
              Stream.concat(
                  footprint.tasks().stream().map(task -> number(task.id())),
                  footprint.calls().stream().map(Call::order)))
          .mapToLong(Long::longValue)
          .filter(number -> number > entry.seq());
    } catch (UndecodableException unreadable) {
      return LongStream.empty(); // it is told as lost elsewhere
    }
  }

  private static long number(String id) {
    String digits = id.substring(id.lastIndexOf('-') + 1);
    boolean plain = digits.length() < 19 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits.isEmpty() || !plain ? 0 : Long.parseLong(digits);
  }
}

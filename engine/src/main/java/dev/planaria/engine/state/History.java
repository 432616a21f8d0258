package dev.planaria.engine.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a session comes from, and which of its operations count. Immutable.
///
/// @param parent the session it was forked from or opened under, or null
/// @param idBase what is added to the seq of an operation to make an id: 0, or in a fork the
///   highest number that an id copied from its parent can have
/// @param withoutEffect the operations that nothing in the state stands for, in order and without
///   overlap: a restore took them back, or they were lost
public record History(@Nullable SessionId parent, long idBase, List<SeqRange> withoutEffect) {

  /// Copies the list.
  public History {
    withoutEffect = List.copyOf(withoutEffect);
  }

  /// Of a session that begins with nothing.
  public static History of(@Nullable SessionId parent) {
    return new History(parent, 0, List.of());
  }

  /// The id of a thing that an operation makes; unique in the session for ever.
  ///
  /// @param kind `agent` or `task`
  /// @param seq the operation
  public String newId(String kind, long seq) {
    return kind + "-" + (idBase + seq);
  }

  /// The same, with other operations that have no effect.
  public History withoutEffect(List<SeqRange> ranges) {
    return new History(parent, idBase, ranges);
  }
}

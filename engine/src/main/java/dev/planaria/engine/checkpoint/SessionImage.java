package dev.planaria.engine.checkpoint;

import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.state.SessionState;

/// A session's state at a seq.
///
/// @param state the session
/// @param seq the last operation that it contains
/// @param hash the session's chain hash there
public record SessionImage(SessionState state, long seq, Hash hash) {

  /// The receipt of the last operation.
  public Receipt head() {
    return new Receipt(state.id(), seq, hash);
  }
}

package dev.planaria.chaos.simulation;

import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.session.Committed;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Refusal;
import org.jspecify.annotations.Nullable;

/// What a caller asks.
///
/// @param caller who asks
/// @param intent what for: repeats of a request have it in common, whatever their ids
/// @param operationId names the command
/// @param session the session's name
/// @param command what is asked, or null for a look at the session
record Request(
    String caller, String intent, String operationId, String session, @Nullable Command command) {

  /// What a caller is told.
  sealed interface Answer {

    /// It was done.
    record Done(Committed committed) implements Answer {}

    /// The session was looked at.
    record Shown(Receipt head) implements Answer {}

    /// It will not be done.
    record Refused(Refusal.Code code) implements Answer {}

    /// It was not done; it can be repeated.
    record NotNow(String why) implements Answer {}

    /// Nobody can tell whether it was done.
    record Unknown() implements Answer {}
  }
}

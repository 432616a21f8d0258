package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.RememberedOperation;
import dev.planaria.engine.state.Refusal;
import org.jspecify.annotations.Nullable;

/// What deciding a command led to. `after` is the newest operation that it was based on, or null
/// when that is on disk.
sealed interface Step {
  record Wait(PendingOperation pending) implements Step {}

  record Repeat(RememberedOperation operation, @Nullable PendingOperation after) implements Step {}

  record Refuse(Refusal refusal, @Nullable PendingOperation after) implements Step {}

  /// The session is no longer in memory; another object stands for it.
  record Gone() implements Step {}
}

package dev.planaria.chaos.ledger;

import dev.planaria.engine.state.MemoryKey;

/// By what an operation can be found again in a session, beside its receipt.
public sealed interface Mark {

  /// It makes an agent of that name, which no other operation gives.
  record AgentNamed(String name) implements Mark {}

  /// It makes a task of that description, which no other operation gives.
  record TaskDescribed(String description) implements Mark {}

  /// It sets a counter that only its caller sets, to one more than the time before.
  record Counted(MemoryKey key, long value) implements Mark {}

  /// By nothing but its receipt.
  record ReceiptOnly() implements Mark {}
}

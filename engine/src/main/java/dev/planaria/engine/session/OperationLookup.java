package dev.planaria.engine.session;

/// What is known of an operation id.
public sealed interface OperationLookup {

  /// It was applied; this is its acknowledgement again.
  record Applied(Committed committed) implements OperationLookup {}

  /// It is on its way to disk; ask again.
  record Pending() implements OperationLookup {}

  /// A commit failed and its outcome is being found out; ask again.
  record Unknown() implements OperationLookup {}

  /// It was applied, and a later recovery or restore took it back.
  record RolledBack() implements OperationLookup {}

  /// Ids that old are no longer kept, so nothing can be said.
  record Expired() implements OperationLookup {}

  /// It was never applied.
  record NotFound() implements OperationLookup {}
}

package dev.planaria.chaos.client;

/// What a careful client does, one by one, so that a test can take one away and show that the
/// ledger notices. Nothing but tests takes one away.
///
/// @param keepOperationId a call that got no answer is sent again under the id it had
public record ClientGuarantees(boolean keepOperationId) {

  /// Everything is kept.
  public static final ClientGuarantees ALL = new ClientGuarantees(true);
}

package dev.planaria.app.gateway.clients;

/// What a worker promises. The product keeps them [#ALL]; a test that leaves one out must see its
/// clients lose something, or it tests nothing.
///
/// @param honourStamp a request that is carried here again under the same stamp runs once
/// @param primerAfterRecord a client hears of its call only after the call is recorded
/// @param primerOnResume a resumed stream starts with an event id, so that it can be resumed again
/// @param keepLinks a link outlives the process that opened it
public record WorkerGuarantees(
    boolean honourStamp, boolean primerAfterRecord, boolean primerOnResume, boolean keepLinks) {
  /// What the product promises.
  public static final WorkerGuarantees ALL = new WorkerGuarantees(true, true, true, true);
}

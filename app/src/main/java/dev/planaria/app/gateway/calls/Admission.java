package dev.planaria.app.gateway.calls;

/// What becomes of a call that arrives.
public sealed interface Admission {
  /// It is new and recorded; whoever gets this runs it.
  record Started(Call call) implements Admission {}

  /// It was seen before (same link, same JSON-RPC id, same body): it is running or answered, and is
  /// not run again.
  record Attached(Call call) implements Admission {}

  /// Another call with this JSON-RPC id is still running on this link.
  record IdInUse() implements Admission {}

  /// It is new, and could not be recorded (a full disk): it can be run, but not resumed.
  record Unrecorded(CallRecord record) implements Admission {}
}

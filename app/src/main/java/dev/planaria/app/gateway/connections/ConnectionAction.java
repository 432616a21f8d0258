package dev.planaria.app.gateway.connections;

/// What is to be done about a connection.
public sealed interface ConnectionAction {

  /// Try to connect; answered by [ConnectionEvent.Connected] or [ConnectionEvent.AttemptFailed].
  ///
  /// @param attempt the how-manieth since it was connected last, from 1
  record Connect(int attempt) implements ConnectionAction {}

  /// Tick again at that time, if nothing else happens before.
  ///
  /// @param untilMillis Unix time
  record Wait(long untilMillis) implements ConnectionAction {}

  /// Ask the server whether it is alive; whatever it answers is [ConnectionEvent.Heard].
  ///
  /// @param untilMillis how long it may take, Unix time
  record Ping(long untilMillis) implements ConnectionAction {}

  /// End what is left of it: the process, the session, an attempt.
  ///
  /// @param reason in a sentence
  record Disconnect(String reason) implements ConnectionAction {}

  /// Rebuild the server's state; answered by [ConnectionEvent.Replayed].
  record Replay() implements ConnectionAction {}

  /// Send whatever waits, in order; answered by [ConnectionEvent.Drained].
  record DrainQueue() implements ConnectionAction {}

  /// New calls may be sent.
  record Serve() implements ConnectionAction {}

  /// Tell callers that wait that their calls are queued.
  ///
  /// @param reason in a sentence
  record AnswerWaiting(String reason) implements ConnectionAction {}

  /// Raise the alarm: it is lost until it comes back. Attempts go on.
  ///
  /// @param reason in a sentence
  record DeclareLost(String reason) implements ConnectionAction {}
}

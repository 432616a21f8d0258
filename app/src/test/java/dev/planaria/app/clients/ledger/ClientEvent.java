package dev.planaria.app.clients.ledger;

import dev.planaria.engine.journal.Receipt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One thing that a client tells of, in the order in which it happened there.
public sealed interface ClientEvent {

  /// When, in microseconds of Unix time.
  long atMicros();

  /// The client is connected and has opened these sessions.
  record Ready(long atMicros, List<String> sessions) implements ClientEvent {}

  /// A call is about to leave.
  ///
  /// @param call its name, which no other call has
  /// @param operation its operation id, or null when it has none and must not be repeated
  /// @param key the counter that is set, or null for other tools
  /// @param value what it is set to, or null for other tools
  record Sent(
      long atMicros,
      String call,
      String tool,
      String session,
      @Nullable String operation,
      @Nullable String key,
      @Nullable Long value)
      implements ClientEvent {}

  /// The client holds an event id under which it can ask for the call's answer again.
  record Primed(long atMicros, String call) implements ClientEvent {}

  /// The call's own promise brought a receipt.
  ///
  /// @param attempt 1 when it was the first sending's promise, more when the call was repeated
  /// @param agentId of the agent that it made, if any
  /// @param taskId of the task that it made, if any
  record Acknowledged(
      long atMicros,
      String call,
      int attempt,
      Receipt receipt,
      @Nullable String agentId,
      @Nullable String taskId)
      implements ClientEvent {}

  /// The call was answered, but not with a receipt.
  record Refused(long atMicros, String call, String text) implements ClientEvent {}

  /// The call's promise was rejected.
  record Failed(long atMicros, String call, String error) implements ClientEvent {}

  /// A repeat of a failed call failed too.
  record Again(long atMicros, String call, int attempt, String error) implements ClientEvent {}

  /// The client is on this link (its `Mcp-Session-Id`).
  record Link(long atMicros, String id) implements ClientEvent {}

  /// Something happened beneath the client: `refused` (no connection), `broken` (a stream or an
  /// answer ended early) or `status` (an error status).
  record Wire(long atMicros, String kind, String detail, @Nullable String call)
      implements ClientEvent {}

  /// The client asks for the rest of a stream.
  record Resuming(long atMicros, String stream) implements ClientEvent {}

  /// It gets that rest: the answer to its question has begun.
  record Resumed(long atMicros, String stream) implements ClientEvent {}

  /// The client noticed something by itself.
  record Noticed(long atMicros, String text) implements ClientEvent {}

  /// The client did everything it had begun and ends.
  record Stopped(long atMicros) implements ClientEvent {}
}

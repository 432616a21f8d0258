package dev.planaria.app.front;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// What the monitor learns, in the order in which it happened.
sealed interface MonitorEvent {

  /// The worker is ready to answer.
  record Ready(long generation) implements MonitorEvent {}

  /// The worker is well, and says what it does.
  record Heartbeat(long generation, String state) implements MonitorEvent {}

  /// The worker has ended everything in order and is about to exit.
  record Clean(long generation) implements MonitorEvent {}

  /// The worker cannot serve, and is about to exit.
  record Refused(long generation, String reason) implements MonitorEvent {}

  /// The worker's process is gone.
  record Exited(long generation, int status) implements MonitorEvent {}

  /// The operator wants another worker, perhaps started in another way.
  ///
  /// @param command how, or null for the present way
  /// @param done receives what came of it
  record Replace(@Nullable WorkerCommand command, CompletableFuture<Replaced> done)
      implements MonitorEvent {}

  /// The daemon stops: the worker drains and is not replaced.
  record Stop() implements MonitorEvent {}

  /// What came of a planned change.
  ///
  /// @param happened true when the new worker serves
  /// @param sentence what happened, in words
  record Replaced(boolean happened, String sentence) {}
}

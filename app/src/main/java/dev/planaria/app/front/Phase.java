package dev.planaria.app.front;

/// Where the present worker is in its life, as the monitor sees it.
sealed interface Phase {

  /// A process was started and has not said that it is ready.
  record Starting(long deadlineNanos) implements Phase {}

  /// It answers.
  record Serving(long sinceNanos) implements Phase {}

  /// It was asked to end its calls and go.
  record Draining(long deadlineNanos) implements Phase {}

  /// It was killed, and its exit is awaited.
  record Killed() implements Phase {}

  /// There is none; the next one is started then.
  record Pausing(long untilNanos) implements Phase {}

  /// There is none, and there will be none.
  record Stopped() implements Phase {}

  /// The name for programs.
  default String state() {
    return switch (this) {
      case Starting _ -> "starting";
      case Serving _ -> "ready";
      case Draining _ -> "draining";
      case Killed _, Pausing _ -> "pausing";
      case Stopped _ -> "stopped";
    };
  }

  /// The same for people.
  ///
  /// @param youngDeaths how many workers died young in a row
  default String sentence(int youngDeaths) {
    return switch (this) {
      case Starting _ -> "the worker is starting";
      case Serving _ -> "the worker is ready";
      case Draining _ -> "the worker is being changed";
      case Killed _ -> "the worker hung and was killed";
      case Pausing _ ->
          "workers died " + youngDeaths + " times in a row; the next one starts after a pause";
      case Stopped _ -> "the daemon stops";
    };
  }
}

package dev.planaria.chaos.simulation;

import java.util.Locale;

/// What befalls the simulated world.
public enum SimulatedFault {
  /// The worker ends between two of its steps, and is started again.
  KILL,
  /// The worker ends while a commit is being written.
  KILL_IN_COMMIT,
  /// The worker ends inside an fsync: the next one can read the frame, and it is not on disk.
  KILL_IN_SYNC,
  /// The machine goes down: frames that were not synced are gone, or some of them.
  POWER_LOSS,
  /// The worker is stopped, and goes on later.
  PAUSE,
  /// The worker is stopped and taken for dead; it goes on while the next one serves.
  TAKEOVER,
  /// A commit fails, and nothing was written.
  COMMIT_FAILED,
  /// A commit fails, although its frame was written.
  COMMIT_UNKNOWN,
  /// The store cannot be opened again after a failed commit, for some time.
  REOPENING_FAILED,
  /// A checkpoint fails at one of its steps.
  CHECKPOINT_FAILED,
  /// Every write takes seconds, or longer than callers are made to wait.
  SLOW_DISK,
  /// The wall clock jumps forward by an hour.
  CLOCK_FORWARD,
  /// The wall clock jumps back by an hour.
  CLOCK_BACK,
  /// A bit of a frame flips while the worker is down.
  FRAME_DAMAGED,
  /// A bit of a checkpoint flips while the worker is down.
  CHECKPOINT_DAMAGED,
  /// A request or its answer is lost.
  MESSAGE_DROPPED,
  /// A request arrives twice, the second time perhaps after later ones.
  MESSAGE_REPEATED,
  /// A request or its answer takes seconds, while others overtake it.
  MESSAGE_DELAYED,
  /// The server behind the worker ends, and comes back.
  SERVER_DIED,
  /// The link to the server breaks while a call may be on it.
  SERVER_LINK_BROKEN,
  /// A lease runs out under its holder.
  LEASE_EXPIRED;

  /// Its name in logs and reports.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.planaria.chaos.simulation;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
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

  /// What comes nearest to it among the faults that can be done to a real daemon, for reports.
  public FaultSpec spec() {
    return switch (this) {
      case KILL, KILL_IN_COMMIT, KILL_IN_SYNC -> at(new Fault.Kill(), Target.WORKER);
      case POWER_LOSS -> at(new Fault.PowerLoss(), Target.DISK);
      case PAUSE, TAKEOVER -> at(new Fault.Pause(), Target.WORKER);
      case COMMIT_FAILED, COMMIT_UNKNOWN, REOPENING_FAILED ->
          at(new Fault.FailedSync(), Target.DISK);
      case CHECKPOINT_FAILED -> at(new Fault.FailedSync(), Target.CHECKPOINT);
      case SLOW_DISK -> at(new Fault.SlowSync(90_000), Target.DISK);
      case CLOCK_FORWARD -> at(new Fault.ClockStep(3_600_000), Target.CLOCK);
      case CLOCK_BACK -> at(new Fault.ClockStep(-3_600_000), Target.CLOCK);
      case FRAME_DAMAGED -> at(new Fault.FlipByte(), Target.DATABASE);
      case CHECKPOINT_DAMAGED -> at(new Fault.FlipByte(), Target.CHECKPOINT);
      case MESSAGE_DROPPED, MESSAGE_REPEATED -> at(new Fault.Drop(), Target.CLIENT_LINK);
      case MESSAGE_DELAYED -> at(new Fault.Delay(20_000), Target.CLIENT_LINK);
      case SERVER_DIED -> at(new Fault.Kill(), Target.UPSTREAM);
      case SERVER_LINK_BROKEN -> at(new Fault.Drop(), Target.UPSTREAM_LINK);
      case LEASE_EXPIRED -> at(new Fault.Pause(), Target.CLIENT_LINK);
    };
  }

  private static FaultSpec at(Fault fault, Target target) {
    return new FaultSpec(fault, target, 0, 0);
  }

  /// Its name in logs and reports.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.planaria.app.alerts;

/// What an alert can be about. The names are stable; the numbers behind them are [Thresholds]. Four
/// are of the specification (section 1.2, alert configuration).
public enum AlertType {
  RECOVERY_FAILURE_RATE_HIGH(
      Severity.CRITICAL,
      0,
      300_000,
      "Of the sessions that had to be recovered in the last hour, too many were not.",
      "Run planaria sessions to see which are quarantined, planaria verify SESSION for the reason,"
          + " and planaria recover SESSION to decide what becomes of each."),
  RECOVERY_TIME_HIGH(
      Severity.WARNING,
      0,
      300_000,
      "From failure to first success, recoveries of the last hour took too long on average.",
      "Look at the phases in planaria status and at the disk's speed; fewer sessions that are"
          + " active at once, or more memory (planaria up --worker-heap), make it shorter."),
  DATA_LOSS_HIGH(
      Severity.CRITICAL,
      0,
      300_000,
      "Too large a share of what was acknowledged in the last day is gone.",
      "Stop writing to this disk, check it, and run planaria verify --deep; planaria export saves"
          + " what stands."),
  AVAILABILITY_LOW(
      Severity.WARNING,
      60_000,
      300_000,
      "In the last day the daemon did not answer for too large a share of the time.",
      "See logs/front.log and logs/worker.log for why the worker was changed, and planaria doctor"
          + " for the machine."),
  OPERATIONS_LOST(
      Severity.CRITICAL,
      0,
      0,
      "A recovery could not bring back everything that had been acknowledged.",
      "Ask recovery_history which parts are affected, tell whoever works with the session, and"
          + " acknowledge this alert; it ends then, or after a week."),
  SESSION_STUCK(
      Severity.CRITICAL,
      0,
      30_000,
      "A session takes no commands, and will not by itself.",
      "planaria verify SESSION says why; planaria recover SESSION decides what becomes of it."),
  TASK_STUCK(
      Severity.WARNING,
      0,
      60_000,
      "Tasks of a session cannot move, since nobody is there who could take them on.",
      "agent_heartbeat brings an agent back, agent_spawn adds one, agent_retire puts its tasks back"
          + " on the board."),
  CALL_STUCK(
      Severity.WARNING,
      0,
      60_000,
      "A call to a server waits, or runs, for longer than anybody expects.",
      "planaria calls SESSION names it; planaria queue SESSION --cancel ID takes one back that was"
          + " not sent, planaria reconnect SESSION SERVER gives up one that was."),
  CONNECTION_STUCK(
      Severity.WARNING,
      0,
      30_000,
      "A connection is neither there nor given up, and does not get on.",
      "planaria upstreams says where it stands; planaria reconnect SESSION SERVER begins anew."),
  CONNECTION_LOST(
      Severity.WARNING,
      0,
      30_000,
      "A server behind Planaria was away for so long that its connection counts as lost; it is"
          + " still tried once a minute.",
      "Start the server, or see logs/ for why it ends; planaria reconnect SESSION SERVER tries at"
          + " once."),
  QUEUE_NEARLY_FULL(
      Severity.WARNING,
      30_000,
      60_000,
      "So many calls wait for a server that soon no more are taken.",
      "Bring the server back (planaria upstreams), or take calls back: planaria queue SESSION"
          + " --cancel ID."),
  CHECKPOINT_OVERDUE(
      Severity.WARNING,
      0,
      0,
      "Operations of a session are in no checkpoint for too long; a recovery would replay them"
          + " all.",
      "See logs/worker.log for why checkpoints fail, most often for want of room on the disk;"
          + " session_checkpoint tries at once."),
  CRASH_LOOP(
      Severity.CRITICAL,
      0,
      60_000,
      "The worker dies again and again.",
      "logs/front.log and logs/worker.log say how it ended; planaria doctor checks the machine, and"
          + " planaria up --worker-heap gives it more memory."),
  DISK_LOW(
      Severity.CRITICAL,
      30_000,
      60_000,
      "The disk with the data directory is nearly full; without room nothing is acknowledged.",
      "Make room there, or move the data directory to a larger disk while the daemon is down."),
  INTEGRITY_FINDING(
      Severity.CRITICAL,
      0,
      0,
      "Stored data are not what was written.",
      "Run planaria verify --deep, check the disk, and see recovery_history for what was mended."),
  STORE_UNANSWERED(
      Severity.CRITICAL,
      // From the beginning of the turn that found it: longer than a turn waits, shorter than the
      // time between two; so it is told in the second, before the front ends a silent worker.
      4_000,
      30_000,
      "The store, or the disk under it, did not answer in time or answered with an error; alerts"
          + " about what could not be read neither fire nor clear meanwhile.",
      "logs/worker.log names what cannot be read; check the disk, and run planaria doctor and"
          + " planaria verify.");

  private final Severity severity;
  private final long fireAfterMillis;
  private final long clearAfterMillis;
  private final String why;
  private final String whatToDo;

  AlertType(
      Severity severity, long fireAfterMillis, long clearAfterMillis, String why, String whatToDo) {
    this.severity = severity;
    this.fireAfterMillis = fireAfterMillis;
    this.clearAfterMillis = clearAfterMillis;
    this.why = why;
    this.whatToDo = whatToDo;
  }

  /// How soon somebody should look.
  public Severity severity() {
    return severity;
  }

  /// Bad for so long without a break before the alert fires.
  public long fireAfterMillis() {
    return fireAfterMillis;
  }

  /// Good for so long without a break before it clears: what comes and goes is one alert, not many.
  public long clearAfterMillis() {
    return clearAfterMillis;
  }

  /// What it means, in a sentence.
  public String why() {
    return why;
  }

  /// What helps, in a sentence.
  public String whatToDo() {
    return whatToDo;
  }

  /// True for what has happened and cannot be undone: it stays until somebody has taken note of it,
  /// and the same cause never fires twice.
  public boolean isEvent() {
    return this == OPERATIONS_LOST;
  }
}

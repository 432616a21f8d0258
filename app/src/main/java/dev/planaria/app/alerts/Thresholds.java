package dev.planaria.app.alerts;

/// From where on something is bad, and from where on it is good again. Between the two nothing
/// changes, so that a figure at its limit does not fire again and again.
///
/// @param recoveryFailures share of failed recoveries, bad above
/// @param recoveryMillis mean time from failure to success, bad above
/// @param loss lost over acknowledged operations, bad above
/// @param availability share of seconds served, bad below
/// @param samples how much must have been seen before a figure counts
/// @param ages how long something may stand still
/// @param queue share of a queue's limit that is used, bad from there on
/// @param crashes how many within [#crashWindowMillis] are a loop
/// @param crashWindowMillis the window for crashes
/// @param lossShownMillis how long a loss is told that nobody acknowledges
/// @param disk how much room must be left
public record Thresholds(
    Limit recoveryFailures,
    Limit recoveryMillis,
    Limit loss,
    Limit availability,
    Samples samples,
    Ages ages,
    Limit queue,
    Limit crashes,
    long crashWindowMillis,
    long lossShownMillis,
    Disk disk) {

  /// Where something is bad, and where it is good again.
  ///
  /// @param fire the bound that the bad side lies behind
  /// @param clear the bound that the good side lies behind
  public record Limit(double fire, double clear) {}

  /// How much must have been seen before a figure counts: of three recoveries, one that failed is a
  /// third, and says little (the session that it left behind is told by an alert of its own).
  ///
  /// @param recoveries for the share of failed ones
  /// @param recoveryTimes for the mean time
  /// @param operations for the share of lost ones
  /// @param seconds for the availability
  public record Samples(long recoveries, long recoveryTimes, long operations, long seconds) {}

  /// How long something may stand still before somebody is told.
  ///
  /// @param sessionMillis a session that takes no commands; a quarantined one is told at once
  /// @param taskMillis tasks that nobody can take on
  /// @param callMillis a call that waits or runs: four times what the slowest tools take
  /// @param connectionMillis a connection that is on its way: the attempts that come fast take 35
  ///   s, a replay of state may take minutes
  /// @param offlineMillis a connection that is offline; the specification's 5 min
  /// @param checkpointMillis operations without a checkpoint: three times the longest interval
  public record Ages(
      long sessionMillis,
      long taskMillis,
      long callMillis,
      long connectionMillis,
      long offlineMillis,
      long checkpointMillis) {}

  /// How much room a disk must have left: a share of it, or a number of bytes, whichever is less.
  ///
  /// @param share of the whole, for small disks
  /// @param bytes for large ones
  /// @param clearFactor it is good again with so many times that
  public record Disk(double share, long bytes, double clearFactor) {
    /// The room that a disk of that size must have.
    public double required(long totalBytes) {
      return Math.min(share * (double) totalBytes, (double) bytes);
    }
  }

  /// The specification's four, and what this product adds.
  public static final Thresholds DEFAULT =
      new Thresholds(
          new Limit(0.01, 0.005),
          new Limit(30_000, 25_000),
          new Limit(0.001, 0.0005),
          new Limit(0.999, 0.9993),
          new Samples(10, 5, 1_000, 600),
          new Ages(300_000, 600_000, 900_000, 300_000, 300_000, 900_000),
          new Limit(0.8, 0.6),
          new Limit(3, 1),
          600_000,
          7L * 86_400_000,
          new Disk(0.1, 5L << 30, 1.2));
}

package dev.planaria.app.shim;

/// Every limit, timeout and retry of the shim.
///
/// @param limits how much a client or a daemon may send
/// @param patience how long the shim waits for what
public record ShimSettings(Limits limits, Patience patience) {

  /// What holds unless somebody says otherwise.
  public static final ShimSettings DEFAULT = new ShimSettings(Limits.DEFAULT, Patience.DEFAULT);

  /// How much of anything there may be.
  ///
  /// @param lineBytes longest line of the client; the 4 MiB that a message may have at the daemon
  /// @param keptLines requests of the client that are unanswered at once; no client has a hundred
  /// @param keptBytes what they may hold in memory together; a sixth of the heap
  /// @param answerBytes longest answer or event of the daemon, which sends none longer than 16 MiB
  /// @param largeBytes answers longer than this are read one after the other, so that memory does
  ///   not grow with their number
  /// @param fruitlessSends so often may the daemon end the answer to a line without answering it
  /// @param idleConnections connections to the daemon that are kept for reuse
  public record Limits(
      int lineBytes,
      int keptLines,
      long keptBytes,
      int answerBytes,
      int largeBytes,
      int fruitlessSends,
      int idleConnections) {

    /// What holds unless somebody says otherwise.
    public static final Limits DEFAULT =
        new Limits(4 << 20, 1_000, 16L << 20, (16 << 20) + (64 << 10), 16 << 10, 5, 4);
  }

  /// How long the shim waits. All in milliseconds.
  ///
  /// @param startMillis for the first daemon, before the client is served; a start takes 1 s, and
  ///   clients give up after 30 s
  /// @param connectMillis for a connection; a daemon on the same machine accepts at once or not
  /// @param registerMillis for the answer to a registration; a new worker may be recovering
  /// @param probeAfterMillis silence of the daemon after which it is asked whether it lives
  /// @param probeMillis for the answer to that question
  /// @param outageMillis a line that was not answered after so long without a daemon is answered
  ///   with an error; clients give up at 20 to 60 s
  /// @param pollMillis how often the shim looks whether there is another daemon or worker
  /// @param leastPauseMillis between the first tries to send a line again; doubled each time
  /// @param mostPauseMillis between the later ones
  /// @param idleMillis how long a connection is kept for reuse; half of what the daemon allows
  /// @param graceMillis for what is unanswered when the client closes its side
  /// @param stopMillis the same when the process is told to stop (SIGTERM); clients kill after 2 s
  /// @param farewellMillis for the daemon to hear that a link has ended
  public record Patience(
      long startMillis,
      int connectMillis,
      int registerMillis,
      long probeAfterMillis,
      int probeMillis,
      long outageMillis,
      long pollMillis,
      long leastPauseMillis,
      long mostPauseMillis,
      long idleMillis,
      long graceMillis,
      long stopMillis,
      int farewellMillis) {

    /// What holds unless somebody says otherwise.
    public static final Patience DEFAULT =
        new Patience(
            30_000, 2_000, 15_000, 15_000, 5_000, 45_000, 500, 20, 1_000, 30_000, 10_000, 1_000,
            500);
  }
}

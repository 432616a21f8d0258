package dev.planaria.engine.recovery;

import java.util.List;

/// All recoveries after one crash (specification, section 1.2: the result of a recovery).
///
/// @param recoveryId names the run
/// @param crash what had happened
/// @param success true when every session serves again
/// @param finished false while some sessions are still waiting for their turn
/// @param sessionsRecovered how many serve again
/// @param sessionsFailed how many do not
/// @param sessionsWaiting how many wait for their turn
/// @param lostSessions what was lost with sessions of which nothing else is left, in sentences
/// @param totalTimeMillis from the detection of the crash to the last session, or to now
public record RecoveryRun(
    String recoveryId,
    CrashEvent crash,
    boolean success,
    boolean finished,
    int sessionsRecovered,
    int sessionsFailed,
    int sessionsWaiting,
    List<String> lostSessions,
    long totalTimeMillis) {

  /// Copies the list.
  public RecoveryRun {
    lostSessions = List.copyOf(lostSessions);
  }
}

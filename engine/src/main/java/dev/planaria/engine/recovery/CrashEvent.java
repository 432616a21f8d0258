package dev.planaria.engine.recovery;

/// What the process monitor saw (specification, section 1.1).
///
/// @param type how the process ended
/// @param detectedAtMillis when that was noticed, Unix time
/// @param failedAtMillis when it failed, Unix time: its exit where somebody saw it, else
///   [#lastHeartbeatMillis]; recovery times count from here
/// @param lastHeartbeatMillis when it was last known to be well, Unix time; up to a heartbeat's
///   interval before the failure
/// @param lastKnownState what it last said of itself
/// @param severity from the length of the silence, which begins with the last heartbeat
public record CrashEvent(
    Type type,
    long detectedAtMillis,
    long failedAtMillis,
    long lastHeartbeatMillis,
    String lastKnownState,
    Severity severity) {

  /// A failure that nobody saw happen, as a hang: it counts from the last sign of life.
  public CrashEvent(
      Type type,
      long detectedAtMillis,
      long lastHeartbeatMillis,
      String lastKnownState,
      Severity severity) {
    this(
        type, detectedAtMillis, lastHeartbeatMillis, lastHeartbeatMillis, lastKnownState, severity);
  }

  /// How a process ended.
  public enum Type {
    PROCESS_CRASH,
    PROCESS_HANG
  }

  /// How long nobody was served: `LOW` under 5 s, `MEDIUM` under 15 s, `HIGH` from there on.
  public enum Severity {
    LOW,
    MEDIUM,
    HIGH
  }

  /// The severity of a silence.
  public static Severity severityOf(long silenceMillis) {
    if (silenceMillis < 5_000) {
      return Severity.LOW;
    }
    return silenceMillis < 15_000 ? Severity.MEDIUM : Severity.HIGH;
  }
}

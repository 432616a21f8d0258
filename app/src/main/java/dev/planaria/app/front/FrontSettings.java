package dev.planaria.app.front;

/// Every limit, timeout and retry of the front.
///
/// @param limits what clients may send and hold
/// @param timeouts how long clients may take
/// @param forwarding how requests travel to the worker
/// @param supervision how the worker is watched and restarted
/// @param stopMillis how long running requests may take when the daemon stops
/// @param logBytes when a log file is larger than this it becomes `NAME.1`, and a new one begins
public record FrontSettings(
    HttpLimits limits,
    ClientTimeouts timeouts,
    ForwardingSettings forwarding,
    SupervisionSettings supervision,
    long stopMillis,
    long logBytes) {

  /// What holds unless the operator says otherwise.
  public static final FrontSettings DEFAULT =
      new FrontSettings(
          HttpLimits.DEFAULT,
          ClientTimeouts.DEFAULT,
          ForwardingSettings.DEFAULT,
          SupervisionSettings.DEFAULT,
          10_000,
          4L << 20);

  /// These settings with limits that fit into a heap of that size.
  FrontSettings fittedTo(long heapBytes) {
    return new FrontSettings(
        limits.fittedTo(heapBytes), timeouts, forwarding, supervision, stopMillis, logBytes);
  }
}

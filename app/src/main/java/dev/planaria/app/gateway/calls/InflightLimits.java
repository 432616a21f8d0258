package dev.planaria.app.gateway.calls;

/// How much is remembered of calls. Two generations of the file exist; when the younger is full the
/// older is dropped, with the answers in it.
///
/// @param generationBytes a generation is full beyond this size; a client comes back within
///   seconds, and 32 MiB hold some ten thousand ordinary answers
/// @param generationCalls or beyond so many calls, since each costs some 400 bytes of memory
public record InflightLimits(long generationBytes, int generationCalls) {
  /// What holds unless a test says otherwise.
  public static final InflightLimits DEFAULT = new InflightLimits(32L << 20, 20_000);
}

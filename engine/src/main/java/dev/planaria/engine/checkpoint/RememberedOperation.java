package dev.planaria.engine.checkpoint;

/// What is kept of an operation so that its repeat is recognised. Its result is in the journal, at
/// its seq.
///
/// @param key principal and operation id
/// @param commandDigest first 64 bits of the SHA-256 of the command
/// @param seq the operation; negative when a recovery or restore took it back
/// @param timeMillis when it was decided, Unix time
public record RememberedOperation(OperationKey key, long commandDigest, long seq, long timeMillis) {

  /// Its place in the order of operations, taken back or not.
  public long position() {
    return Math.abs(seq);
  }

  /// The same, taken back.
  public RememberedOperation rolledBack() {
    return isRolledBack() ? this : new RememberedOperation(key, commandDigest, -seq, timeMillis);
  }

  /// True when a recovery or restore took it back.
  public boolean isRolledBack() {
    return seq < 0;
  }
}

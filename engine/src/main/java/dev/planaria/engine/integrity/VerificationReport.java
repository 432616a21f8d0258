package dev.planaria.engine.integrity;

import java.util.List;

/// What a verification looked at and found.
///
/// @param frames read
/// @param entries read
/// @param sessions met
/// @param checkpoints read and decoded
/// @param findings everything that is wrong; empty when all is sound
public record VerificationReport(
    long frames, long entries, long sessions, long checkpoints, List<Finding> findings) {

  /// Copies the list.
  public VerificationReport {
    findings = List.copyOf(findings);
  }

  /// True when nothing is wrong.
  public boolean isSound() {
    return findings.isEmpty();
  }
}

package dev.planaria.engine.recovery;

/// A session could not be recovered; it is quarantined, and no other is affected.
public final class RecoveryFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String finding;

  /// @param finding what was found, in a sentence
  public RecoveryFailed(String finding) {
    super(finding);
    this.finding = finding;
  }

  /// What was found, in a sentence.
  public String finding() {
    return finding;
  }
}

package dev.planaria.engine.recovery;

import dev.planaria.engine.checkpoint.SessionImage;
import org.jspecify.annotations.Nullable;

/// A session could not be recovered; it is quarantined, and no other is affected.
public final class RecoveryFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String finding;
  private final transient @Nullable SessionImage readable;

  /// @param finding what was found, in a sentence
  public RecoveryFailed(String finding) {
    this(finding, null);
  }

  /// @param finding what was found, in a sentence
  /// @param readable what can be read of the session, or null
  public RecoveryFailed(String finding, @Nullable SessionImage readable) {
    super(finding);
    this.finding = finding;
    this.readable = readable;
  }

  /// What can be read of the session, or null.
  public @Nullable SessionImage readable() {
    return readable;
  }

  /// What was found, in a sentence.
  public String finding() {
    return finding;
  }
}

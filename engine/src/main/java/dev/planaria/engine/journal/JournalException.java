package dev.planaria.engine.journal;

import org.jspecify.annotations.Nullable;

/// The journal could not do what was asked.
public sealed class JournalException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private JournalException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// The store failed: disk full, I/O error. Whether a write took effect is not known until it is
  /// looked up after [Journal#reopen].
  public static final class StoreFailed extends JournalException {
    private static final long serialVersionUID = 1L;

    /// @param what what was being done, in a few words
    /// @param cause what the store said
    public StoreFailed(String what, Throwable cause) {
      super(what + " failed: " + cause.getMessage(), cause);
    }
  }

  /// Another process has raised the epoch: this one may never write again.
  public static final class Fenced extends JournalException {
    private static final long serialVersionUID = 1L;

    /// @param epoch the epoch that this process had
    public Fenced(long epoch) {
      super("epoch " + epoch + " is over: another process has opened the store", null);
    }
  }

  /// The writer was closed before it took this; nothing was written.
  public static final class Closed extends JournalException {
    private static final long serialVersionUID = 1L;

    /// Says so.
    public Closed() {
      super("the journal is closed", null);
    }
  }
}

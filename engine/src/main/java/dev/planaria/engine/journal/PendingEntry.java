package dev.planaria.engine.journal;

/// An encoded entry on its way to disk. Its methods are called by the writer thread, entry by entry
/// in journal order, and must not block.
public interface PendingEntry {

  /// The encoded entry.
  byte[] bytes();

  /// True when it is of a session that is being imported: it goes into a frame with such entries
  /// alone.
  default boolean isImport() {
    return false;
  }

  /// False when an earlier entry that this one follows was rejected; it is then rejected too.
  boolean isCurrent();

  /// The entry is on disk. Told to the entry, not yet to whoever waits for it.
  ///
  /// @param frameId the frame that holds it
  /// @param offset where it starts in that frame
  void committed(long frameId, int offset);

  /// Tells whoever waits that the entry is on disk. Called once after [#committed], from any
  /// thread, and in any order among entries.
  void acknowledge();

  /// The entry is not in the journal and never will be.
  void rejected(RuntimeException reason);

  /// Nobody can say whether the entry is in the journal: the store could not be read again before
  /// the writer had to stop. The next process will know.
  void unknown(RuntimeException reason);

  /// Whoever waits for this entry should wait no longer; the entry itself goes on, and is told its
  /// fate later.
  void giveUpWaiting(RuntimeException reason);

  /// Called before [#rejected] for every entry that is taken back together, so that what follows
  /// them is no longer current.
  void takeBack();
}

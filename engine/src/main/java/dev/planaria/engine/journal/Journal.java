package dev.planaria.engine.journal;

/// The append-only sequence of frames. Written by one thread; the reading methods are thread-safe.
///
/// Every method throws [JournalException.StoreFailed] when the store fails.
public interface Journal {

  /// Appends the frame that follows [#head]. On return it is on disk. When this throws, the outcome
  /// is unknown: [#reopen] and [#head] tell.
  ///
  /// @throws JournalException.Fenced when another process has raised the epoch; nothing was written
  void append(Frame frame);

  /// The last frame that can be read. After a failure it may be one whose [#append] threw, and it
  /// may not be on disk before [#sync] has returned.
  FrameHead head();

  /// Returns when everything that can be read is on disk.
  void sync();

  /// Throws away whatever the store's client library believes and opens the store again, under the
  /// same epoch.
  ///
  /// A client library can be left in a state in which every later statement is a transaction of its
  /// own (measured with sqlite-jdbc after an I/O error), so after any failure nothing of it may be
  /// used again.
  void reopen();

  /// Hands every frame with a larger id to the visitor, in order.
  void scan(long afterFrameId, FrameVisitor visitor);

  /// Bytes `from` (inclusive) to `to` (exclusive) of a frame; cut short when the frame is.
  ///
  /// @throws DamagedException when there is no such frame
  byte[] slice(long frameId, int from, int to);

  /// Housekeeping that must happen between two frames (SQLite: moving the write-ahead log into the
  /// database).
  void tidy();

  /// Sees frames as they are stored, intact or not.
  @FunctionalInterface
  interface FrameVisitor {

    /// Called once for each frame.
    ///
    /// @param frameId the id under which the frame is stored
    /// @param bytes what is stored
    void frame(long frameId, byte[] bytes);
  }
}

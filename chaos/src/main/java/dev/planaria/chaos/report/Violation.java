package dev.planaria.chaos.report;

/// A promise that was not kept.
///
/// @param kind which
/// @param sentence what happened, with the ids that are needed to look it up
public record Violation(Kind kind, String sentence) {

  /// What is promised.
  public enum Kind {
    /// Something acknowledged is gone.
    LOST,
    /// Something was done twice.
    DUPLICATED,
    /// Something came before what it followed.
    REORDERED,
    /// A caller had no answer by its deadline, not even that the outcome is unknown.
    STUCK,
    /// A caller saw its connection break or its link end, from which it was to be spared.
    DISCONNECTED,
    /// A process that had lost its lease still wrote.
    UNFENCED,
    /// The store or a session's state is not sound.
    UNSOUND,
    /// What came back differs from what there was.
    CHANGED,
    /// It took longer than the deadline to come back.
    TOO_SLOW,
    /// Damage was there, and nobody noticed.
    UNDETECTED
  }
}

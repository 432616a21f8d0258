package dev.planaria.engine.session;

/// What holds before a row is deleted, one by one, so that a test can take one away and show that
/// it would notice. The product uses [#ALL] and nothing else.
///
/// @param synced the segment is on disk
/// @param compared the segment was read back and is what the rows hold
public record ArchiveGuarantees(boolean synced, boolean compared) {

  /// Everything holds.
  public static final ArchiveGuarantees ALL = new ArchiveGuarantees(true, true);
}

package dev.planaria.chaos.power;

/// What the disk of an experiment keeps, so that a test can take it away and show that it is
/// noticed. Nothing but tests takes it away.
///
/// @param keepsSyncedLog what was synced of the database's log is there after a loss of power;
///   without it, the disk, or the build that writes to it, only pretends to sync
public record DiskGuarantees(boolean keepsSyncedLog) {

  /// An honest disk.
  public static final DiskGuarantees ALL = new DiskGuarantees(true);
}

package dev.planaria.engine.storage.sqlite;

/// What an opening checks before it believes the database, one by one, so that a test can take one
/// away and show what would go unnoticed. The product uses [#ALL] and nothing else.
///
/// @param witness the store is compared with its witness
/// @param walScan the write-ahead log is scanned before SQLite cuts it short
public record StoreGuarantees(boolean witness, boolean walScan) {

  /// Everything is checked.
  public static final StoreGuarantees ALL = new StoreGuarantees(true, true);
}

package dev.planaria.engine.storage.sqlite;

/// A store was written by a version that this one does not know.
public final class StoreFormatException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param format what the store says
  public StoreFormatException(int format) {
    super(
        "the store has format "
            + format
            + ", this version reads format "
            + SqliteSchema.FORMAT
            + (format > SqliteSchema.FORMAT
                ? "; start the newer version that wrote it"
                : " and this one no longer"));
  }
}

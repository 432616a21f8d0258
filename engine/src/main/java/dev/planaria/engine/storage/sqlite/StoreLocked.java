package dev.planaria.engine.storage.sqlite;

import java.nio.file.Path;

/// Another process holds the data directory.
public final class StoreLocked extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param directory the data directory
  public StoreLocked(Path directory) {
    super(
        "the data directory "
            + directory
            + " is in use by another process; stop that one or choose another with --data");
  }
}

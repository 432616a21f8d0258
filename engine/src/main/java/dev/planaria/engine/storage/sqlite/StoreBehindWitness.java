package dev.planaria.engine.storage.sqlite;

import dev.planaria.engine.storage.Missing;
import dev.planaria.engine.storage.StoreEvidence;
import java.nio.file.Path;

/// A store has lost frames that were on disk once; it is not served unless somebody accepts that.
public final class StoreBehindWitness extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long fromFrame;
  private final long toFrame;

  StoreBehindWitness(Path directory, Missing missing, StoreEvidence evidence) {
    super(
        "the store in "
            + directory
            + " is behind its witness: "
            + String.join("; ", evidence.findings())
            + "; put back the newest planaria.db, planaria.db-wal and witness together, or accept"
            + " the loss with `planaria recover --accept-loss`");
    this.fromFrame = missing.fromFrame();
    this.toFrame = missing.toFrame();
  }

  /// What is missing.
  public Missing missing() {
    return new Missing(fromFrame, toFrame);
  }
}

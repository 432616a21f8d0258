package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.GroupCommit;
import dev.planaria.engine.journal.PendingEntry;
import dev.planaria.engine.recovery.TailIndex;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.transfer.ExportReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Puts the entries of an export into the journal, in frames of their own, a few at a time, and
/// notes where they lie. They belong to no session before its line in the catalogue says so. Not
/// thread-safe.
final class StagedEntries implements ExportReader.Visitor {

  /// Commits of other sessions wait for as long as one batch takes.
  private static final int BATCH_BYTES = 2 << 20;

  private final GroupCommit writer;
  private final TailIndex index;
  private final List<Staged> batch = new ArrayList<>();
  private long batchBytes;

  /// @param firstSeq the first operation in the export
  StagedEntries(GroupCommit writer, long firstSeq) {
    this.writer = writer;
    this.index = new TailIndex(firstSeq);
  }

  @Override
  public void start(CheckpointContent content) {
    // It is kept as a checkpoint.
  }

  @Override
  public void entry(Entry entry, byte[] encoded) {
    batch.add(new Staged(encoded, entry.timeMillis()));
    batchBytes += encoded.length;
    if (batchBytes >= BATCH_BYTES) {
      write();
    }
  }

  /// Writes what is left.
  ///
  /// @return where all of them lie
  FrameSpans finish() {
    if (!batch.isEmpty()) {
      write();
    }
    return index.seal();
  }

  private void write() {
    batch.forEach(writer::enqueue);
    for (Staged staged : batch) {
      staged.await();
    }
    batch.clear();
    batchBytes = 0;
  }

  /// One entry on its way to disk.
  private final class Staged implements PendingEntry {
    private final byte[] bytes;
    private final long timeMillis;
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

    Staged(byte[] bytes, long timeMillis) {
      this.bytes = bytes;
      this.timeMillis = timeMillis;
    }

    void await() {
      try {
        done.join();
      } catch (CompletionException e) {
        throw new StoreUnavailable(
            "the store took no write, so that nothing was imported; try again when it is well",
            e.getCause() instanceof RuntimeException cause ? cause : e);
      }
    }

    @Override
    public byte[] bytes() {
      return bytes;
    }

    @Override
    public boolean isImport() {
      return true;
    }

    @Override
    public boolean isCurrent() {
      // When one falls the import is over, and those behind it lie there unused.
      return true;
    }

    @Override
    public void committed(long frameId, int offset) {
      index.add(frameId, offset, bytes.length, timeMillis);
    }

    @Override
    public void acknowledge() {
      done.complete(null);
    }

    @Override
    public void rejected(RuntimeException reason) {
      done.completeExceptionally(reason);
    }

    @Override
    public void unknown(RuntimeException reason) {
      done.completeExceptionally(reason);
    }

    @Override
    public void giveUpWaiting(RuntimeException reason) {
      // An import waits for as long as it takes.
    }

    @Override
    public void takeBack() {
      // Nothing was decided on them.
    }
  }
}

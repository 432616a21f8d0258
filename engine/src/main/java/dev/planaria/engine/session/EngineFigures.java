package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.journal.GroupCommit;
import dev.planaria.engine.journal.LatencyHistogram;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.recovery.RecoveryCodec;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.RecoveryPage;
import dev.planaria.engine.storage.StoredRecovery;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What an engine can be measured by. Thread-safe; reading costs those who work nothing.
public final class EngineFigures {

  /// Records that are read at once: whoever else reads the store waits for them.
  private static final int PAGE = 200;

  /// Rows that are read for one answer at most: after many crashes without an active session, rows
  /// are runs.
  private static final int MOST_ROWS = 2_000;

  /// Counting looks at each session; nobody needs it more often.
  private static final long CENSUS_NANOS = 2_000_000_000;

  private final EngineParts parts;
  private final Catalogue catalogue;
  private final RecoveryHistory history;
  private @Nullable Census census;
  private long countedNanos;

  EngineFigures(EngineParts parts, Catalogue catalogue, RecoveryHistory history) {
    this.parts = parts;
    this.catalogue = catalogue;
    this.history = history;
  }

  RecoveryHistory history() {
    return history;
  }

  /// Operations and frames written since the engine was opened.
  public EngineCounts counts() {
    return new EngineCounts(parts.writer().entries(), parts.writer().frames());
  }

  /// How long commits took, until they were on disk.
  public LatencyHistogram.Latencies commits() {
    return parts.writer().latencies();
  }

  /// What waits for the disk.
  public GroupCommit.Backlog backlog() {
    return parts.writer().backlog();
  }

  /// What an engine holds, counted 2 s ago at the most.
  public synchronized Census census() {
    long now = parts.environment().nanoTime().getAsLong();
    Census known = census;
    if (known == null || now - countedNanos >= CENSUS_NANOS) {
      known = Census.of(catalogue);
      census = known;
      countedNanos = now;
    }
    return known;
  }

  /// A session as it is in memory, or nothing when it is on disk alone. Wakes no session, and does
  /// not count as a use of one.
  public Optional<SessionView> resident(SessionId session) {
    return catalogue
        .find(session)
        .map(SessionSlot::liveOrNull)
        .filter(live -> !live.isUnborn())
        .map(live -> {
          SessionImage image = live.view();
          return new SessionView(image.state(), image.head());
        });
  }

  /// Checkpoints that were taken since the engine was opened.
  public CheckpointCounts checkpoints() {
    return parts.tally().checkpoints();
  }

  /// How many recoveries of sessions ended in that way since the engine was opened.
  public long recoveries(RecoveryRecord.Failure failure, boolean success) {
    return parts.tally().recoveries(failure, success);
  }

  /// Bytes that the store takes on disk, its log included.
  public long storeBytes() {
    return parts.store().bytesOnDisk();
  }

  /// Bytes of the store's log.
  public long logBytes() {
    return parts.store().logBytes();
  }

  /// How often the store was ever opened for writing; this opening is the last.
  public long openings() {
    return parts.epoch();
  }

  /// The time of the engine's clock, Unix milliseconds.
  public long nowMillis() {
    return parts.nowMillis();
  }

  /// What checks of stored data have found since the engine was opened.
  public DetectionCounts detections() {
    return parts.detections().counts();
  }

  /// Hands on what the store keeps of recoveries, of all sessions, newest first. A run that is
  /// being written at the moment may be missing.
  ///
  /// @param sinceMillis what happened before is left out, Unix time
  /// @param most so many at most
  /// @param records is handed a session's recovery
  /// @param runs is handed all recoveries after one crash
  /// @return how many records are damaged and were left out
  public int recoveries(
      long sinceMillis, int most, Consumer<RecoveryRecord> records, Consumer<RecoveryRun> runs) {
    int seen = 0;
    int damaged = 0;
    Optional<RecoveryPage.Place> place = Optional.of(RecoveryPage.Place.START);
    while (place.isPresent() && seen < most) {
      RecoveryPage page =
          parts.store().recoveries(sinceMillis, place.get(), Math.min(PAGE, most - seen));
      seen += page.records().size() + page.damaged();
      damaged += page.damaged();
      for (StoredRecovery stored : page.records()) {
        damaged += handOn(stored, records, runs) ? 0 : 1;
      }
      place = page.next();
    }
    return damaged;
  }

  /// Recoveries of sessions that the store keeps, newest first by the moment of the crash, or of
  /// the damage. Those that are being written at the moment may be missing.
  ///
  /// @param sinceMillis what happened before is left out, Unix time
  /// @param from where to begin, or [RecoveryPage.Place#START]
  /// @param most so many at most; there may be fewer though there are more
  public RecoveryRecords recoveries(long sinceMillis, RecoveryPage.Place from, int most) {
    var records = new ArrayList<RecoveryRecord>();
    int damaged = 0;
    int rows = 0;
    Optional<RecoveryPage.Place> place = Optional.of(from);
    while (place.isPresent() && records.size() < most && rows < MOST_ROWS) {
      RecoveryPage page =
          parts.store().recoveries(sinceMillis, place.get(), Math.min(PAGE, most - records.size()));
      rows += page.records().size() + page.damaged();
      damaged += page.damaged();
      for (StoredRecovery stored : page.records()) {
        damaged += handOn(stored, records::add, _ -> {}) ? 0 : 1;
      }
      place = page.next();
    }
    return new RecoveryRecords(records, damaged, place);
  }

  private static boolean handOn(
      StoredRecovery stored, Consumer<RecoveryRecord> records, Consumer<RecoveryRun> runs) {
    try {
      if (stored.sessionId().isPresent()) {
        records.accept(RecoveryCodec.record(stored.json()));
      } else {
        runs.accept(RecoveryCodec.run(stored.json()));
      }
      return true;
    } catch (FieldException | JsonSyntaxException | IllegalArgumentException e) {
      return false;
    }
  }
}

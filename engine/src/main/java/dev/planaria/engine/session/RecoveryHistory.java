package dev.planaria.engine.session;

import dev.planaria.engine.recovery.RecoveryCodec;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What became of recoveries: those of this process, and what the store keeps of all. Thread-safe.
final class RecoveryHistory {

  private final Store store;
  private final @Nullable RecoveryLedger ledger;

  /// @param ledger of the run of this process, or null when there is none
  RecoveryHistory(Store store, @Nullable RecoveryLedger ledger) {
    this.store = store;
    this.ledger = ledger;
  }

  /// Recovery runs, newest first.
  List<RecoveryRun> runs(int limit) {
    var runs = new ArrayList<RecoveryRun>();
    if (ledger != null) {
      runs.add(ledger.run());
    }
    for (String json : store.recoveries(Optional.empty(), limit)) {
      RecoveryRun run = RecoveryCodec.run(json);
      if (ledger == null || !run.recoveryId().equals(ledger.recoveryId())) {
        runs.add(run);
      }
    }
    return List.copyOf(runs.subList(0, Math.min(limit, runs.size())));
  }

  /// A session's recoveries, newest first.
  List<RecoveryRecord> of(SessionId session, int limit) {
    var records = new ArrayList<RecoveryRecord>();
    if (ledger != null) {
      records.addAll(ledger.unsaved(session));
    }
    for (String json : store.recoveries(Optional.of(session), limit)) {
      RecoveryRecord record = RecoveryCodec.record(json);
      if (records.stream().noneMatch(known -> known.recoveryId().equals(record.recoveryId()))) {
        records.add(record);
      }
    }
    return List.copyOf(records.subList(0, Math.min(limit, records.size())));
  }
}

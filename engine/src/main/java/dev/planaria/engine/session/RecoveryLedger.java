package dev.planaria.engine.session;

import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.recovery.CrashEvent;
import dev.planaria.engine.recovery.RecoveryCodec;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.recovery.SessionTail;
import dev.planaria.engine.recovery.TailScan;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.StoredRecovery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Keeps account of the recovery that followed a crash: a record for each session that was active,
/// and one for the whole. Thread-safe.
final class RecoveryLedger {

  /// A commit waits for the transaction that these are saved in.
  private static final int SAVED_AT_ONCE = 256;

  /// One for each damaged stretch of the journal; a verification names them all.
  private static final int MOST_LOST_SESSIONS = 100;

  private final EngineParts parts;
  private final String recoveryId;
  private final CrashEvent crash;
  private final List<String> lostSessions;
  // Guarded by this. Sessions that are not in the map were cold at the crash and have nothing to
  // recover.
  private final Map<SessionId, SessionTail> waiting;
  private final List<RecoveryRecord> finished = new ArrayList<>();
  private final int sessions;
  private int savedRecords;
  private int failed;
  private long lastFinishedMillis;
  private boolean saved;
  private boolean toldBegun;
  private boolean toldFinished;
  // Held while records are written, so that two rounds never write the same ones.
  private final ReentrantLock saving = new ReentrantLock();

  /// @param scan what was found at the opening
  RecoveryLedger(EngineParts parts, CrashEvent crash, TailScan.Result scan) {
    this.parts = parts;
    this.recoveryId = parts.environment().newId().get().toString();
    this.crash = crash;
    this.lastFinishedMillis = crash.detectedAtMillis();
    this.waiting = new HashMap<>();
    CrashRecovery.activeIn(scan).forEach(tail -> waiting.put(tail.id(), tail));
    this.lostSessions =
        scan.ownerless().stream().limit(MOST_LOST_SESSIONS).map(Finding::sentence).toList();
    this.sessions = waiting.size();
  }

  String recoveryId() {
    return recoveryId;
  }

  /// The sessions whose turn has not come.
  synchronized List<SessionId> waiting() {
    return List.copyOf(waiting.keySet());
  }

  /// True while some have not had their turn.
  synchronized boolean isWaiting() {
    return !waiting.isEmpty();
  }

  synchronized boolean concerns(SessionId id) {
    return waiting.containsKey(id);
  }

  /// What had happened.
  CrashEvent crash() {
    return crash;
  }

  /// Tells whoever listens, once, before anything else of this recovery. Not while the engine
  /// opens: nobody is served before that is over.
  void tellBegun() {
    synchronized (this) {
      if (toldBegun) {
        return;
      }
      toldBegun = true;
    }
    parts.tell(new EngineEvent.RecoveryBegun(crash, sessions));
  }

  /// A session's turn is over.
  void finish(SessionTail tail, RecoveryRecord record) {
    tellBegun();
    synchronized (this) {
      if (waiting.remove(tail.id()) == null) {
        return;
      }
      finished.add(record);
      failed += record.success() ? 0 : 1;
      lastFinishedMillis = Math.max(lastFinishedMillis, record.finishedAtMillis());
    }
  }

  /// Tells whoever listens, once, when nobody waits any more.
  void tellWhenFinished() {
    RecoveryRun run;
    synchronized (this) {
      if (toldFinished || !waiting.isEmpty()) {
        return;
      }
      toldFinished = true;
      run = run();
    }
    parts.tell(new EngineEvent.RecoveryFinished(run));
  }

  /// Writes what was finished since the last time; called between other things, so that no session
  /// waits for it.
  void save() {
    tellWhenFinished();
    parts.threads().lock(saving);
    try {
      boolean last = false;
      while (!last) {
        last = saveSome();
      }
    } finally {
      saving.unlock();
    }
  }

  /// Saves some of what is finished, in one transaction, so that commits go on in between. True
  /// when nothing was left then.
  private boolean saveSome() {
    List<RecoveryRecord> unsaved;
    boolean all;
    boolean complete;
    var records = new ArrayList<StoredRecovery>();
    synchronized (this) {
      if (finished.isEmpty() && saved) {
        return true;
      }
      unsaved = List.copyOf(finished.subList(0, Math.min(SAVED_AT_ONCE, finished.size())));
      all = unsaved.size() == finished.size();
      for (RecoveryRecord record : unsaved) {
        records.add(stored(Optional.of(record.sessionId()), RecoveryCodec.toJson(record)));
      }
      records.add(stored(Optional.empty(), RecoveryCodec.toJson(run())));
      complete = all && waiting.isEmpty();
    }
    parts.writer().write(() -> parts.store().saveRecoveries(records));
    synchronized (this) {
      savedRecords += unsaved.size();
      finished.subList(0, unsaved.size()).clear();
      saved = complete;
    }
    return all;
  }

  private StoredRecovery stored(Optional<SessionId> sessionId, JsonObject json) {
    return new StoredRecovery(recoveryId, sessionId, crash.detectedAtMillis(), Json.write(json));
  }

  /// The run as it stands.
  synchronized RecoveryRun run() {
    int done = savedRecords + finished.size();
    return new RecoveryRun(
        recoveryId,
        crash,
        failed == 0,
        waiting.isEmpty(),
        done - failed,
        failed,
        waiting.size(),
        lostSessions,
        (waiting.isEmpty() ? lastFinishedMillis : parts.nowMillis()) - crash.detectedAtMillis());
  }

  /// The records of this run that are not in the store yet.
  synchronized List<RecoveryRecord> unsaved(SessionId id) {
    return finished.stream().filter(record -> record.sessionId().equals(id)).toList();
  }
}

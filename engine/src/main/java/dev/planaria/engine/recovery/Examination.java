package dev.planaria.engine.recovery;

import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.integrity.Finding.Code;
import dev.planaria.engine.integrity.Verification;
import dev.planaria.engine.integrity.VerificationReport;
import dev.planaria.engine.integrity.VerificationReport.Scope;
import dev.planaria.engine.integrity.VerificationReport.SessionCheck;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.storage.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Looks at a store on demand, beside whoever uses it, and changes nothing. What it reads of a
/// session is what a recovery would read, and what it says of it is what that recovery would do;
/// with [Scope#deep] everything else is read too. Thread-safe.
public final class Examination {

  private final Store store;
  private final LongSupplier nanoTime;

  /// @param store what is looked at
  /// @param nanoTime a monotonic clock
  public Examination(Store store, LongSupplier nanoTime) {
    this.store = store;
    this.nanoTime = nanoTime;
  }

  /// Looks at a store, or at one session of it.
  ///
  /// @throws dev.planaria.engine.journal.JournalException.StoreFailed when the store cannot be read
  public VerificationReport run(Scope scope) {
    TailScan.Result scan = TailScan.runBeside(store);
    boolean whole = scope.session() == null;
    Verification.@Nullable Result everything =
        whole && scope.deep() ? Verification.run(store) : null;
    var ofStore = new ArrayList<Finding>();
    List<Finding> ofSessions = List.of();
    if (everything != null) {
      everything.findings().stream()
          .filter(found -> found.sessionId() == null)
          .forEach(ofStore::add);
      ofSessions =
          everything.findings().stream().filter(found -> found.sessionId() != null).toList();
    } else {
      ofStore.addAll(seenAtOnce(scan));
    }
    ofStore.addAll(scan.ownerless());
    var recovery = new Recovery(store, scan.damaged(), nanoTime, RecoveryGuarantees.ALL);
    var sessions = new ArrayList<SessionCheck>();
    long checkpoints = everything == null ? 0 : everything.checkpoints();
    for (SessionTail tail : oldestFirst(scan)) {
      if (scope.holds(tail.id())) {
        sessions.add(check(recovery, tail, scope, ofSessions));
        checkpoints += everything == null ? store.checkpoints(tail.id()).size() : 0;
      }
    }
    return new VerificationReport(
        scope,
        everything == null ? scan.frames() : everything.frames(),
        everything == null ? scan.entries() : everything.entries(),
        checkpoints,
        sessions,
        ofStore);
  }

  /// What opening the store would say.
  private List<Finding> seenAtOnce(TailScan.Result scan) {
    var found = new ArrayList<Finding>();
    for (String sentence : store.marks().evidence().findings()) {
      found.add(Finding.integrity(Code.DATABASE_STRUCTURE, "database", null, List.of(), sentence));
    }
    for (String sentence : scan.findings()) {
      found.add(Finding.integrity(Code.FRAME_DAMAGED, "frame", null, List.of(), sentence));
    }
    return found;
  }

  private static List<SessionTail> oldestFirst(TailScan.Result scan) {
    return scan.sessions().values().stream().sorted(Comparator.comparing(SessionTail::id)).toList();
  }

  private SessionCheck check(
      Recovery recovery, SessionTail tail, Scope scope, List<Finding> known) {
    String id = tail.id().toString();
    List<Finding> findings =
        new ArrayList<>(
            known.stream().filter(found -> Objects.equals(found.sessionId(), id)).toList());
    Set<String> codes = new HashSet<>();
    findings.forEach(found -> codes.add(found.code()));
    @Nullable String strategy = null;
    long replayed = 0;
    long lost = 0;
    long compared = 0;
    try {
      var request =
          new Recovery.Request("examination", tail.createdAtMillis(), new RecoveryChoice.ByTable());
      Recovery.Outcome outcome = recovery.recover(tail, request);
      recovery.settled(tail.id());
      strategy = outcome.row().strategy().name();
      replayed = outcome.replayed();
      lost = outcome.operationsLost();
      // What the whole journal's check has said already is not said again.
      outcome.findings().stream()
          .filter(found -> !codes.contains(found.code()))
          .forEach(findings::add);
    } catch (DamagedException unreadable) {
      findings.add(
          Finding.integrity(
              Code.SESSION_UNREADABLE,
              "session",
              id,
              List.of(),
              String.valueOf(unreadable.getMessage())));
    }
    if (scope.deep()) {
      DeepReplay.Result deep = DeepReplay.run(store, tail);
      findings.addAll(deep.findings());
      replayed += deep.replayed();
      compared = deep.compared();
    }
    return new SessionCheck(
        tail.id(), tail.name(), tail.seq(), replayed, compared, findings, strategy, lost);
  }
}

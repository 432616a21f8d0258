package dev.planaria.engine.session;

import dev.planaria.engine.journal.Threads;
import dev.planaria.engine.recovery.Complexity;
import dev.planaria.engine.recovery.CrashEvent;
import dev.planaria.engine.recovery.FetchedGroups;
import dev.planaria.engine.recovery.RecoveryLanes;
import dev.planaria.engine.recovery.SessionTail;
import dev.planaria.engine.recovery.TailScan;
import dev.planaria.engine.storage.Store;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Brings back, in the background, the sessions that were active at a crash: grouped by how hard
/// they are, the largest first. One that somebody touches meanwhile is brought back by them. One
/// that fails stops no other.
final class CrashRecovery {

  private final Store store;
  private final Threads threads;
  private final Catalogue catalogue;
  private final Residency residency;
  private final RecoveryLedger ledger;
  private final Consumer<SessionSlot> recover;
  private final Consumer<SessionSlot> prove;

  /// @param recover brings one back, or notes that it cannot be
  /// @param prove the same, and leaves it on disk when its recovery has changed nothing
  CrashRecovery(
      EngineParts parts,
      Catalogue catalogue,
      Residency residency,
      RecoveryLedger ledger,
      Consumer<SessionSlot> recover,
      Consumer<SessionSlot> prove) {
    this.store = parts.store();
    this.threads = parts.threads();
    this.catalogue = catalogue;
    this.residency = residency;
    this.ledger = ledger;
    this.recover = recover;
    this.prove = prove;
  }

  /// Nobody watched the process that did not close the store; its last entry is a sign of life.
  static CrashEvent unwatched(EngineEnvironment environment, TailScan.Result scan) {
    long now = environment.nowMillis().getAsLong();
    long newest = Math.max(scan.newestEntryMillis(), environment.lastAliveMillis().getAsLong());
    long lastSeen = newest == 0 ? now : Math.min(now, newest);
    return new CrashEvent(
        CrashEvent.Type.PROCESS_CRASH,
        now,
        lastSeen,
        "the store was not closed",
        CrashEvent.severityOf(now - lastSeen));
  }

  /// The sessions that were active when the last process died, and those that need a repair.
  static List<SessionTail> activeIn(TailScan.Result scan) {
    return scan.sessions().values().stream()
        .filter(tail -> tail.index().entries() > 0 || tail.isIntricate())
        .toList();
  }

  /// Recovers everything that nobody has touched yet.
  ///
  /// @return false when something of it could not be read, and is to be tried again
  boolean run(BooleanSupplier isClosing) {
    ledger.tellBegun();
    List<Turn> waiting =
        ledger.waiting().stream()
            .flatMap(id -> catalogue.find(id).stream())
            .map(slot -> new Turn(slot, slot.measure()))
            .sorted(Comparator.comparingLong((Turn turn) -> turn.measure().size()).reversed())
            .toList();
    FetchedGroups.run(
        store,
        threads,
        waiting,
        (fetch, turn) -> turn.slot().whileCold(fetch::add),
        group -> recoverTogether(group, isClosing),
        isClosing);
    residency.makeRoom();
    ledger.save();
    return isClosing.getAsBoolean() || !ledger.isWaiting();
  }

  /// A session and how hard it is. That is looked at once: a session that somebody touches is no
  /// longer hard, and what changes cannot be sorted by.
  private record Turn(SessionSlot slot, Complexity.Measure measure) {}

  /// What memory has no room for is recovered all the same: it is read, verified and reported, and
  /// stays on disk as it was found. A checkpoint of each would take longer than everything else.
  private void recoverTogether(List<Turn> turns, BooleanSupplier isClosing) {
    Residency.Room room = residency.room();
    RecoveryLanes.run(
        threads,
        turns.stream().collect(Collectors.groupingBy(turn -> Complexity.of(turn.measure()))),
        turn -> turn.measure().size(),
        turn -> {
          boolean fits = room.take(turn.measure().tailOperations());
          SessionUnavailable.unlessQuarantined(() -> (fits ? recover : prove).accept(turn.slot()));
        },
        isClosing);
  }
}

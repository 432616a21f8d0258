package dev.planaria.engine.session;

import dev.planaria.engine.recovery.Complexity;
import dev.planaria.engine.recovery.RecoveryLanes;
import dev.planaria.engine.recovery.TailFetch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Recovers every session that was active at a crash and that nobody has touched yet: the largest
/// first, by complexity, with the tails of many fetched in one walk. Not thread-safe; lives for one
/// recovery.
final class RecoveryRounds {

  /// Making room looks at every session, so it is not done for each that is recovered.
  private static final int ROOM_STEP = 64;

  private final EngineParts parts;
  private final Catalogue catalogue;
  private final Residency residency;
  private final Consumer<SessionSlot> bringBack;

  /// @param bringBack recovers one; never throws for a session that cannot be
  RecoveryRounds(
      EngineParts parts,
      Catalogue catalogue,
      Residency residency,
      Consumer<SessionSlot> bringBack) {
    this.parts = parts;
    this.catalogue = catalogue;
    this.residency = residency;
    this.bringBack = bringBack;
  }

  /// Returns when all have had their turn, or it is told to stop.
  void run(RecoveryLedger ledger, BooleanSupplier stop) {
    List<SessionSlot> waiting =
        ledger.waiting().stream()
            .flatMap(id -> catalogue.find(id).stream())
            .sorted(Comparator.comparingLong(slot -> -slot.measure().size()))
            .toList();
    var fetch = new TailFetch(parts.store());
    var together = new ArrayList<SessionSlot>();
    for (SessionSlot slot : waiting) {
      slot.whileCold(fetch::add);
      together.add(slot);
      if (fetch.isFull()) {
        recoverTogether(together, fetch, stop);
        fetch = new TailFetch(parts.store());
        together.clear();
      }
    }
    recoverTogether(together, fetch, stop);
    residency.makeRoom();
    ledger.save();
  }

  private void recoverTogether(List<SessionSlot> slots, TailFetch fetch, BooleanSupplier stop) {
    fetch.run();
    var done = new AtomicInteger();
    RecoveryLanes.run(
        slots.stream().collect(Collectors.groupingBy(slot -> Complexity.of(slot.measure()))),
        slot -> slot.measure().size(),
        slot -> {
          bringBack.accept(slot);
          if (done.incrementAndGet() % ROOM_STEP == 0) {
            residency.makeRoom();
          }
        },
        stop);
  }
}

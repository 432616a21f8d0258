package dev.planaria.engine.session;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.JournalException;
import dev.planaria.engine.recovery.FetchedGroups;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Checkpoints sessions that are on disk alone with operations that no checkpoint contains, as a
/// recovery leaves those that it finds no room for. Until then they hold the low-water mark back,
/// and their operations are read again at each opening. One after the other, on one thread, so that
/// calls go first. Used by one thread.
final class Settling {

  private static final System.Logger LOG = System.getLogger(Settling.class.getName());

  private final EngineParts parts;
  private final Catalogue catalogue;
  private final Checkpointer checkpointer;
  private final Consumer<SessionSlot> recover;

  /// @param recover brings one back, or notes that it cannot be
  Settling(
      EngineParts parts,
      Catalogue catalogue,
      Checkpointer checkpointer,
      Consumer<SessionSlot> recover) {
    this.parts = parts;
    this.catalogue = catalogue;
    this.checkpointer = checkpointer;
    this.recover = recover;
  }

  /// Settles every session that is due, those first that hold the mark back most. What fails is
  /// tried again in the next round.
  void runOnce(BooleanSupplier isClosing) {
    long now = parts.nowMillis();
    List<SessionSlot> due =
        catalogue.all().stream()
            .filter(slot -> slot.isUnsettled(parts.settings().checkpoints(), now))
            .sorted(Comparator.comparingLong(SessionSlot::firstFrameNeeded))
            .toList();
    FetchedGroups.run(
        parts.store(),
        parts.threads(),
        due,
        (fetch, slot) -> slot.whileCold(fetch::add),
        group -> group.stream().takeWhile(_ -> !isClosing.getAsBoolean()).forEach(this::settle),
        isClosing);
  }

  private void settle(SessionSlot slot) {
    try {
      recover.accept(slot);
      LiveSession session = slot.liveOrNull();
      if (session != null && session.disk().tailSize().operations() > 0) {
        var _ = checkpointer.take(session, null);
        var _ = slot.evict();
      }
    } catch (JournalException | DamagedException | StoreUnavailable e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "session " + slot.id() + " could not be checkpointed; it will be",
          e);
    }
  }
}

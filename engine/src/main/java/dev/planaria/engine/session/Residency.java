package dev.planaria.engine.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Keeps what is in memory within bounds: the sessions that were not touched for longest are
/// checkpointed and leave. They come back when they are asked for. Thread-safe.
final class Residency {

  private final EngineParts parts;
  private final Catalogue catalogue;
  private final Checkpointer checkpointer;

  Residency(EngineParts parts, Catalogue catalogue, Checkpointer checkpointer) {
    this.parts = parts;
    this.catalogue = catalogue;
    this.checkpointer = checkpointer;
  }

  /// Lets sessions leave until what stays is within the settings, or nothing more can leave.
  synchronized void makeRoom() {
    var resident = new ArrayList<Resident>();
    long remembered = 0;
    for (SessionSlot slot : catalogue.all()) {
      LiveSession session = slot.liveOrNull();
      if (session != null) {
        int size = session.remembered();
        resident.add(new Resident(slot, session, slot.touchedMillis(), size));
        remembered += size;
      }
    }
    int sessions = resident.size();
    if (fits(sessions, remembered)) {
      return;
    }
    for (Resident candidate : longestUntouchedFirst(resident)) {
      if (fits(sessions, remembered)) {
        return;
      }
      if (leaves(candidate)) {
        sessions--;
        remembered -= candidate.remembered();
      }
    }
  }

  private record Resident(
      SessionSlot slot, LiveSession session, long touchedMillis, int remembered) {}

  private boolean fits(int sessions, long remembered) {
    return sessions <= parts.settings().residentSessions()
        && remembered <= parts.settings().residentOperationIds();
  }

  private static List<Resident> longestUntouchedFirst(List<Resident> resident) {
    return resident.stream().sorted(Comparator.comparingLong(Resident::touchedMillis)).toList();
  }

  private boolean leaves(Resident candidate) {
    LiveSession session = candidate.session();
    boolean inUse = candidate.slot().touchedMillis() != candidate.touchedMillis();
    if (session.isUnborn() || inUse) {
      // A checkpoint of one that is in use would be for nothing: it would not leave.
      return false;
    }
    if (session.disk().tailSize().operations() > 0) {
      checkpointer.take(session, null);
    }
    return candidate.slot().evict();
  }
}

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

  /// How much may still come into memory before somebody must leave. Sessions that are touched
  /// meanwhile are not counted; the next round makes room for them.
  Room room() {
    int sessions = 0;
    long remembered = 0;
    for (SessionSlot slot : catalogue.all()) {
      LiveSession session = slot.liveOrNull();
      if (session != null) {
        sessions++;
        remembered += session.remembered();
      }
    }
    return new Room(
        parts.settings().residentSessions() - sessions,
        parts.settings().residentOperationIds() - remembered);
  }

  /// Room that is left. Thread-safe.
  static final class Room {
    private long sessions;
    private long operationIds;

    Room(long sessions, long operationIds) {
      this.sessions = sessions;
      this.operationIds = operationIds;
    }

    /// Takes a session's place, if there is one.
    ///
    /// @param operations how many operation ids it brings, about
    synchronized boolean take(long operations) {
      boolean fits = sessions > 0 && operationIds >= operations;
      if (fits) {
        sessions--;
        operationIds -= operations;
      }
      return fits;
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

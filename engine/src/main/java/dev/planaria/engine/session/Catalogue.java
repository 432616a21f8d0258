package dev.planaria.engine.session;

import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/// Every session of a store, by id and by name. Thread-safe.
final class Catalogue {

  private final ConcurrentSkipListMap<SessionId, SessionSlot> byId = new ConcurrentSkipListMap<>();
  private final ConcurrentHashMap<String, SessionSlot> byName = new ConcurrentHashMap<>();
  private final int limit;

  /// @param limit how many sessions there may be
  Catalogue(int limit) {
    this.limit = limit;
  }

  /// Adds a session that was found on disk.
  void add(SessionSlot slot) {
    byId.put(slot.id(), slot);
    byName.put(slot.name(), slot);
  }

  /// The session of that name, or a new one that takes the name at once.
  SessionSlot getOrAdd(String name, Supplier<SessionSlot> creation) {
    return byName.computeIfAbsent(
        name,
        _ -> {
          // Not byId.size(), which counts them all.
          if (byName.mappingCount() >= limit) {
            throw new Refusal(
                Refusal.Code.LIMIT_EXCEEDED,
                "the store holds "
                    + limit
                    + " sessions, which is its limit (setting `sessions`); raise it or use another"
                    + " data directory");
          }
          SessionSlot slot = creation.get();
          byId.put(slot.id(), slot);
          return slot;
        });
  }

  /// The session of that name, if there is one.
  Optional<SessionSlot> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// Forgets a session whose creation never reached the disk.
  void remove(SessionSlot slot) {
    byName.remove(slot.name(), slot);
    byId.remove(slot.id(), slot);
  }

  Optional<SessionSlot> find(SessionId id) {
    return Optional.ofNullable(byId.get(id));
  }

  Optional<SessionSlot> find(String idOrName) {
    Optional<SessionSlot> named = Optional.ofNullable(byName.get(idOrName));
    if (named.isPresent() || !SessionId.looksLikeId(idOrName)) {
      return named;
    }
    return find(SessionId.parse(idOrName));
  }

  /// All sessions, oldest first.
  Collection<SessionSlot> all() {
    return byId.values();
  }
}

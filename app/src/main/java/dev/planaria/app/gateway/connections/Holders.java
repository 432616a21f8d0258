package dev.planaria.app.gateway.connections;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who needs what was brought. A holder that was killed cannot say that it is gone; so each agrees
/// to be heard of again in time. Thread-safe.
///
/// @param <K> what is held
final class Holders<K> {
  private final Map<K, Map<String, Long>> untilMillis = new HashMap<>();

  /// Somebody needs a thing, from now on; without a name it is needed until everybody lets go.
  synchronized void hold(K thing, Connections.@Nullable Holder holder, long nowMillis) {
    Map<String, Long> holds = untilMillis.computeIfAbsent(thing, _ -> new HashMap<>());
    if (holder == null) {
      holds.put("", Long.MAX_VALUE);
    } else {
      holds.put(holder.name(), nowMillis + holder.leaseMillis());
    }
  }

  /// Somebody needs it no more.
  ///
  /// @param holder null for everybody
  /// @return true when nobody needs it now
  synchronized boolean letGo(K thing, @Nullable String holder) {
    Map<String, Long> holds = untilMillis.get(thing);
    if (holds == null) {
      return true;
    }
    if (holder == null) {
      holds.clear();
    } else {
      holds.remove(holder);
    }
    if (holds.isEmpty()) {
      untilMillis.remove(thing);
    }
    return holds.isEmpty();
  }

  /// Forgets holders whose time is up.
  ///
  /// @return what nobody needs since
  synchronized List<K> expired(long nowMillis) {
    var free = new ArrayList<K>();
    untilMillis.forEach((thing, holds) -> {
      holds.values().removeIf(until -> until < nowMillis);
      if (holds.isEmpty()) {
        free.add(thing);
      }
    });
    free.forEach(untilMillis::remove);
    return free;
  }
}

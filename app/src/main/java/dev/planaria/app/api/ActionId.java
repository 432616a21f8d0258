package dev.planaria.app.api;

import dev.planaria.engine.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Ids by which an action that is asked for again, because its answer was lost, is done once.
/// Thread-safe.
final class ActionId {
  /// The member that names the action. Of a call's actions `operation_id` names the call.
  private static final String OF_CALLS = "action_id";

  private static final String OF_OTHERS = "operation_id";

  private static final Pattern CALLS = Pattern.compile("sessions/[^/]+/calls/(cancel|retry)");

  private static final List<Pattern> OTHERS =
      List.of(
          Pattern.compile("import"),
          Pattern.compile("sessions/[^/]+/(restore|fork)"),
          Pattern.compile("upstreams/[^/]+/[^/]+/reconnect"));

  /// So many are remembered that have no place in a journal; the oldest is forgotten.
  private static final int REMEMBERED = 256;

  private final LinkedHashSet<String> done = new LinkedHashSet<>();

  /// The body with the front's stamp as its id, where the caller gave none.
  ///
  /// @param path below `/api/v1/`
  static JsonObject named(String path, JsonObject body, @Nullable String stamp) {
    Optional<String> member = member(path);
    if (stamp == null || member.isEmpty() || body.get(member.get()) != null) {
      return body;
    }
    JsonObject.Builder more = JsonObject.builder();
    body.members().forEach(more::put);
    return more.put(member.get(), stamp).build();
  }

  private static Optional<String> member(String path) {
    if (CALLS.matcher(path).matches()) {
      return Optional.of(OF_CALLS);
    }
    return OTHERS.stream().anyMatch(other -> other.matcher(path).matches())
        ? Optional.of(OF_OTHERS)
        : Optional.empty();
  }

  /// Does something that no journal knows, unless that was done under this id. What was refused may
  /// be asked for again. With the process it is forgotten, and so is what it did.
  ///
  /// @param what is done, and to what
  /// @param action true when it was done
  boolean once(String what, @Nullable String id, BooleanSupplier action) {
    String key = what + '\n' + id;
    if (id != null && isDone(key)) {
      return true;
    }
    // Not under the lock: it may wait for a disk, and others are about other things.
    boolean succeeded = action.getAsBoolean();
    if (succeeded && id != null) {
      remember(key);
    }
    return succeeded;
  }

  private synchronized boolean isDone(String key) {
    return done.contains(key);
  }

  private synchronized void remember(String key) {
    done.add(key);
    if (done.size() > REMEMBERED) {
      done.removeFirst();
    }
  }
}

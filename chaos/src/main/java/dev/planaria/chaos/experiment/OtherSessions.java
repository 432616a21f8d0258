package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.DaemonApi;
import dev.planaria.chaos.process.LiveDaemon;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The sessions of others in a live daemon: what the newest operation of each was before, and that
/// it stands there afterwards. They are read, and nothing is written to them. Used by one thread.
final class OtherSessions {

  /// Each is asked for twice; whoever has more has enough of them to show it.
  private static final int MOST = 100;

  private final LiveDaemon daemon;
  private final Map<String, Head> heads = new LinkedHashMap<>();
  private int all;

  private record Head(long seq, String hash) {}

  OtherSessions(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  /// Notes where each of them stands now.
  ///
  /// @param own what the run's own session is to be called
  /// @throws IOException when one of them is called so
  void remember(String own) throws IOException, InterruptedException {
    var api = new DaemonApi(daemon.url(), daemon.token());
    List<JsonValue> sessions =
        api.get("sessions") instanceof JsonArray(List<JsonValue> found) ? found : List.of();
    all = sessions.size();
    for (JsonValue session : sessions) {
      if (session instanceof JsonObject one && new JsonString(own).equals(one.get("name"))) {
        throw new IOException("there is a session " + own + ", which is somebody else's");
      }
      if (heads.size() < MOST && session instanceof JsonObject one) {
        remember(api, one);
      }
    }
  }

  private void remember(DaemonApi api, JsonObject session)
      throws IOException, InterruptedException {
    Long seq = session.get("seq") instanceof JsonNumber number ? number.toLong() : null;
    if (seq != null && session.get("session_id") instanceof JsonString(String id)) {
      try {
        hash(api, id, seq).ifPresent(hash -> heads.put(id, new Head(seq, hash)));
      } catch (IOException unreadable) {
        return; // it was so before: it is not among those that are looked at
      }
    }
  }

  private static Optional<String> hash(DaemonApi api, String session, long seq)
      throws IOException, InterruptedException {
    return api.get("sessions/" + session + "/journal/" + seq + "/1")
                instanceof JsonArray(List<JsonValue> entries)
            && !entries.isEmpty()
            && entries.getFirst() instanceof JsonObject entry
            && entry.get("hash") instanceof JsonString(String hash)
        ? Optional.of(hash)
        : Optional.empty();
  }

  /// Looks whether all of that stands there still, and notes what does not.
  void compare(Notes notes) throws IOException, InterruptedException {
    var api = new DaemonApi(daemon.url(), daemon.token());
    for (Map.Entry<String, Head> each : heads.entrySet()) {
      Head head = each.getValue();
      Optional<String> now;
      try {
        now = hash(api, each.getKey(), head.seq());
      } catch (IOException unanswered) {
        notes.violation(
            Violation.Kind.STUCK,
            "session "
                + each.getKey()
                + ", which is somebody else's, could be read before and not afterwards: "
                + unanswered.getMessage());
        continue;
      }
      if (!now.equals(Optional.of(head.hash()))) {
        notes.violation(
            Violation.Kind.LOST,
            "session "
                + each.getKey()
                + ", which is somebody else's, does not hold its operation "
                + head.seq()
                + " of before any more; that is a loss, unless somebody restored it meanwhile");
      }
    }
    notes.tell(
        Moment.Lane.STATE,
        "looked at the newest operation of before in "
            + heads.size()
            + " of "
            + all
            + " sessions of others");
  }
}

package dev.planaria.app.gateway.clients;

import dev.planaria.app.tools.Sessions;
import dev.planaria.app.tools.ToolResult;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.session.EngineEvent;
import dev.planaria.engine.state.SessionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Tells each client once what a recovery that this process made has changed for it: in the next
/// result of a session that was recovered, and, where the client listens, by a log message. Best
/// effort: a client that nobody told can ask `recovery_status`. Hears of recoveries from the
/// engine; thread-safe.
public final class RecoveryNotices implements Consumer<EngineEvent> {
  private static final String RECOVERED = "dev.planaria/recovered";

  /// So many sessions are remembered that came back whole; beyond that their clients are not told.
  private static final int REMEMBERED = 10_000;

  /// The same for sessions with something to tell in words, and for log messages.
  private static final int MOST_LOSSES = 10_000;

  /// A client that is forgotten is told again.
  private static final int MOST_TOLD = 1_000;

  /// One process knows one run, and single recoveries.
  private static final int MOST_RUNS = 100;

  // All guarded by this.
  private final Map<SessionId, Notice> whole = newest(REMEMBERED);
  private final Map<SessionId, Notice> lossy = newest(MOST_LOSSES);
  private final Map<String, Notice> messages = newest(MOST_LOSSES);

  /// Sessions of the daemon's own that came back, by run: no client has opened one.
  private final Map<String, Long> ownRecovered = newest(MOST_RUNS);

  private final AlertNotices alerts = new AlertNotices();

  /// Something to tell, and who was told.
  private record Notice(String words, JsonObject summary, Set<String> told) {
    Notice(String words, JsonObject summary) {
      this(words, summary, new HashSet<>());
    }

    /// True when this audience was not told before.
    boolean isNewsTo(String audience) {
      if (told.size() >= MOST_TOLD) {
        told.clear();
      }
      return told.add(audience);
    }
  }

  /// Nobody has been told anything.
  public RecoveryNotices() {}

  /// What the same clients are told of alerts.
  public AlertNotices alerts() {
    return alerts;
  }

  private static <K, V> Map<K, V> newest(int most) {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }

  @Override
  public synchronized void accept(EngineEvent event) {
    switch (event) {
      case EngineEvent.SessionRecovered(RecoveryRecord record) -> recovered(record);
      case EngineEvent.SessionQuarantined(RecoveryRecord record) -> {
        String words =
            "session "
                + record.sessionName()
                + " is quarantined: it can be read, and not changed, until somebody decides what"
                + " becomes of it: "
                + record.reason();
        messages.putIfAbsent("quarantined " + record.sessionId(), note(words, summary(record)));
      }
      case EngineEvent.RecoveryFinished(RecoveryRun run) -> {
        long recovered =
            Math.max(0, run.sessionsRecovered() - ownRecovered.getOrDefault(run.recoveryId(), 0L));
        messages.put(run.recoveryId(), note(words(run, recovered), summary(run, recovered)));
      }
      case EngineEvent.RecoveryBegun _,
          EngineEvent.DamageFound _,
          EngineEvent.CheckpointTaken _,
          EngineEvent.CheckpointFailed _ -> {
        // Clients hear of what has changed for them, when it has.
      }
    }
  }

  private static Notice note(String words, JsonObject summary) {
    return new Notice(words, summary);
  }

  private void recovered(RecoveryRecord record) {
    if (record.sessionName().startsWith(Sessions.RESERVED_PREFIX)) {
      ownRecovered.merge(record.recoveryId(), 1L, Long::sum);
    }
    SessionId id = record.sessionId();
    whole.remove(id);
    lossy.remove(id);
    messages.remove("quarantined " + id);
    String loss = record.loss();
    if (loss.isEmpty()) {
      whole.put(id, note("", summary(record)));
      return;
    }
    lossy.put(
        id,
        note(
            "NOTE: this session was recovered after a failure and "
                + loss
                + "; recovery_history says which parts are affected. Check before you rely on what"
                + " was there.",
            summary(record)));
    messages.put(
        record.recoveryId() + " " + id,
        note("session " + record.sessionName() + " was recovered and " + loss, summary(record)));
  }

  /// Adds the notice to a result, if its reader was not told yet.
  ///
  /// @param audience a link or a principal
  ToolResult tell(String audience, ToolResult result) {
    SessionId session = result.session();
    if (session == null) {
      return result;
    }
    Notice notice;
    synchronized (this) {
      notice = lossy.getOrDefault(session, whole.get(session));
      if (notice == null || !notice.isNewsTo(audience)) {
        return result;
      }
    }
    ToolResult noted = result.withMeta(RECOVERED, notice.summary());
    return notice.words().isEmpty() ? noted : noted.withNotice(notice.words());
  }

  /// A message for somebody who listens.
  ///
  /// @param words a sentence
  /// @param summary the same for programs
  record Message(String words, JsonObject summary) {}

  /// What a listening client was not told yet.
  synchronized List<Message> messagesFor(String audience) {
    var news = new ArrayList<Message>();
    for (Notice notice : messages.values()) {
      if (notice.isNewsTo(audience)) {
        news.add(new Message(notice.words(), notice.summary()));
      }
    }
    return news;
  }

  private static JsonObject summary(RecoveryRecord record) {
    return JsonObject.builder()
        .put("recovery_id", record.recoveryId())
        .put("session_id", record.sessionId().toString())
        .put("failure", record.failure().name())
        .put("strategy", record.strategy().name())
        .put("success", record.success())
        .put("operations_replayed", record.operationsReplayed())
        .put("operations_lost", record.operationsLost())
        .put("operations_possibly_lost", record.operationsPossiblyLost())
        .build();
  }

  private static String words(RecoveryRun run, long recovered) {
    return "the daemon was restarted after "
        + run.crash().type()
        + "; "
        + (recovered == 1 ? "1 session was" : recovered + " sessions were")
        + " recovered in "
        + run.totalTimeMillis()
        + " ms, "
        + run.sessionsFailed()
        + " were not"
        + (run.lostSessions().isEmpty() ? "" : "; lost: " + String.join("; ", run.lostSessions()));
  }

  private static JsonObject summary(RecoveryRun run, long recovered) {
    return JsonObject.builder()
        .put("recovery_id", run.recoveryId())
        .put("sessions_recovered", recovered)
        .put("sessions_failed", run.sessionsFailed())
        .put("lost_sessions", JsonArray.ofStrings(run.lostSessions()))
        .build();
  }
}

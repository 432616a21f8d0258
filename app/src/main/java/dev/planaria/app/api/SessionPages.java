package dev.planaria.app.api;

import dev.planaria.app.tools.Sessions;
import dev.planaria.app.tools.Views;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.session.SessionView;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.MemoryEntry;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SessionStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// Sessions as pages show them: never all of anything, however much there is. Thread-safe.
final class SessionPages {
  private static final int SHOWN = 300;
  private static final int PAGE = 200;
  private static final int TEXT_CHARACTERS = 256;

  /// So far back connections' moves are looked for.
  private static final int ENTRIES_LOOKED_AT = 5_000;

  private final SessionEngine engine;
  private final Sessions sessions;

  SessionPages(SessionEngine engine, Sessions sessions) {
    this.engine = engine;
    this.sessions = sessions;
  }

  /// How many sessions have each status.
  static JsonObject byStatus(List<SessionSummary> all) {
    Map<SessionStatus, Long> counts = new EnumMap<>(SessionStatus.class);
    all.forEach(summary -> counts.merge(summary.status(), 1L, Long::sum));
    JsonObject.Builder json = JsonObject.builder();
    counts.forEach((status, count) -> json.put(WireName.of(status), count));
    return json.build();
  }

  /// `search?q&status&sort&order&offset&limit`: sessions whose name contains, or whose id begins
  /// with, what is asked for, a page of them.
  JsonObject search(String text) {
    Query query = Query.of(text, Set.of("q", "status", "sort", "order", "offset", "limit"));
    String part = query.text("q", TEXT_CHARACTERS);
    String wanted = part == null ? "" : part.toLowerCase(Locale.ROOT);
    String status = query.text("status", TEXT_CHARACTERS);
    long offset = query.number("offset", 0, 0, Integer.MAX_VALUE);
    long limit = query.number("limit", 50, 1, PAGE);
    Comparator<SessionSummary> order =
        switch (query.oneOf("sort", "created", "name", "seq", "status")) {
          case "name" -> Comparator.comparing(SessionSummary::name);
          case "seq" -> Comparator.comparingLong(SessionSummary::seq);
          case "status" -> Comparator.comparing(SessionSummary::status);
          default -> Comparator.comparingLong(SessionSummary::createdAtMillis);
        };
    order = order.thenComparing(summary -> summary.id().toString());
    boolean descending = query.oneOf("order", "descending", "ascending").equals("descending");
    List<SessionSummary> all = sessions.all();
    List<SessionSummary> named =
        all.stream()
            .filter(summary ->
                summary.name().toLowerCase(Locale.ROOT).contains(wanted)
                    || summary.id().toString().startsWith(wanted))
            .toList();
    List<SessionSummary> matching =
        named.stream()
            .filter(summary -> status == null || WireName.of(summary.status()).equals(status))
            .sorted(descending ? order.reversed() : order)
            .toList();
    return JsonObject.builder()
        .put("total", all.size())
        .put("matching", matching.size())
        .put("offset", offset)
        .put("by_status", byStatus(named))
        .put("sessions", array(matching.stream().skip(offset).limit(limit), SessionPages::line))
        .build();
  }

  private static JsonObject line(SessionSummary summary) {
    JsonObject.Builder line = JsonObject.builder();
    Views.summary(summary).members().forEach(line::put);
    return line.put("resident", summary.resident()).build();
  }

  /// `sessions/{s}/page`: what stands in a session, long values shortened.
  JsonObject page(SessionSummary summary) {
    SessionView view = engine.view(summary.id());
    SessionState state = view.state();
    return JsonObject.builder()
        .put("session_id", state.id().toString())
        .put("name", state.name())
        .put("status", WireName.of(state.status()))
        .put("parent_session_id", state.parent() == null ? null : state.parent().toString())
        .put("created_at", state.createdAtMillis())
        .put("updated_at", state.updatedAtMillis())
        .put("receipt", Views.receipt(view.head()))
        .put("shown_at_most", SHOWN)
        .put("counts", counts(state))
        .put("configuration", configuration(state))
        .put("agents", some(state.agents().values(), Views::agent))
        .put("tasks", some(state.tasks().values(), Views::task))
        .put("memory", some(state.memory().values(), SessionPages::memory))
        .put("connections", some(state.connections().values(), Views::connection))
        .build();
  }

  private static JsonObject configuration(SessionState state) {
    return JsonObject.builder()
        .put("topology", WireName.of(state.configuration().topology()))
        .put("max_agents", state.configuration().maxAgents())
        .put("strategy", state.configuration().strategy())
        .build();
  }

  static JsonObject counts(SessionState state) {
    return JsonObject.builder()
        .put("agents", state.agents().size())
        .put("tasks", state.tasks().size())
        .put("memory", state.memory().size())
        .put("connections", state.connections().size())
        .put("calls", state.calls().size())
        .build();
  }

  private static JsonObject memory(MemoryEntry entry) {
    JsonObject.Builder json = JsonObject.builder();
    Views.memory(entry).members().forEach(json::put);
    return json.put("bytes", Json.length(entry.value())).build();
  }

  /// The newest ones, since work goes on at the end.
  private static <T> JsonArray some(Collection<T> all, Function<T, JsonObject> view) {
    return array(all.stream().skip(Math.max(0, all.size() - SHOWN)), view);
  }

  private static <T> JsonArray array(Stream<T> things, Function<T, JsonObject> view) {
    return new JsonArray(things.<JsonValue>map(thing -> Shortened.of(view.apply(thing))).toList());
  }

  /// `sessions/{s}/timeline?before&limit`: operations, newest first, long values shortened.
  JsonObject timeline(SessionSummary summary, String text) {
    Query query = Query.of(text, Set.of("before", "limit"));
    long head = engine.view(summary.id()).head().seq();
    long before = query.number("before", head + 1, 1, Long.MAX_VALUE);
    int limit = (int) query.number("limit", 50, 1, PAGE);
    long last = Math.min(before - 1, head);
    long first = Math.max(1, last - limit + 1);
    var entries = new ArrayList<JsonValue>();
    if (last >= first) {
      engine.journal(
          summary.id(),
          first,
          (int) (last - first + 1),
          entry -> {
            if (entry.seq() <= last) {
              entries.add(Shortened.of(StoreViews.entry(entry)));
            }
          });
    }
    return JsonObject.builder()
        .put("head", head)
        .put("before", first > 1 ? first : 0)
        .put("entries", new JsonArray(entries.reversed()))
        .build();
  }

  /// `sessions/{s}/transitions`: how its connections have moved lately, newest first.
  JsonObject transitions(SessionSummary summary) {
    long head = engine.view(summary.id()).head().seq();
    long first = Math.max(1, head - ENTRIES_LOOKED_AT + 1);
    Deque<JsonValue> moves = new ArrayDeque<>();
    Map<String, String> last = new HashMap<>();
    engine.journal(
        summary.id(),
        first,
        ENTRIES_LOOKED_AT,
        entry -> {
          if (entry.type().equals("connection_put")) {
            move(entry, last, moves);
          }
        });
    return JsonObject.builder()
        .put("from_seq", first)
        .put("transitions", new JsonArray(List.copyOf(moves)))
        .build();
  }

  private static void move(Entry entry, Map<String, String> last, Deque<JsonValue> moves) {
    if (!(OperationCodec.decode(entry.type(), entry.body())
        instanceof Operation.ConnectionPut(Connection connection))) {
      return;
    }
    String status = WireName.of(connection.status());
    String before = last.put(connection.id(), status);
    if (status.equals(before)) {
      return;
    }
    moves.addFirst(
        JsonObject.builder()
            .put("seq", entry.seq())
            .put("at", entry.timeMillis())
            .put("connection", connection.id())
            .put("from", before)
            .put("to", status)
            .put("reason", connection.standing().reason())
            .build());
    if (moves.size() > SHOWN) {
      moves.removeLast();
    }
  }

  /// `sessions/{s}/preview?checkpoint_id|seq`: what a restore to that point would change.
  JsonObject preview(SessionSummary summary, String text) {
    Query query = Query.of(text, Set.of("checkpoint_id", "seq"));
    String checkpoint = query.text("checkpoint_id", TEXT_CHARACTERS);
    long seq = query.number("seq", 0, 0, Long.MAX_VALUE);
    if ((checkpoint == null) == (seq == 0)) {
      throw new FieldException("seq", "or `checkpoint_id` must be given, and not both");
    }
    long to =
        checkpoint == null
            ? seq
            : engine.checkpoints(summary.id()).stream()
                .filter(info -> info.id().equals(checkpoint))
                .findFirst()
                .orElseThrow(() ->
                    new FieldException("checkpoint_id", "must be one of the session's checkpoints"))
                .seq();
    SessionView now = engine.view(summary.id());
    SessionView then = engine.viewAt(summary.id(), to);
    return JsonObject.builder()
        .put("to_seq", to)
        .put("head_seq", now.head().seq())
        .put("operations_after", now.head().seq() - to)
        .put("now", counts(now.state()))
        .put("then", counts(then.state()))
        .put("open_calls", openCalls(now.state()))
        .build();
  }

  private static long openCalls(SessionState state) {
    return state.calls().values().stream().filter(call -> call.status().isOpen()).count();
  }
}

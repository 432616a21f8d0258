package dev.planaria.app.tools;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.Committed;
import dev.planaria.engine.session.ImportRequest;
import dev.planaria.engine.session.Imported;
import dev.planaria.engine.session.Opened;
import dev.planaria.engine.session.PastPoint;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.session.SessionView;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The way from a tool call to its session: the argument `session_id`, else the session that the
/// URL names, else `default`. Sessions of the daemon's own are never reached. Thread-safe.
public final class Sessions {
  /// The session of those who name none.
  public static final String DEFAULT = "default";

  /// Names that begin so belong to the daemon; no tool sees such a session.
  public static final String RESERVED_PREFIX = "planaria.";

  private static final int NAME_CHARACTERS = 256;
  private static final int LOSSES_LOOKED_AT = 20;

  /// As many as are listed of runs.
  private static final int RUNS_LOOKED_AT = 100;

  private final SessionEngine engine;

  /// @param engine holds the sessions
  public Sessions(SessionEngine engine) {
    this.engine = engine;
  }

  /// The engine behind the sessions.
  SessionEngine engine() {
    return engine;
  }

  /// All sessions that callers may see, oldest first.
  public List<SessionSummary> all() {
    return engine.sessions().stream().filter(summary -> !isReserved(summary.name())).toList();
  }

  /// All recoveries after one crash with callers' sessions counted alone: those of the daemon's own
  /// nobody has opened and nobody misses.
  RecoveryRun ofCallers(RecoveryRun run) {
    return ofCallers(run, ownRecoveries());
  }

  /// Those of the daemon's own sessions, by the recovery that they were part of.
  private Map<String, List<RecoveryRecord>> ownRecoveries() {
    return engine.sessions().stream()
        .filter(summary -> isReserved(summary.name()))
        .flatMap(own -> engine.recoveries(own.id(), RUNS_LOOKED_AT).stream())
        .collect(Collectors.groupingBy(RecoveryRecord::recoveryId));
  }

  private static RecoveryRun ofCallers(RecoveryRun run, Map<String, List<RecoveryRecord>> own) {
    List<RecoveryRecord> records = own.getOrDefault(run.recoveryId(), List.of());
    int recovered = (int) records.stream().filter(RecoveryRecord::success).count();
    int failed = records.size() - recovered;
    return new RecoveryRun(
        run.recoveryId(),
        run.crash(),
        run.success(),
        run.finished(),
        Math.max(0, run.sessionsRecovered() - recovered),
        Math.max(0, run.sessionsFailed() - failed),
        run.sessionsWaiting(),
        run.lostSessions(),
        run.totalTimeMillis());
  }

  /// The same as JSON, and beside it how many sessions of the daemon's own there were.
  public List<JsonObject> runs(List<RecoveryRun> runs) {
    Map<String, List<RecoveryRecord>> own = ownRecoveries();
    return runs.stream().map(run -> run(run, own)).toList();
  }

  private static JsonObject run(RecoveryRun run, Map<String, List<RecoveryRecord>> own) {
    RecoveryRun ofCallers = ofCallers(run, own);
    JsonObject.Builder view = JsonObject.builder();
    Views.run(ofCallers).members().forEach(view::put);
    return view.put(
            "own_sessions_recovered", run.sessionsRecovered() - ofCallers.sessionsRecovered())
        .put("own_sessions_failed", run.sessionsFailed() - ofCallers.sessionsFailed())
        .build();
  }

  /// The session of that id or name.
  public Optional<SessionSummary> find(String idOrName) {
    return engine.find(idOrName).filter(summary -> !isReserved(summary.name()));
  }

  /// The session that a call is about, which must exist.
  ///
  /// @throws Refusal with [Refusal.Code#NOT_FOUND] when it does not
  SessionId existing(ToolCall call) {
    String reference = reference(call);
    return find(reference).map(SessionSummary::id).orElseThrow(() -> notFound(reference));
  }

  /// The session that a call changes. One that the caller did not name itself (the URL's, or the
  /// default) comes into being with its first change.
  ///
  /// @throws Refusal with [Refusal.Code#NOT_FOUND] when the caller named one that does not exist
  SessionId forChange(ToolCall call) {
    String reference = reference(call);
    Optional<SessionSummary> found = find(reference);
    if (found.isPresent()) {
      return found.get().id();
    }
    if (isNamedByCaller(call, reference)) {
      throw notFound(reference);
    }
    var caller = new Caller(call.caller().principal(), null);
    return open(reference, null, SwarmConfiguration.DEFAULT, caller).state().id();
  }

  /// Decides and commits a command on the session that a call changes.
  public Committed submit(ToolCall call, Command command) {
    return engine.submit(forChange(call), command, call.caller());
  }

  /// The session that a call is about, as it is on disk.
  SessionView view(ToolCall call) {
    return engine.view(existing(call));
  }

  /// A session by its id, as it is on disk.
  ///
  /// @throws Refusal with [Refusal.Code#NOT_FOUND] when there is none that callers may see
  SessionView viewOf(SessionId id) {
    String reference = id.toString();
    return engine.view(find(reference).orElseThrow(() -> notFound(reference)).id());
  }

  /// Opens the session that a call is about, or makes it as the call wants it.
  ///
  /// @param name the session's name, or null when the call refers to it in the usual way
  /// @param configuration what the session has if it is made
  Opened openFor(ToolCall call, @Nullable String name, SwarmConfiguration configuration) {
    String reference = name == null ? reference(call) : name;
    Optional<SessionSummary> found = find(reference);
    if (name == null && found.isEmpty() && isNamedByCaller(call, reference)) {
      throw notFound(reference);
    }
    return open(
        found.map(SessionSummary::name).orElse(reference), null, configuration, call.caller());
  }

  private static boolean isNamedByCaller(ToolCall call, String reference) {
    return call.arguments().optionalText("session_id", NAME_CHARACTERS) != null
        || SessionId.looksLikeId(reference);
  }

  /// The session of that id or name, begun when there is none of that name.
  ///
  /// @param principal who begins it
  /// @throws Refusal when there is none of that id
  public SessionId openNamed(String reference, String principal) {
    Optional<SessionSummary> found = find(reference);
    if (found.isEmpty() && SessionId.looksLikeId(reference)) {
      throw notFound(reference);
    }
    return found
        .map(SessionSummary::id)
        .orElseGet(() ->
            open(reference, null, SwarmConfiguration.DEFAULT, new Caller(principal, null))
                .state()
                .id());
  }

  /// Opens or creates a session.
  ///
  /// @throws Refusal when the name cannot be a session's
  Opened open(
      @Nullable String name,
      @Nullable SessionId parent,
      SwarmConfiguration configuration,
      Caller caller) {
    if (name != null) {
      checkName(name);
    }
    return engine.openSession(name, parent, configuration, caller);
  }

  /// Begins a session with what another one was.
  ///
  /// @param name the new session's, or null for one that is made up
  /// @param point the state to begin with, or null for the present one
  /// @throws Refusal when it cannot be
  public Opened fork(
      SessionId parent, @Nullable String name, @Nullable PastPoint point, Caller caller) {
    if (name != null) {
      checkName(name);
    }
    return engine.fork(parent, name, point, caller);
  }

  /// Takes a session over from a file; see [SessionEngine#importFrom].
  ///
  /// @param name null to keep the name in the file
  /// @throws FieldException when the name cannot be a session's
  public Imported importFrom(Path file, @Nullable String name, Caller caller) throws IOException {
    return engine.importFrom(new ImportRequest(file, name, Sessions::isAllowed), caller);
  }

  private static boolean isAllowed(String name) {
    checkName(name);
    return true;
  }

  /// Words for what an answer "there is none" may hide: operations that the session has lost.
  Optional<String> lossNotice(SessionId session) {
    String losses =
        engine.recoveries(session, LOSSES_LOOKED_AT).stream()
            .map(RecoveryRecord::loss)
            .filter(loss -> !loss.isEmpty())
            .collect(Collectors.joining("; before that, it "));
    return losses.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "when this session was recovered, it "
                + losses
                + ", and what is asked for may have been among them; see recovery_history");
  }

  /// As [#lossNotice(SessionId)], for the session that a request was about, if there is one.
  Optional<String> lossNotice(ToolRequest request) {
    String reference =
        request.arguments().get("session_id") instanceof JsonString(String given)
            ? given
            : reference(request.urlSession());
    return find(reference).flatMap(summary -> lossNotice(summary.id()));
  }

  private static String reference(ToolCall call) {
    String given = call.arguments().optionalText("session_id", NAME_CHARACTERS);
    return given == null ? reference(call.urlSession()) : given;
  }

  private static String reference(@Nullable String urlSession) {
    return urlSession == null ? DEFAULT : urlSession;
  }

  private static void checkName(String name) {
    if (isReserved(name)) {
      throw new FieldException("name", "must not begin with " + RESERVED_PREFIX);
    }
    if (SessionId.looksLikeId(name)) {
      throw new FieldException("name", "must not have the form of a session id");
    }
    if (name.isBlank() || name.length() > NAME_CHARACTERS || hasControl(name)) {
      throw new FieldException(
          "name", "must have 1 to " + NAME_CHARACTERS + " characters and no control characters");
    }
  }

  private static boolean hasControl(String name) {
    return name.codePoints().anyMatch(Character::isISOControl);
  }

  /// True for names of the daemon's own sessions, which no caller sees.
  public static boolean isReserved(String name) {
    return name.startsWith(RESERVED_PREFIX);
  }

  private static Refusal notFound(String reference) {
    return new Refusal(
        Refusal.Code.NOT_FOUND,
        "there is no session "
            + Words.plain(reference)
            + "; call session_list to see the sessions, or session_open with a name to make one");
  }
}

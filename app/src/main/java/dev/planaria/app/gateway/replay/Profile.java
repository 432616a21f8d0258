package dev.planaria.app.gateway.replay;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.state.CallClass;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is known of a server's tools: which build up its state, where its ids stand, and which may
/// be called twice. Immutable.
///
/// @param replay tools whose calls build up state, to be called again when it is lost
/// @param ids by tool: where ids stand in its results
/// @param idValues what an id looks like; null: anything that stands there is one
/// @param pace how calls follow each other
/// @param fresh what makes a new process a fresh one
/// @param reset tools that put an end to all state that was built up before
/// @param overwrites by tool: where in its arguments the name of a thing stands that a later call
///   with the same name makes anew
/// @param trust how far its tools may be called twice, and what of their arguments is secret
public record Profile(
    Set<String> replay,
    Map<String, List<IdPath>> ids,
    @Nullable Pattern idValues,
    Pace pace,
    Fresh fresh,
    Set<String> reset,
    Map<String, List<IdPath>> overwrites,
    Trust trust) {

  /// What is longer names nothing.
  private static final int ID_CHARACTERS = 512;

  /// How calls of a server follow each other, live and in a replay.
  ///
  /// @param maxInFlight how many may run at once; 0: as many as there are
  /// @param gapMillis from the start of one to the start of the next at the least
  public record Pace(int maxInFlight, long gapMillis) {
    /// As fast as they come.
    public static final Pace FREE = new Pace(0, 0);
  }

  /// What makes a new process a fresh one.
  ///
  /// @param privateCopy it runs from a copy of its package, by links, whose data are its own
  /// @param beforeReplay files that are deleted before a replay, relative to that copy
  public record Fresh(boolean privateCopy, List<String> beforeReplay) {
    /// Every new process is one.
    public static final Fresh ALWAYS = new Fresh(false, List.of());

    /// Copies the list.
    public Fresh {
      beforeReplay = List.copyOf(beforeReplay);
    }
  }

  /// How far a server's tools may be called twice, and what of their arguments is secret.
  ///
  /// @param hints true: what the server says of its tools is believed
  /// @param readOnly tools that change nothing, by the operator's word
  /// @param idempotent tools that may be called twice, by the operator's word
  /// @param sensitive by tool: where in its arguments something stands that is never written down
  public record Trust(
      boolean hints,
      Set<String> readOnly,
      Set<String> idempotent,
      Map<String, List<IdPath>> sensitive) {
    /// Nobody has said anything.
    public static final Trust NONE = new Trust(false, Set.of(), Set.of(), Map.of());

    /// Copies the sets and the map.
    public Trust {
      readOnly = Set.copyOf(readOnly);
      idempotent = Set.copyOf(idempotent);
      sensitive = Map.copyOf(sensitive);
    }
  }

  /// Of a server of which nothing is known: its losses are told, nothing is replayed.
  public static final Profile NONE =
      new Profile(
          Set.of(), Map.of(), null, Pace.FREE, Fresh.ALWAYS, Set.of(), Map.of(), Trust.NONE);

  /// `ruv-swarm` 1.0 (npm). It makes ids of milliseconds and dies of two in one, so that its calls
  /// are paced; its data lie in its package and would come back with the next process. An agent
  /// that nobody names is called after such an id, too.
  public static final Profile RUV_SWARM =
      new Profile(
          Set.of("swarm_init", "agent_spawn", "task_orchestrate"),
          Map.of(
              "swarm_init", paths("/id"),
              "agent_spawn",
                  paths("/agent/id", "/agent/neural_network_id", "/agent/name", "/swarm_info/id"),
              "task_orchestrate", paths("/taskId", "/assigned_agents/[]", "/swarm_info/id")),
          Pattern.compile("^[a-z_]+-\\d{10,}$"),
          new Pace(1, 12),
          new Fresh(
              true, List.of("data/ruv-swarm.db", "data/ruv-swarm.db-wal", "data/ruv-swarm.db-shm")),
          Set.of(),
          Map.of(),
          new Trust(
              false,
              Set.of(
                  "swarm_status",
                  "agent_list",
                  "agent_metrics",
                  "task_status",
                  "task_results",
                  "memory_usage",
                  "features_detect",
                  "neural_status"),
              Set.of(),
              Map.of()));

  /// The profiles that are built in, by name.
  public static final Map<String, Profile> BUILT_IN = Map.of("ruv-swarm", RUV_SWARM);

  /// Copies the sets and maps.
  public Profile {
    replay = Set.copyOf(replay);
    ids = Map.copyOf(ids);
    reset = Set.copyOf(reset);
    overwrites = Map.copyOf(overwrites);
  }

  private static List<IdPath> paths(String... pointers) {
    return Stream.of(pointers).map(IdPath::parse).toList();
  }

  /// Where ids stand in a tool's results.
  public List<IdPath> ids(String tool) {
    return ids.getOrDefault(tool, List.of());
  }

  /// True when its calls are kept once they are completed: they build up state, or put an end to
  /// it.
  public boolean isKept(String tool) {
    return replay.contains(tool) || reset.contains(tool);
  }

  /// Of texts that stand where ids do, those that are ids.
  List<String> onlyIds(List<String> texts) {
    return texts.stream()
        .filter(text -> text.length() <= ID_CHARACTERS)
        .filter(text -> idValues == null || idValues.matcher(text).find())
        .toList();
  }

  /// What a call of a tool does.
  ///
  /// @param annotations what the server says of the tool; null when it says nothing
  public CallClass callClass(String tool, @Nullable JsonObject annotations) {
    boolean believed = trust.hints && annotations != null;
    if (trust.readOnly.contains(tool) || (believed && says(annotations, "readOnlyHint"))) {
      return CallClass.READ_ONLY;
    }
    return trust.idempotent.contains(tool) || (believed && says(annotations, "idempotentHint"))
        ? CallClass.IDEMPOTENT
        : CallClass.EFFECT;
  }

  private static boolean says(@Nullable JsonObject annotations, String hint) {
    return annotations != null && annotations.get(hint) instanceof JsonBoolean(var truth) && truth;
  }

  /// True when a call's arguments hold something that is never written down, or cannot be looked
  /// into.
  ///
  /// @param params the request's parameters as JSON text
  public boolean isSensitive(String tool, String params) {
    List<IdPath> paths = trust.sensitive.getOrDefault(tool, List.of());
    if (paths.isEmpty()) {
      return false;
    }
    try {
      JsonValue arguments = Json.parseObject(params, JsonLimits.OWN).get("arguments");
      return arguments != null && paths.stream().anyMatch(path -> path.leadsSomewhere(arguments));
    } catch (JsonSyntaxException unreadable) {
      return true;
    }
  }

  /// Reads what an operator wrote about a server: the optional member `planaria` of its entry in
  /// the servers file. Members that are not of a profile are left to others.
  ///
  /// @throws dev.planaria.engine.json.FieldException when a member is not what it must be; the
  ///   message names it and the rule
  public static Profile of(JsonObject planaria) {
    return ProfileReader.read(planaria);
  }

  /// The same as an operator would write it, to be read by [#of].
  public JsonObject toJson() {
    return ProfileReader.write(this);
  }
}

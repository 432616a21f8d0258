package dev.planaria.app.tools;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.session.Committed;
import dev.planaria.engine.session.Opened;
import dev.planaria.engine.session.SessionView;
import dev.planaria.engine.state.AgentStatus;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Limits;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.state.Tally;
import dev.planaria.engine.state.Task;
import dev.planaria.engine.state.TaskStatus;
import dev.planaria.engine.state.Topology;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The tools about a session's swarm as a whole.
final class SwarmTools {
  /// What the argument `config` of `session_open` takes.
  static final String CONFIG_DESCRIPTION =
      "How the swarm is set up if the session is made: topology, max_agents, strategy, and any"
          + " settings of your own";

  private static final Set<String> KNOWN = Set.of("topology", "max_agents", "strategy");

  private final Sessions sessions;
  private final Limits limits;

  SwarmTools(Sessions sessions, Limits limits) {
    this.sessions = sessions;
    this.limits = limits;
  }

  List<Tool> tools() {
    return List.of(init(), status());
  }

  /// Reads the argument `config`.
  static SwarmConfiguration configuration(Fields arguments, Limits limits) {
    JsonObject given = arguments.optionalObject("config");
    Fields config = arguments.optionalFields("config");
    if (given == null || config == null) {
      return SwarmConfiguration.DEFAULT;
    }
    Topology topology = config.optionalEnum("topology", Topology.class);
    Integer maxAgents = config.optionalInt("max_agents", 1, limits.agents());
    String strategy = config.optionalText("strategy", limits.nameCharacters());
    JsonObject.Builder extra = JsonObject.builder();
    for (Map.Entry<String, JsonValue> member : given.members().entrySet()) {
      if (!KNOWN.contains(member.getKey())) {
        extra.put(member.getKey(), member.getValue());
      }
    }
    return configuration(topology, maxAgents, strategy, extra.build());
  }

  private static SwarmConfiguration configuration(
      @Nullable Topology topology,
      @Nullable Integer maxAgents,
      @Nullable String strategy,
      JsonObject extra) {
    SwarmConfiguration unsaid = SwarmConfiguration.DEFAULT;
    return new SwarmConfiguration(
        topology == null ? unsaid.topology() : topology,
        maxAgents == null ? unsaid.maxAgents() : maxAgents,
        strategy == null ? unsaid.strategy() : strategy,
        extra);
  }

  private Tool init() {
    return new Tool(
        "swarm_init",
        "Set up a swarm",
        "Opens or makes the session and sets up its swarm. In a session that exists, only what is"
            + " given changes.",
        new Tool.Signature(
            Shapes.changing()
                .may("topology", Schema.choice("How the agents are arranged", Topology.class))
                .may("max_agents", Schema.whole("How many may live at once", 1, limits.agents()))
                .may(
                    "strategy",
                    Schema.text("How work is spread: balanced, ...", limits.nameCharacters()))
                .may("name", Schema.text("The session's name; instead of session_id", 256))
                .arguments(),
            SessionTools.opened().result()),
        Tool.Hints.SET,
        this::initialised);
  }

  private ToolResult initialised(ToolCall call) {
    Fields arguments = call.arguments();
    var command =
        new Command.ConfigureSwarm(
            arguments.optionalEnum("topology", Topology.class),
            arguments.optionalInt("max_agents", 1, limits.agents()),
            arguments.optionalText("strategy", limits.nameCharacters()));
    String name = arguments.optionalText("name", 256);
    if (name != null && arguments.optionalText("session_id", 256) != null) {
      throw new FieldException("name", "must be left out when session_id is given");
    }
    Opened opened = sessions.openFor(call, name, configurationOf(command));
    boolean nothingAsked = command.equals(new Command.ConfigureSwarm(null, null, null));
    if (opened.created() || nothingAsked) {
      return SessionTools.answer(opened, call.caller().operationId());
    }
    SessionId session = opened.state().id();
    Committed committed = sessions.engine().submit(session, command, call.caller());
    OperationResults.Told told = OperationResults.tell(committed.operation());
    JsonObject.Builder structured = Views.session(opened.state()).put("created", false);
    told.structured().members().forEach(structured::put);
    return ToolResult.committed(committed, structured.build(), told.text());
  }

  private static SwarmConfiguration configurationOf(Command.ConfigureSwarm command) {
    return configuration(
        command.topology(), command.maxAgents(), command.strategy(), JsonObject.EMPTY);
  }

  private Tool status() {
    return new Tool(
        "swarm_status",
        "Look at the swarm",
        "Shows how the swarm is set up, how many agents and tasks there are by status, and how far"
            + " the work has come.",
        new Tool.Signature(
            Shapes.reading().arguments(),
            Shapes.session()
                .must("configuration", Shapes.configuration())
                .must("agents", Schema.anyObject("How many agents by status"))
                .must("tasks", Schema.anyObject("How many tasks by status"))
                .must("progress", Schema.whole("Per cent of all tasks' work that is done", 0, 100))
                .result()),
        Tool.Hints.READ,
        call -> {
          SessionView view = sessions.view(call);
          SessionState state = view.state();
          Tally<AgentStatus> agents = state.counts().agents();
          Tally<TaskStatus> tasks = state.counts().tasks();
          long progress = progress(state.tasks().values());
          JsonObject structured =
              Views.session(state)
                  .put("configuration", Views.configuration(state.configuration()))
                  .put("agents", counted(AgentStatus.values(), agents))
                  .put("tasks", counted(TaskStatus.values(), tasks))
                  .put("progress", progress)
                  .build();
          return ToolResult.of(
              state.id(),
              structured,
              "swarm of session "
                  + state.id()
                  + ": "
                  + Words.configuration(state.configuration())
                  + "; agents "
                  + words(AgentStatus.values(), agents)
                  + "; tasks "
                  + words(TaskStatus.values(), tasks)
                  + "; "
                  + progress
                  + " % done");
        });
  }

  /// Done work over all work that is still wanted; a task counts as much as any other.
  private static long progress(Collection<Task> tasks) {
    return Math.round(
        tasks.stream()
            .filter(task -> task.status() != TaskStatus.CANCELLED)
            .mapToInt(task -> task.status() == TaskStatus.COMPLETED ? 100 : task.progressPercent())
            .average()
            .orElse(0));
  }

  private static <E extends Enum<E>> JsonObject counted(E[] all, Tally<E> counts) {
    JsonObject.Builder counted = JsonObject.builder();
    for (E status : all) {
      counted.put(WireName.of(status), counts.count(status));
    }
    return counted.build();
  }

  private static <E extends Enum<E>> String words(E[] all, Tally<E> counts) {
    String counted =
        Arrays.stream(all)
            .filter(status -> counts.count(status) > 0)
            .map(status -> counts.count(status) + " " + WireName.of(status))
            .collect(Collectors.joining(", "));
    return counted.isEmpty() ? "none" : counted;
  }
}

package dev.planaria.app.tools;

import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.session.SessionView;
import dev.planaria.engine.state.Agent;
import dev.planaria.engine.state.AgentStatus;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Limits;
import dev.planaria.engine.state.SessionState;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/// The tools about agents.
final class AgentTools {
  private final Sessions sessions;
  private final Limits limits;

  AgentTools(Sessions sessions, Limits limits) {
    this.sessions = sessions;
    this.limits = limits;
  }

  List<Tool> tools() {
    return List.of(spawn(), list(), update(), heartbeat(), retire());
  }

  private Tool spawn() {
    return new Tool(
        "agent_spawn",
        "Spawn an agent",
        "Adds an agent to the session's swarm. Keep its agent_id: task_claim needs it.",
        new Tool.Signature(
            Shapes.changing()
                .must("type", Schema.text("What kind of agent: coder, researcher, ...", names()))
                .may("name", Schema.text("A name for people", names()))
                .may("capabilities", Schema.texts("What it can do", limits.capabilities(), names()))
                .may("metadata", Schema.anyObject("Anything worth keeping with it"))
                .arguments(),
            Shapes.acknowledged(Schema.members().must("agent", Shapes.agent()))),
        Tool.Hints.ADD,
        call -> {
          Fields arguments = call.arguments();
          var command =
              new Command.SpawnAgent(
                  arguments.requiredText("type", names()),
                  arguments.optionalText("name", names()),
                  arguments.optionalTexts("capabilities", limits.capabilities(), names()),
                  arguments.optionalObject("metadata"));
          return OperationResults.acknowledge(sessions.submit(call, command));
        });
  }

  private Tool list() {
    return new Tool(
        "agent_list",
        "List agents",
        "Lists the session's agents, oldest first.",
        new Tool.Signature(
            Shapes.paging(
                    Shapes.reading()
                        .may("status", Schema.choice("Only those that are so", AgentStatus.class)))
                .arguments(),
            Schema.members()
                .must("agents", Schema.list("The agents", Shapes.agent()))
                .may("next_cursor", Schema.text("Hand in as cursor to see more"))
                .result()),
        Tool.Hints.READ,
        call -> {
          AgentStatus status = call.arguments().optionalEnum("status", AgentStatus.class);
          int limit = Page.limit(call.arguments());
          String cursor = Page.cursor(call.arguments());
          SessionView view = sessions.view(call);
          Iterator<Agent> matching =
              Page.after(view.state().agents(), cursor).stream()
                  .filter(agent -> status == null || agent.status() == status)
                  .iterator();
          Page page = Page.of(matching, limit, Views::agent, Agent::id);
          return ToolResult.of(
              view.state().id(), page.toJson("agents").build(), words(view.state(), page));
        });
  }

  private static String words(SessionState state, Page page) {
    if (page.items().isEmpty()) {
      return "no agents match; the session has "
          + state.agents().size()
          + " in all; agent_spawn adds one";
    }
    return page.items().stream().map(Words::agentLine).collect(Collectors.joining("\n"))
        + page.more();
  }

  private Tool update() {
    List<String> settable =
        List.of(WireName.of(AgentStatus.IDLE), WireName.of(AgentStatus.OFFLINE));
    return new Tool(
        "agent_update",
        "Change an agent",
        "Changes the given fields of an agent and leaves the others as they are. An agent becomes"
            + " busy by task_claim, never by this.",
        new Tool.Signature(
            identified()
                .may("name", Schema.text("A name for people", names()))
                .may("status", Schema.choice("Whether it can be given work", settable))
                .may("capabilities", Schema.texts("What it can do", limits.capabilities(), names()))
                .may("metadata", Schema.anyObject("Replaces the metadata"))
                .arguments(),
            Shapes.acknowledged(Schema.members().must("agent", Shapes.agent()))),
        Tool.Hints.SET,
        call -> {
          Fields arguments = call.arguments();
          var command =
              new Command.UpdateAgent(
                  arguments.requiredText("agent_id", names()),
                  arguments.optionalText("name", names()),
                  arguments.optionalEnum("status", AgentStatus.class),
                  arguments.optionalTexts("capabilities", limits.capabilities(), names()),
                  arguments.optionalObject("metadata"));
          return OperationResults.acknowledge(sessions.submit(call, command));
        });
  }

  private Tool heartbeat() {
    return new Tool(
        "agent_heartbeat",
        "Say that an agent is alive",
        "Notes that an agent is alive. An agent that was offline becomes idle.",
        new Tool.Signature(
            identified().arguments(),
            Shapes.acknowledged(Schema.members().must("agent", Shapes.agent()))),
        Tool.Hints.SET,
        call ->
            OperationResults.acknowledge(
                sessions.submit(
                    call,
                    new Command.HeartbeatAgent(
                        call.arguments().requiredText("agent_id", names())))));
  }

  private Tool retire() {
    return new Tool(
        "agent_retire",
        "Retire an agent",
        "Ends an agent for good. Its unfinished tasks go back to the board.",
        new Tool.Signature(
            identified().arguments(),
            Shapes.acknowledged(
                Schema.members()
                    .must("agent", Shapes.agent())
                    .must(
                        "released_tasks",
                        Schema.list("Tasks that it had", Schema.text("A task id"))))),
        Tool.Hints.END,
        call ->
            OperationResults.acknowledge(
                sessions.submit(
                    call,
                    new Command.RetireAgent(call.arguments().requiredText("agent_id", names())))));
  }

  private Schema.Members identified() {
    return Shapes.changing().must("agent_id", Schema.text("The agent", names()));
  }

  private int names() {
    return limits.nameCharacters();
  }
}

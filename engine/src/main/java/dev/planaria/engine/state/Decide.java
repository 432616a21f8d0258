package dev.planaria.engine.state;

import dev.planaria.engine.json.WireName;
import dev.planaria.engine.state.Refusal.Code;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// From what is asked to what is the case: every rule of a session. Pure: everything it depends on
/// is handed in, nothing is changed, and the operation carries the new value of all that changes.
///
/// Leases that have run out count as lost here even before [Command.Sweep] has put their tasks
/// back; only the sweep puts them back, so sweep what is due ([SessionState#nextDueMillis]) first.
public final class Decide {

  private Decide() {}

  /// What is the case when the command is accepted.
  ///
  /// @throws Refusal when it is not
  public static Operation decide(SessionState state, Command command, Decision decision) {
    if (state.status() != SessionStatus.ACTIVE && !isEnginesOwn(command)) {
      throw new Refusal(
          Code.SESSION_NOT_ACTIVE,
          "the session is " + WireName.of(state.status()) + " and accepts no commands");
    }
    return switch (command) {
      case Command.ConfigureSwarm c -> configure(state, c, decision.limits());
      case Command.CloseSession c -> Upkeep.close(state, c, decision);
      case Command.SpawnAgent c -> AgentRules.spawn(state, c, decision);
      case Command.UpdateAgent c -> AgentRules.update(state, c, decision);
      case Command.HeartbeatAgent c -> AgentRules.heartbeat(state, c, decision);
      case Command.RetireAgent c -> AgentRules.retire(state, c, decision);
      case Command.CreateTask c -> TaskRules.create(state, c, decision);
      case Command.OrchestrateTask c -> TaskRules.orchestrate(state, c, decision);
      case Command.ClaimTask c -> LeaseRules.claim(state, c, decision);
      case Command.UpdateTask c -> LeaseRules.update(state, c, decision);
      case Command.CompleteTask c -> LeaseRules.complete(state, c, decision);
      case Command.FailTask c -> LeaseRules.fail(state, c, decision);
      case Command.StoreMemory c -> MemoryRules.store(state, c, decision);
      case Command.DeleteMemory c -> MemoryRules.delete(state, c, decision);
      case Command.PutConnection c -> ConnectionRules.put(state, c, decision.limits());
      case Command.RemoveConnection c -> ConnectionRules.remove(state, c, decision);
      case Command.AcceptCall c -> CallRules.accept(state, c, decision);
      case Command.MoveCall c -> CallRules.move(state, c, decision);
      case Command.UnsendCall c -> CallRules.unsend(state, c, decision);
      case Command.RetryCall c -> CallRules.retry(state, c, decision);
      case Command.ForgetCall c -> CallRules.forget(state, c, decision);
      case Command.DropReplay c -> CallRules.dropReplay(state, c, decision);
      case Command.RestoreSession c -> Restoration.restore(state, c, decision);
      case Command.Sweep _ -> Upkeep.sweep(state, decision);
      case Command.ResumeAfterCrash c -> Upkeep.resume(state, c, decision);
    };
  }

  /// The first operation of a new session. Whether the name is free is not known here.
  ///
  /// @throws Refusal when the name or the configuration breaks a rule
  public static Operation.SessionOpened open(
      SessionId id,
      String name,
      @Nullable SessionId parent,
      SwarmConfiguration configuration,
      Limits limits) {
    checkName(name, limits);
    return new Operation.SessionOpened(id, name, parent, checked(configuration, limits));
  }

  /// The first operation of a session that begins with a state of another one. Whether the name is
  /// free is not known here.
  ///
  /// @param id of the new session
  /// @param from what it begins with
  /// @param fromSeq the other session's operation that led to that state
  /// @throws Refusal when the name breaks a rule, or the state is none to begin with
  public static Operation.SessionForked fork(
      SessionId id, String name, SessionState from, long fromSeq, long nowMillis, Limits limits) {
    return Restoration.fork(id, name, from, fromSeq, nowMillis, limits);
  }

  static void checkName(String name, Limits limits) {
    Check.line("name", name, limits);
    if (SessionId.looksLikeId(name)) {
      throw Check.invalid("name", "must not look like a session id");
    }
  }

  private static Operation configure(
      SessionState state, Command.ConfigureSwarm command, Limits limits) {
    var old = state.configuration();
    return new Operation.SwarmConfigured(
        checked(
            new SwarmConfiguration(
                Objects.requireNonNullElse(command.topology(), old.topology()),
                Objects.requireNonNullElse(command.maxAgents(), old.maxAgents()),
                Objects.requireNonNullElse(command.strategy(), old.strategy()),
                old.extra()),
            limits));
  }

  private static SwarmConfiguration checked(SwarmConfiguration configuration, Limits limits) {
    Check.number("max_agents", configuration.maxAgents(), 1, limits.agents(), "agents");
    Check.line("strategy", configuration.strategy(), limits);
    Check.value("config", configuration.extra(), limits);
    return configuration;
  }

  private static boolean isEnginesOwn(Command command) {
    return command instanceof Command.Sweep || command instanceof Command.ResumeAfterCrash;
  }
}

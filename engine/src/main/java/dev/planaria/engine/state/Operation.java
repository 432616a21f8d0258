package dev.planaria.engine.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A fact: what was decided, in full. Each carries the new value of everything it changes, so that
/// applying it needs no decision, an acknowledged result can be told again from the operation
/// alone, and one that lies behind a damaged entry can still be applied on its own.
///
/// The simple name in snake_case is its type in the journal ([OperationCodec]); never rename one.
public sealed interface Operation {

  /// Always a session's first operation, and never another one.
  sealed interface Beginning extends Operation {

    /// The session that begins.
    SessionId sessionId();

    /// Its name.
    String name();
  }

  /// A session begins with nothing in it.
  record SessionOpened(
      SessionId sessionId,
      String name,
      @Nullable SessionId parent,
      SwarmConfiguration configuration)
      implements Beginning {}

  /// A session begins with a state of another one, its parent; the parent is never needed to replay
  /// it.
  ///
  /// @param parentSeq the parent's operation that led to that state
  /// @param state what the new session begins with, under its own id and name
  record SessionForked(long parentSeq, SessionState state) implements Beginning {

    @Override
    public SessionId sessionId() {
      return state.id();
    }

    @Override
    public String name() {
      return state.name();
    }
  }

  /// The session was taken back to what it was after one of its operations. No seq is used again:
  /// this stands above all that were taken back.
  ///
  /// @param toSeq the operation
  /// @param checkpointId the checkpoint by which it was named, or null
  /// @param dropped how many operations had an effect before and have none any more
  /// @param changes from the state before to the one after
  record Restored(long toSeq, @Nullable String checkpointId, long dropped, StateDelta changes)
      implements Operation {}

  /// The swarm's configuration was changed.
  record SwarmConfigured(SwarmConfiguration configuration) implements Operation {}

  /// The session was ended.
  record SessionClosed(
      @Nullable String reason, List<Agent> agents, List<Task> tasks, List<Call> calls)
      implements Operation {
    /// Copies the lists.
    public SessionClosed {
      agents = List.copyOf(agents);
      tasks = List.copyOf(tasks);
      calls = List.copyOf(calls);
    }
  }

  /// An agent was added.
  record AgentSpawned(Agent agent) implements Operation {}

  /// An agent was changed.
  record AgentUpdated(Agent agent) implements Operation {}

  /// An agent was heard of.
  record AgentHeartbeat(Agent agent) implements Operation {}

  /// An agent was ended; `released` are its tasks, back on the board or cancelled.
  record AgentRetired(Agent agent, List<Task> released) implements Operation {
    /// Copies the lists.
    public AgentRetired {
      released = List.copyOf(released);
    }
  }

  /// A task was added.
  record TaskCreated(Task task) implements Operation {}

  /// A task was added and given to agents, whose ids are listed.
  record TaskOrchestrated(Task task, List<String> agentIds) implements Operation {
    /// Copies the lists.
    public TaskOrchestrated {
      agentIds = List.copyOf(agentIds);
    }
  }

  /// A task was claimed.
  record TaskClaimed(Task task, Agent agent) implements Operation {}

  /// A task's progress was reported and its lease renewed.
  record TaskUpdated(Task task, Agent agent) implements Operation {}

  /// A task was completed.
  record TaskCompleted(Task task, Agent agent) implements Operation {}

  /// An attempt failed; `cancelled` are the tasks that can never run now.
  record TaskFailed(Task task, Agent agent, List<Task> cancelled) implements Operation {
    /// Copies the lists.
    public TaskFailed {
      cancelled = List.copyOf(cancelled);
    }
  }

  /// A memory entry was stored.
  record MemoryStored(MemoryEntry entry) implements Operation {}

  /// A memory entry was removed; `existed` is false when there was none.
  record MemoryDeleted(MemoryKey key, boolean existed) implements Operation {}

  /// A connection was added or changed.
  record ConnectionPut(Connection connection) implements Operation {}

  /// A connection was removed; `existed` is false when there was none. `calls` are those that were
  /// open, as they ended.
  record ConnectionRemoved(
      String connectionId, boolean existed, List<Call> calls, @Nullable LetGo letGo)
      implements Operation {
    /// Copies the list.
    public ConnectionRemoved {
      calls = List.copyOf(calls);
    }
  }

  /// A call was accepted; `forgotten` made room for it.
  record CallAccepted(Call call, List<CallId> forgotten) implements Operation {
    /// Copies the list.
    public CallAccepted {
      forgotten = List.copyOf(forgotten);
    }
  }

  /// A call stands elsewhere, or was sent again by hand; `forgotten` made room for what is kept of
  /// it. The connection is set when that changed, too.
  record CallMoved(Call call, @Nullable Connection connection, List<CallId> forgotten)
      implements Operation {
    /// Copies the list.
    public CallMoved {
      forgotten = List.copyOf(forgotten);
    }
  }

  /// A call was forgotten.
  record CallForgotten(CallId id) implements Operation {}

  /// Calls are no longer kept for replay. The connection is set when that changed, too.
  record ReplayDropped(String connectionId, LetGo letGo, @Nullable Connection connection)
      implements Operation {}

  /// Calls that are no longer kept for replay, and are forgotten like any other from now on.
  ///
  /// @param calls which
  /// @param keptUntilMillis when they are forgotten, Unix time
  record LetGo(List<CallId> calls, long keptUntilMillis) {
    /// Copies the list.
    public LetGo {
      calls = List.copyOf(calls);
    }
  }

  /// Leases, memory entries and calls ran out: the tasks, agents and calls as they are now, the
  /// keys that are gone and the calls that are forgotten.
  record Swept(
      List<Task> tasks,
      List<Agent> agents,
      List<MemoryKey> memory,
      List<Call> calls,
      List<CallId> forgotten)
      implements Operation {
    /// Copies the lists.
    public Swept {
      tasks = List.copyOf(tasks);
      agents = List.copyOf(agents);
      memory = List.copyOf(memory);
      calls = List.copyOf(calls);
      forgotten = List.copyOf(forgotten);
    }
  }

  /// The session was recovered after a crash; `tasks` are those whose lease was renewed.
  record Resumed(String recoveryId, List<Task> tasks) implements Operation {
    /// Copies the lists.
    public Resumed {
      tasks = List.copyOf(tasks);
    }
  }

  /// Operations were lost, and the session goes on without them. Stands above every seq that was
  /// ever given, the lost ones included.
  ///
  /// @param recoveryId the recovery that found it out
  /// @param opening what the session was begun with anew, when its beginning is lost, or null
  /// @param lost the seqs that are lost: unreadable, or dependent on one that is; in order, without
  ///   overlap
  /// @param losses how many of them, by component
  /// @param skipped seqs that may have been given and cannot be found; never given again; or null
  record Recovered(
      String recoveryId,
      @Nullable Opening opening,
      List<SeqRange> lost,
      List<Loss> losses,
      @Nullable SeqRange skipped)
      implements Operation {
    /// Copies the lists.
    public Recovered {
      lost = List.copyOf(lost);
      losses = List.copyOf(losses);
    }

    /// The skipped seqs, as a list of at most one run.
    public List<SeqRange> skippedSeqs() {
      return skipped == null ? List.of() : List.of(skipped);
    }
  }

  /// How a session begins.
  ///
  /// @param name its name
  /// @param configuration of its swarm
  /// @param atMillis when, Unix time
  record Opening(String name, SwarmConfiguration configuration, long atMillis) {}

  /// How many operations of a component are lost.
  ///
  /// @param component as in [Footprint]
  /// @param operations how many
  record Loss(String component, long operations) {}

  /// References that led nowhere were taken away: the tasks, agents and calls as they are now.
  record Detached(String recoveryId, List<Task> tasks, List<Agent> agents, List<Call> calls)
      implements Operation {
    /// Copies the lists.
    public Detached {
      tasks = List.copyOf(tasks);
      agents = List.copyOf(agents);
      calls = List.copyOf(calls);
    }
  }

  /// Values out of bounds were put back within them: the things as they are now.
  record Clamped(
      String recoveryId,
      List<Task> tasks,
      List<Agent> agents,
      List<MemoryEntry> memory,
      List<Call> calls)
      implements Operation {
    /// Copies the lists.
    public Clamped {
      tasks = List.copyOf(tasks);
      agents = List.copyOf(agents);
      memory = List.copyOf(memory);
      calls = List.copyOf(calls);
    }
  }
}

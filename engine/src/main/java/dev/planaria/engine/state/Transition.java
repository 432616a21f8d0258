package dev.planaria.engine.state;

import java.util.List;
import org.pcollections.TreePMap;

/// How an operation changes a session. Pure, total and deterministic: the same operations in the
/// same order give the same state on any machine, and an operation whose predecessors were lost
/// still gives a state.
public final class Transition {

  private Transition() {}

  /// The state after a session's first operation.
  ///
  /// @param timeMillis when it was decided, Unix time
  public static SessionState open(Operation.Beginning op, long timeMillis) {
    return switch (op) {
      case Operation.SessionOpened opened -> empty(opened, History.of(opened.parent()), timeMillis);
      case Operation.SessionForked forked -> forked.state();
    };
  }

  /// The first state of a session whose real beginning is lost.
  ///
  /// @param idBase what its ids are counted from, see [History]
  public static SessionState openAnew(Operation.SessionOpened op, long idBase, long timeMillis) {
    return empty(op, new History(op.parent(), idBase, List.of()), timeMillis);
  }

  private static SessionState empty(Operation.SessionOpened op, History history, long timeMillis) {
    return new SessionState(
        op.sessionId(),
        op.name(),
        SessionStatus.ACTIVE,
        history,
        op.configuration(),
        TreePMap.empty(CreationOrder.OLDEST_FIRST),
        TreePMap.empty(CreationOrder.OLDEST_FIRST),
        TreePMap.empty(),
        TreePMap.empty(),
        TreePMap.empty(),
        0,
        0,
        timeMillis,
        timeMillis,
        Indexes.EMPTY);
  }

  /// The state after an operation.
  ///
  /// @param timeMillis when it was decided, Unix time
  public static SessionState apply(SessionState before, Operation operation, long timeMillis) {
    var edit = new StateEdit(before);
    var edited =
        switch (operation) {
          // A second one cannot happen; were it to, the state that is there is worth more.
          case Operation.Beginning _ -> edit;
          case Operation.SwarmConfigured op -> edit.configuration(op.configuration());
          case Operation.SessionClosed op ->
              edit.agents(op.agents())
                  .tasks(op.tasks())
                  .calls(op.calls())
                  .status(SessionStatus.TERMINATED);
          case Operation.AgentSpawned op -> edit.agent(op.agent());
          case Operation.AgentUpdated op -> edit.agent(op.agent());
          case Operation.AgentHeartbeat op -> edit.agent(op.agent());
          case Operation.AgentRetired op -> edit.agent(op.agent()).tasks(op.released());
          case Operation.TaskCreated op -> edit.task(op.task());
          case Operation.TaskOrchestrated op -> edit.task(op.task());
          case Operation.TaskClaimed op -> edit.task(op.task()).agent(op.agent());
          case Operation.TaskUpdated op -> edit.task(op.task()).agent(op.agent());
          case Operation.TaskCompleted op -> edit.task(op.task()).agent(op.agent());
          case Operation.TaskFailed op ->
              edit.task(op.task()).agent(op.agent()).tasks(op.cancelled());
          case Operation.MemoryStored op -> edit.memory(op.entry());
          case Operation.MemoryDeleted op -> edit.withoutMemory(op.key());
          case Operation.ConnectionPut op -> edit.connection(op.connection());
          case Operation.ConnectionRemoved op ->
              edit.withoutConnection(op.connectionId()).calls(op.calls()).letGo(op.letGo());
          case Operation.CallAccepted op ->
              edit.withoutCalls(op.forgotten()).calls(List.of(op.call()));
          case Operation.CallMoved op ->
              edit.withoutCalls(op.forgotten())
                  .calls(List.of(op.call()))
                  .connectionIfGiven(op.connection());
          case Operation.CallForgotten op -> edit.withoutCalls(List.of(op.id()));
          case Operation.ReplayDropped op ->
              edit.letGo(op.letGo()).connectionIfGiven(op.connection());
          case Operation.Swept op ->
              edit.tasks(op.tasks())
                  .agents(op.agents())
                  .withoutMemory(op.memory())
                  .calls(op.calls())
                  .withoutCalls(op.forgotten());
          case Operation.Resumed op -> edit.tasks(op.tasks());
          // What is lost is left out when the session is replayed.
          case Operation.Recovered op -> edit.lost(op.lost()).lost(op.skippedSeqs()).doubted(op);
          case Operation.Restored op ->
              new StateEdit(StateDelta.compose(before, List.of(op.changes())));
          case Operation.Detached op ->
              edit.tasks(op.tasks()).agents(op.agents()).calls(op.calls());
          case Operation.Clamped op ->
              edit.tasks(op.tasks())
                  .agents(op.agents())
                  .memoryRecounted(op.memory())
                  .calls(op.calls());
        };
    return edited.at(timeMillis);
  }
}

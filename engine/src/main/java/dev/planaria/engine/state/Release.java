package dev.planaria.engine.state;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects tasks that lose their agent: back to the board, or failed for good, and then every task
/// that could never run any more cancelled too, with the reason. Not thread-safe; lives for one
/// decision.
final class Release {

  private final SessionState state;
  private final long nowMillis;
  private final Map<String, Task> changed = new LinkedHashMap<>();

  Release(SessionState state, long nowMillis) {
    this.state = state;
    this.nowMillis = nowMillis;
  }

  /// What became of the tasks, in the order in which they were released.
  List<Task> tasks() {
    return new ArrayList<>(changed.values());
  }

  /// Ends the attempt at a running task without a result.
  void endAttempt(String taskId, String error) {
    Task task = state.tasks().get(taskId);
    if (task == null || task.status() != TaskStatus.RUNNING) {
      return;
    }
    Task after = task.attempts() < task.maxAttempts() ? again(task, error) : failed(task, error);
    changed.put(taskId, after);
    if (after.status() == TaskStatus.FAILED) {
      cancelDependents(taskId);
    }
  }

  /// Gives a task that waits for its agent to whoever claims it.
  void unassign(String taskId) {
    Task task = state.tasks().get(taskId);
    if (task != null && !changed.containsKey(taskId)) {
      changed.put(taskId, again(task, task.error()));
    }
  }

  private void cancelDependents(String failedId) {
    String reason = "it can never run: " + failedId + ", on which it depends, failed for good";
    var board = state.indexes().board();
    var queue = new ArrayDeque<>(board.dependentsOf(failedId));
    while (!queue.isEmpty()) {
      String id = queue.remove();
      Task task = state.tasks().get(id);
      if (task != null && isWaiting(task) && !isCancelled(changed.get(id))) {
        changed.put(id, cancelled(task, reason, nowMillis));
        queue.addAll(board.dependentsOf(id));
      }
    }
  }

  private static boolean isWaiting(Task task) {
    return task.status() == TaskStatus.PENDING || task.status() == TaskStatus.ASSIGNED;
  }

  private static boolean isCancelled(@Nullable Task task) {
    return task != null && task.status() == TaskStatus.CANCELLED;
  }

  private Task again(Task task, @Nullable String error) {
    return again(task, error, nowMillis);
  }

  /// A task that lost its agent to damage: back on the board.
  static Task detached(Task task, long nowMillis) {
    return again(task, "its agent was lost to damage", nowMillis);
  }

  /// A task whose attempt ended through nobody's fault: back on the board, and the attempt does not
  /// count.
  static Task interrupted(Task task, String reason, long nowMillis) {
    Task again = again(task, reason, nowMillis);
    return new TaskEdit(again).attempts(Math.max(0, task.attempts() - 1)).at(nowMillis);
  }

  private static Task again(Task task, @Nullable String error, long nowMillis) {
    return new TaskEdit(task)
        .status(TaskStatus.PENDING)
        .assignee(null)
        .progressPercent(0)
        .lease(null)
        .error(error)
        .at(nowMillis);
  }

  private Task failed(Task task, String error) {
    return ended(task, TaskStatus.FAILED, error, nowMillis);
  }

  /// A task that will not be done.
  static Task cancelled(Task task, String reason, long nowMillis) {
    return ended(task, TaskStatus.CANCELLED, reason, nowMillis);
  }

  private static Task ended(Task task, TaskStatus status, String error, long nowMillis) {
    return new TaskEdit(task)
        .status(status)
        .lease(null)
        .error(error)
        .finishedAt(nowMillis)
        .at(nowMillis);
  }
}

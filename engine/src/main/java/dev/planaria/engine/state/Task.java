package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One piece of work.
///
/// @param id unique in its session for ever: `task-` and the seq of the operation that made it
/// @param description what is to be done
/// @param priority how urgent it is
/// @param status where it stands
/// @param assignee the id of the agent it belongs to, set while `ASSIGNED` or `RUNNING` and kept
///   when final
/// @param dependsOn ids of tasks that must be completed before this one can be claimed
/// @param progressPercent 0 to 100
/// @param attempts how often it was claimed
/// @param maxAttempts after this many failed attempts the task is `FAILED`
/// @param lease set exactly while `RUNNING`
/// @param result what the agent handed in when it completed the task
/// @param error why the last attempt failed, or why the task was cancelled
/// @param metadata the caller's own data
/// @param createdAtMillis Unix time
/// @param updatedAtMillis Unix time of the last change
/// @param startedAtMillis Unix time of the last claim, or null
/// @param finishedAtMillis Unix time at which the status became final, or null
public record Task(
    String id,
    String description,
    Priority priority,
    TaskStatus status,
    @Nullable String assignee,
    List<String> dependsOn,
    int progressPercent,
    int attempts,
    int maxAttempts,
    @Nullable Lease lease,
    @Nullable JsonValue result,
    @Nullable String error,
    JsonObject metadata,
    long createdAtMillis,
    long updatedAtMillis,
    @Nullable Long startedAtMillis,
    @Nullable Long finishedAtMillis) {

  /// Copies the dependencies.
  public Task {
    dependsOn = List.copyOf(dependsOn);
  }

  /// True when the other differs in nothing but when its lease runs out, and was changed for that.
  public boolean isSameButForItsLease(Task other) {
    return lease != null
        && other.lease != null
        && lease.token().equals(other.lease.token())
        && new TaskEdit(this).lease(other.lease).at(other.updatedAtMillis).equals(other);
  }
}

package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A copy of a task in which some things differ; what is not named stays. Not thread-safe.
final class TaskEdit {

  private final Task before;
  private TaskStatus status;
  private @Nullable String assignee;
  private List<String> dependsOn;
  private int progressPercent;
  private int attempts;
  private @Nullable Lease lease;
  private @Nullable JsonValue result;
  private @Nullable String error;
  private JsonObject metadata;
  private long createdAtMillis;
  private @Nullable Long startedAtMillis;
  private @Nullable Long finishedAtMillis;

  TaskEdit(Task before) {
    this.before = before;
    this.status = before.status();
    this.assignee = before.assignee();
    this.dependsOn = before.dependsOn();
    this.progressPercent = before.progressPercent();
    this.attempts = before.attempts();
    this.lease = before.lease();
    this.result = before.result();
    this.error = before.error();
    this.metadata = before.metadata();
    this.createdAtMillis = before.createdAtMillis();
    this.startedAtMillis = before.startedAtMillis();
    this.finishedAtMillis = before.finishedAtMillis();
  }

  TaskEdit status(TaskStatus value) {
    status = value;
    return this;
  }

  TaskEdit assignee(@Nullable String value) {
    assignee = value;
    return this;
  }

  TaskEdit dependsOn(List<String> value) {
    dependsOn = value;
    return this;
  }

  TaskEdit progressPercent(int value) {
    progressPercent = value;
    return this;
  }

  TaskEdit attempts(int value) {
    attempts = value;
    return this;
  }

  TaskEdit lease(@Nullable Lease value) {
    lease = value;
    return this;
  }

  TaskEdit result(@Nullable JsonValue value) {
    result = value;
    return this;
  }

  TaskEdit error(@Nullable String value) {
    error = value;
    return this;
  }

  TaskEdit metadata(JsonObject value) {
    metadata = value;
    return this;
  }

  TaskEdit createdAt(long millis) {
    createdAtMillis = millis;
    return this;
  }

  TaskEdit startedAt(long millis) {
    startedAtMillis = millis;
    return this;
  }

  TaskEdit finishedAt(@Nullable Long millis) {
    finishedAtMillis = millis;
    return this;
  }

  /// The task as it is from that time on.
  Task at(long nowMillis) {
    return new Task(
        before.id(),
        before.description(),
        before.priority(),
        status,
        assignee,
        dependsOn,
        progressPercent,
        attempts,
        before.maxAttempts(),
        lease,
        result,
        error,
        metadata,
        createdAtMillis,
        nowMillis,
        startedAtMillis,
        finishedAtMillis);
  }
}

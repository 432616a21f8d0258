package dev.planaria.app.tools;

import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.session.Committed;
import dev.planaria.engine.session.SessionView;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Lease;
import dev.planaria.engine.state.Limits;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.Priority;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.Task;
import dev.planaria.engine.state.TaskStatus;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/// The tools about tasks.
final class TaskTools {
  private static final int TOKEN_CHARACTERS = 256;

  private final Sessions sessions;
  private final Limits limits;

  TaskTools(Sessions sessions, Limits limits) {
    this.sessions = sessions;
    this.limits = limits;
  }

  List<Tool> tools() {
    return List.of(create(), orchestrate(), claim(), update(), complete(), fail(), get(), list());
  }

  private Tool create() {
    return new Tool(
        "task_create",
        "Create a task",
        "Adds a task to the session's board. It waits until an agent claims it and all tasks it"
            + " depends on are completed.",
        new Tool.Signature(
            Shapes.changing()
                .must("description", Schema.text("What is to be done", descriptions()))
                .may("priority", Schema.choice("How urgent; medium if left out", Priority.class))
                .may(
                    "depends_on",
                    Schema.texts("Tasks to complete first", limits.dependencies(), names()))
                .may("assignee", Schema.text("The only agent that may claim it", names()))
                .may(
                    "max_attempts",
                    Schema.whole("How often it may be tried", 1, limits.maxAttempts()))
                .may("metadata", Schema.anyObject("Anything worth keeping with it"))
                .arguments(),
            Shapes.acknowledged(Schema.members().must("task", Shapes.task()))),
        Tool.Hints.ADD,
        call -> {
          Fields arguments = call.arguments();
          var command =
              new Command.CreateTask(
                  arguments.requiredText("description", descriptions()),
                  arguments.optionalEnum("priority", Priority.class),
                  arguments.optionalTexts("depends_on", limits.dependencies(), names()),
                  arguments.optionalText("assignee", names()),
                  arguments.optionalInt("max_attempts", 1, limits.maxAttempts()),
                  arguments.optionalObject("metadata"));
          return OperationResults.acknowledge(sessions.submit(call, command));
        });
  }

  private Tool orchestrate() {
    return new Tool(
        "task_orchestrate",
        "Create a task and give it to idle agents",
        "Adds a task and gives it to up to max_agents idle agents: the first becomes its assignee"
            + " and is the one to claim it, all are named.",
        new Tool.Signature(
            Shapes.changing()
                .must("description", Schema.text("What is to be done", descriptions()))
                .may("strategy", Schema.text("How, in your words", names()))
                .may("priority", Schema.choice("How urgent; medium if left out", Priority.class))
                .may("max_agents", Schema.whole("How many agents", 1, limits.agents()))
                .arguments(),
            Shapes.acknowledged(
                Schema.members()
                    .must("task", Shapes.task())
                    .must(
                        "agent_ids",
                        Schema.list("Who it was given to", Schema.text("An agent id"))))),
        Tool.Hints.ADD,
        call -> {
          Fields arguments = call.arguments();
          var command =
              new Command.OrchestrateTask(
                  arguments.requiredText("description", descriptions()),
                  arguments.optionalText("strategy", names()),
                  arguments.optionalEnum("priority", Priority.class),
                  arguments.optionalInt("max_agents", 1, limits.agents()));
          return OperationResults.acknowledge(sessions.submit(call, command));
        });
  }

  private Tool claim() {
    return new Tool(
        "task_claim",
        "Claim a task",
        "Takes a task for an agent to work on: the named one, or the most urgent and oldest that"
            + " can be claimed. Keep the lease_token: task_update, task_complete and task_fail need"
            + " it. Renew the lease with task_update before it ends, or the task goes back to the"
            + " board.",
        new Tool.Signature(
            Shapes.changing()
                .must("agent_id", Schema.text("Who will work on it", names()))
                .may("task_id", Schema.text("Which task; any if left out", names()))
                .may(
                    "lease_ms",
                    Schema.whole(
                        "How long until it must be renewed, in milliseconds",
                        limits.leaseMillisMin(),
                        limits.leaseMillisMax()))
                .arguments(),
            Schema.members()
                .must("task", Schema.orNull(Shapes.task()))
                .may("reason", Schema.text("Why there is no task to claim"))
                .may("lease_token", Schema.text("What the holder must show; keep it secret"))
                .may("lease_expires_at", Shapes.time("When the lease ends"))
                .may("receipt", Shapes.receipt())
                .may("operation_id", Schema.text("What to ask operation_status about"))
                .result()),
        Tool.Hints.ADD,
        this::claimed);
  }

  private ToolResult claimed(ToolCall call) {
    Fields arguments = call.arguments();
    var command =
        new Command.ClaimTask(
            arguments.requiredText("agent_id", names()),
            arguments.optionalText("task_id", names()),
            arguments.optionalLong("lease_ms", limits.leaseMillisMin(), limits.leaseMillisMax()));
    Committed committed;
    try {
      committed = sessions.submit(call, command);
    } catch (Refusal refusal) {
      if (refusal.code() != Refusal.Code.NOTHING_TO_CLAIM) {
        throw refusal;
      }
      String reason = String.valueOf(refusal.getMessage());
      return ToolResult.of(
          JsonObject.builder().put("task", JsonNull.NULL).put("reason", reason).build(),
          "no task: " + reason);
    }
    if (!(committed.operation() instanceof Operation.TaskClaimed(Task task, _))
        || task.lease() == null) {
      throw new IllegalStateException("a claim was answered with another operation");
    }
    Lease lease = task.lease();
    return ToolResult.committed(
        committed,
        JsonObject.builder()
            .put("task", Views.task(task))
            .put("lease_token", lease.token())
            .put("lease_expires_at", Views.time(lease.expiresAtMillis()))
            .build(),
        Words.task(task)
            + "\nlease_token="
            + lease.token()
            + " (renew with task_update within "
            + lease.durationMillis()
            + " ms)");
  }

  private Tool update() {
    return new Tool(
        "task_update",
        "Report progress",
        "Reports progress on a claimed task and renews its lease.",
        new Tool.Signature(
            held()
                .may("progress", Schema.whole("Per cent done", 0, 100))
                .may("metadata", Schema.anyObject("Replaces the metadata"))
                .arguments(),
            Shapes.acknowledged(Schema.members().must("task", Shapes.task()))),
        Tool.Hints.SET,
        call -> {
          Fields arguments = call.arguments();
          var command =
              new Command.UpdateTask(
                  taskId(arguments),
                  token(arguments),
                  arguments.optionalInt("progress", 0, 100),
                  arguments.optionalObject("metadata"));
          return OperationResults.acknowledge(sessions.submit(call, command));
        });
  }

  private Tool complete() {
    return new Tool(
        "task_complete",
        "Complete a task",
        "Hands in the result of a claimed task. Tasks that depend on it can be claimed then.",
        new Tool.Signature(
            held().may("result", Schema.anything("What came out, any JSON value")).arguments(),
            Shapes.acknowledged(Schema.members().must("task", Shapes.task()))),
        Tool.Hints.SET,
        call -> {
          Fields arguments = call.arguments();
          var command =
              new Command.CompleteTask(
                  taskId(arguments), token(arguments), arguments.optionalValue("result"));
          return OperationResults.acknowledge(sessions.submit(call, command));
        });
  }

  private Tool fail() {
    return new Tool(
        "task_fail",
        "Give up an attempt",
        "Gives up an attempt at a claimed task. With attempts left it goes back to the board;"
            + " otherwise it is failed, and every task that depends on it is cancelled.",
        new Tool.Signature(
            held().must("error", Schema.text("Why it failed", descriptions())).arguments(),
            Shapes.acknowledged(
                Schema.members()
                    .must("task", Shapes.task())
                    .must(
                        "cancelled_tasks",
                        Schema.list("Tasks that can never run now", Schema.text("A task id"))))),
        Tool.Hints.SET,
        call -> {
          Fields arguments = call.arguments();
          var command =
              new Command.FailTask(
                  taskId(arguments),
                  token(arguments),
                  arguments.requiredText("error", descriptions()));
          return OperationResults.acknowledge(sessions.submit(call, command));
        });
  }

  private Tool get() {
    return new Tool(
        "task_get",
        "Look at a task",
        "Shows one task with its result.",
        new Tool.Signature(
            Shapes.reading().must("task_id", Schema.text("The task", names())).arguments(),
            Schema.members().must("task", Shapes.task()).result()),
        Tool.Hints.READ,
        call -> {
          String id = taskId(call.arguments());
          SessionView view = sessions.view(call);
          Task task = view.state().tasks().get(id);
          if (task == null) {
            throw new Refusal(
                Refusal.Code.NOT_FOUND,
                "there is no such task in this session; task_list shows those there are");
          }
          return ToolResult.of(
              view.state().id(),
              JsonObject.builder().put("task", Views.task(task)).build(),
              Words.task(task) + Words.outcome(task));
        });
  }

  private Tool list() {
    return new Tool(
        "task_list",
        "List tasks",
        "Lists the session's tasks, oldest first.",
        new Tool.Signature(
            Shapes.paging(
                    Shapes.reading()
                        .may("status", Schema.choice("Only those that are so", TaskStatus.class))
                        .may("assignee", Schema.text("Only those of this agent", names())))
                .arguments(),
            Schema.members()
                .must("tasks", Schema.list("The tasks", Shapes.task()))
                .may("next_cursor", Schema.text("Hand in as cursor to see more"))
                .result()),
        Tool.Hints.READ,
        call -> {
          TaskStatus status = call.arguments().optionalEnum("status", TaskStatus.class);
          String assignee = call.arguments().optionalText("assignee", names());
          int limit = Page.limit(call.arguments());
          String cursor = Page.cursor(call.arguments());
          SessionView view = sessions.view(call);
          Iterator<Task> matching =
              Page.after(view.state().tasks(), cursor).stream()
                  .filter(task -> status == null || task.status() == status)
                  .filter(task -> assignee == null || assignee.equals(task.assignee()))
                  .iterator();
          Page page = Page.of(matching, limit, Views::task, Task::id);
          String text =
              page.items().isEmpty()
                  ? "no tasks match; the session has " + view.state().tasks().size() + " in all"
                  : page.items().stream().map(Words::taskLine).collect(Collectors.joining("\n"))
                      + page.more();
          return ToolResult.of(view.state().id(), page.toJson("tasks").build(), text);
        });
  }

  private Schema.Members held() {
    return Shapes.changing()
        .must("task_id", Schema.text("The task", names()))
        .must("lease_token", Schema.text("What task_claim returned", TOKEN_CHARACTERS));
  }

  private String taskId(Fields arguments) {
    return arguments.requiredText("task_id", names());
  }

  private static String token(Fields arguments) {
    return arguments.requiredText("lease_token", TOKEN_CHARACTERS);
  }

  private int names() {
    return limits.nameCharacters();
  }

  private int descriptions() {
    return limits.descriptionCharacters();
  }
}

package dev.planaria.app.cli.scratch;

import dev.planaria.app.cli.scratch.Ledger.Acknowledged;
import dev.planaria.app.cli.scratch.McpClient.ToolFailed;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The callers: each is an agent that creates a task, claims it, reports progress, stores what it
/// learnt and completes it, over and over. Every call has an operation id; a call that got no
/// answer is repeated under the same one, as any careful client would.
final class Crew {

  /// A call that is still unanswered after so many repeats is given up, and fails the demo.
  private static final int MOST_REPEATS = 20;

  private final Line line;
  private final Ledger ledger;
  private final String session;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean finishing;

  /// @param session the session to work in
  Crew(Line line, Ledger ledger, String session) {
    this.line = line;
    this.ledger = ledger;
    this.session = session;
  }

  /// Sends so many callers to work.
  void start(int callers) {
    for (int i = 0; i < callers; i++) {
      int caller = i;
      threads.add(Thread.ofVirtual().name("caller-" + i).start(() -> work(caller)));
    }
  }

  /// Lets each finish the task that it has in hand.
  void finish() throws InterruptedException {
    finishing = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void work(int caller) {
    try {
      JsonObject spawned = act(caller, "spawn", "agent_spawn", arguments().put("type", "worker"));
      String agent = text(spawned, "agent", "agent_id");
      for (int round = 0; !finishing; round++) {
        doOneTask(caller, round, agent);
      }
    } catch (ToolFailed failure) {
      ledger.failed(String.valueOf(failure.getMessage()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void doOneTask(int caller, int round, String agent) throws InterruptedException {
    JsonObject created =
        act(
            caller,
            "create-" + round,
            "task_create",
            arguments().put("description", "work " + round + " of caller " + caller));
    String task = text(created, "task", "task_id");
    JsonObject claimed =
        act(
            caller,
            "claim-" + round,
            "task_claim",
            arguments().put("agent_id", agent).put("task_id", task));
    String lease = claimed.get("lease_token") instanceof JsonString(var token) ? token : "";
    act(
        caller,
        "update-" + round,
        "task_update",
        arguments().put("task_id", task).put("lease_token", lease).put("progress", 50));
    act(
        caller,
        "learn-" + round,
        "memory_store",
        arguments()
            .put("key", "caller-" + caller + "/" + round)
            .put("value", new JsonString("what was learnt from " + task)));
    act(
        caller,
        "complete-" + round,
        "task_complete",
        arguments()
            .put("task_id", task)
            .put("lease_token", lease)
            .put("result", new JsonString("done")));
  }

  private JsonObject.Builder arguments() {
    return JsonObject.builder().put("session_id", session);
  }

  private JsonObject act(int caller, String what, String tool, JsonObject.Builder arguments)
      throws InterruptedException {
    String operationId = "demo-" + caller + "-" + what;
    JsonObject complete = arguments.put("operation_id", operationId).build();
    for (int attempt = 0; attempt <= MOST_REPEATS; attempt++) {
      McpClient client = line.await();
      ledger.begins();
      try {
        JsonObject result = client.call(tool, complete);
        JsonObject receipt = receipt(tool, result);
        ledger.acknowledged(
            new Acknowledged(caller, operationId, tool, complete, receipt, seq(receipt)));
        return result;
      } catch (IOException unanswered) {
        ledger.broke();
      }
    }
    ledger.begins();
    throw new ToolFailed(tool, "no answer after " + MOST_REPEATS + " repeats");
  }

  /// An acknowledgement is a receipt, not merely an answer.
  static JsonObject receipt(String tool, JsonObject result) {
    if (result.get("receipt") instanceof JsonObject receipt) {
      return receipt;
    }
    throw new ToolFailed(tool, "the answer holds no receipt");
  }

  static long seq(JsonObject receipt) {
    return receipt.get("seq") instanceof JsonNumber(var digits) ? Long.parseLong(digits) : 0;
  }

  private static String text(JsonObject result, String object, String name) {
    return result.get(object) instanceof JsonObject member
            && member.get(name) instanceof JsonString(var text)
        ? text
        : "";
  }
}

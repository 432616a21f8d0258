package dev.planaria.chaos.experiment;

import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.io.IOException;
import java.util.Optional;

/// Two agents and one task: the holder has claimed it, the rival wants it. Whatever the clock does,
/// at most one of them can finish it, and one of them can. Used by one thread.
final class Rivals {

  /// Longer than the shorter steps of the clock, and shorter than the longer ones.
  static final long LEASE_MILLIS = 1_800_000;

  private final Stage stage;
  private final String holder;
  private final String rival;
  private final String task;
  private final String token;

  private Rivals(Stage stage, String holder, String rival, String task, String token) {
    this.stage = stage;
    this.holder = holder;
    this.rival = rival;
    this.task = task;
    this.token = token;
  }

  /// Makes both and the task, and lets the holder claim it.
  ///
  /// @param number of this pair, from 1
  /// @throws IOException when that was refused or not answered
  static Rivals meet(Stage stage, int number) throws IOException, InterruptedException {
    String holder = agent(stage, "holder-" + number);
    String rival = agent(stage, "rival-" + number);
    JsonObject.Builder wanted =
        JsonObject.builder().put("description", "wanted-by-two-" + number).put("max_attempts", 5);
    String task = text(needed(stage.act("task_create", wanted), "task_create"), "task", "task_id");
    String token =
        claim(stage, holder, task).orElseThrow(() -> new IOException("the holder got no lease"));
    return new Rivals(stage, holder, rival, task, token);
  }

  private static String agent(Stage stage, String name) throws IOException, InterruptedException {
    JsonObject.Builder agent = JsonObject.builder().put("type", "worker").put("name", name);
    return text(needed(stage.act("agent_spawn", agent), "agent_spawn"), "agent", "agent_id");
  }

  private static JsonObject needed(Optional<JsonObject> result, String tool) throws IOException {
    return result.orElseThrow(() -> new IOException(tool + " was refused"));
  }

  private static String text(JsonObject result, String object, String name) throws IOException {
    if (result.get(object) instanceof JsonObject inner
        && inner.get(name) instanceof JsonString(String value)) {
      return value;
    }
    throw new IOException("the result holds no " + name);
  }

  private static Optional<String> claim(Stage stage, String agent, String task)
      throws IOException, InterruptedException {
    return stage
        .act(
            "task_claim",
            JsonObject.builder()
                .put("agent_id", agent)
                .put("task_id", task)
                .put("lease_ms", LEASE_MILLIS))
        .map(result -> result.get("lease_token") instanceof JsonString(String lease) ? lease : "");
  }

  /// Lets the rival claim it, then both finish it, and notes what must not be.
  ///
  /// @param jumpMillis how far the clock has jumped since the holder's claim
  void finish(long jumpMillis) throws IOException, InterruptedException {
    Optional<String> taken = claim(stage, rival, task);
    boolean byHolder = complete(token);
    boolean byRival = taken.isPresent() && complete(taken.get());
    String both = holder + " and " + rival + " after a jump of " + jumpMillis + " ms: " + task;
    if (byHolder && (byRival || taken.isPresent())) {
      stage.notes.violation(Violation.Kind.UNFENCED, both + " was held by both");
    } else if (!byHolder && !byRival) {
      stage.notes.violation(Violation.Kind.STUCK, both + " can be finished by none");
    } else if (byRival && jumpMillis < LEASE_MILLIS / 2) {
      stage.notes.violation(
          Violation.Kind.LOST, both + " was taken from its holder before its lease had run out");
    } else {
      stage.notes.tell(
          Moment.Lane.STATE,
          (byHolder ? "the holder" : "the rival, whose turn it was then,")
              + " has finished the task, and the other was refused");
    }
  }

  private boolean complete(String lease) throws IOException, InterruptedException {
    return stage
        .act(
            "task_complete",
            JsonObject.builder()
                .put("task_id", task)
                .put("lease_token", lease)
                .put("result", "done"))
        .isPresent();
  }
}

package dev.planaria.chaos.client;

import dev.planaria.chaos.ledger.Ask;
import dev.planaria.chaos.ledger.Ledger;
import dev.planaria.chaos.ledger.LedgerFull;
import dev.planaria.chaos.ledger.Mark;
import dev.planaria.chaos.ledger.Outcome;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Agents at work in a session: each spawns itself, then creates tasks, claims, updates and
/// completes them, and counts in memory, in an order that the seed decides. Every call has an
/// operation id; one that gets no answer, or the answer that its outcome is unknown, is sent again
/// under the same id, as any careful client would. Everything is written into the ledger.
/// Thread-safe.
public final class Workload implements AutoCloseable {

  /// Where callers keep their counters.
  public static final String NAMESPACE = "chaos";

  private static final long AGAIN_AFTER_MILLIS = 100;
  private static final int HASH_CHARACTERS = 64;
  private static final int TEXT_CHARACTERS = 256;

  private final Surroundings surroundings;
  private final Plan plan;
  private final SessionId session;
  private final Gate gate = new Gate();
  private final List<Thread> threads = new ArrayList<>();

  /// What a workload works with.
  ///
  /// @param client the client whose calls they are; may be another one each time it is asked for
  /// @param ledger where everything is written down
  /// @param guarantees what its callers keep
  /// @param nanoTime a monotonic clock
  public record Surroundings(
      Supplier<ToolClient> client,
      Ledger ledger,
      ClientGuarantees guarantees,
      LongSupplier nanoTime) {}

  /// One that has not begun yet.
  ///
  /// @param surroundings what it works with
  /// @param plan how much is asked
  /// @param session in which session
  public Workload(Surroundings surroundings, Plan plan, SessionId session) {
    this.surroundings = surroundings;
    this.plan = plan;
    this.session = session;
  }

  /// Begins.
  ///
  /// @param seed decides what each caller does
  public void start(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < plan.callers(); i++) {
      var caller = new Caller(i, random.split());
      threads.add(Thread.ofVirtual().name("caller-" + i).start(caller::work));
    }
  }

  /// Begins no further call, and waits until those that are under way have ended.
  ///
  /// @return false when some have not after that time
  public boolean pause(long timeoutMillis) throws InterruptedException {
    return gate.shut(timeoutMillis);
  }

  /// Goes on after [#pause].
  public void goOn() {
    gate.open();
  }

  /// Begins no further call for ever, and waits for those that are under way.
  ///
  /// @return false when some have not ended after that time
  public boolean finish(long timeoutMillis) throws InterruptedException {
    return gate.end(timeoutMillis);
  }

  /// True while somebody is there who would make another call.
  public boolean isAtWork() {
    return threads.stream().anyMatch(Thread::isAlive);
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }

  /// Sends an acknowledged call once more under its operation id.
  ///
  /// @return its receipt now
  /// @throws IOException when no answer came
  /// @throws ToolRefused when it is refused
  public static Receipt repeat(ToolClient client, Ask ask)
      throws IOException, InterruptedException {
    return receipt(ask.tool(), client.call(ask.tool(), ask.arguments()));
  }

  /// The receipt in a result.
  ///
  /// @throws ToolRefused when there is none: an answer without a receipt acknowledges nothing
  /// @throws IOException when there is something else in its place, as behind a link that spoils
  public static Receipt receipt(String tool, JsonObject result) throws IOException {
    try {
      Fields receipt = Fields.of(result).optionalFields("receipt");
      if (receipt == null) {
        throw new ToolRefused(tool, "the answer holds no receipt");
      }
      return new Receipt(
          SessionId.parse(receipt.requiredText("session_id", TEXT_CHARACTERS)),
          receipt.requiredLong("seq", 1, Long.MAX_VALUE),
          Hash.parse(receipt.requiredText("hash", HASH_CHARACTERS)));
    } catch (FieldException | IllegalArgumentException spoilt) {
      throw new IOException("the receipt cannot be read: " + spoilt.getMessage(), spoilt);
    }
  }

  /// The key of a caller's counter.
  ///
  /// @param number of the caller, from 0
  public static String counter(int number) {
    return "counter-" + number;
  }

  /// One of them; runs on a thread of its own.
  private final class Caller {
    private final int number;
    private final SplittableRandom random;
    private long calls;
    private long counted;

    Caller(int number, SplittableRandom random) {
      this.number = number;
      this.random = random;
    }

    void work() {
      try {
        Optional<String> agent = Optional.empty();
        boolean more = true;
        while (more) {
          if (agent.isEmpty()) {
            agent = spawn();
          } else if (random.nextInt(3) == 0) {
            oneTask(agent.get());
          } else {
            count();
          }
          more = gate.enter();
          if (more) {
            gate.leave();
          }
        }
      } catch (LedgerFull full) {
        return; // whoever waits for more is told by the ledger
      } catch (LinkLost lost) {
        return; // it stands in the ledger; a caller whom nobody knows has nothing more to say
      } catch (InterruptedException over) {
        Thread.currentThread().interrupt();
      }
    }

    private Optional<String> spawn() throws InterruptedException {
      String name = "agent-of-" + number + "-" + calls;
      return act(
              "agent_spawn",
              JsonObject.builder().put("type", "worker").put("name", name),
              new Mark.AgentNamed(name))
          .flatMap(result -> text(result, "agent", "agent_id"));
    }

    private void oneTask(String agent) throws InterruptedException {
      String description = "task-of-" + number + "-" + calls;
      Optional<String> task =
          act(
                  "task_create",
                  JsonObject.builder().put("description", description),
                  new Mark.TaskDescribed(description))
              .flatMap(result -> text(result, "task", "task_id"));
      if (task.isEmpty()) {
        return;
      }
      Optional<JsonObject> claimed =
          act(
              "task_claim",
              JsonObject.builder().put("agent_id", agent).put("task_id", task.get()),
              new Mark.ReceiptOnly());
      if (claimed.isEmpty()
          || !(claimed.get().get("lease_token") instanceof JsonString(String lease))) {
        return;
      }
      act("task_update", held(task.get(), lease).put("progress", 50), new Mark.ReceiptOnly());
      act(
          "task_complete",
          held(task.get(), lease).put("result", new JsonString("done by " + number)),
          new Mark.ReceiptOnly());
    }

    private static JsonObject.Builder held(String task, String lease) {
      return JsonObject.builder().put("task_id", task).put("lease_token", lease);
    }

    private void count() throws InterruptedException {
      long value = ++counted;
      String key = counter(number);
      act(
          "memory_store",
          JsonObject.builder()
              .put("namespace", NAMESPACE)
              .put("key", key)
              .put("value", JsonNumber.of(value)),
          new Mark.Counted(new MemoryKey(NAMESPACE, key), value));
    }

    /// Calls until there is an answer, or the deadline has come.
    ///
    /// @return the result when it was acknowledged
    private Optional<JsonObject> act(String tool, JsonObject.Builder arguments, Mark mark)
        throws InterruptedException {
      if (!gate.enter()) {
        return Optional.empty();
      }
      try {
        String operation = "chaos-" + number + "-" + ++calls;
        JsonObject complete =
            arguments.put("session_id", session.toString()).put("operation_id", operation).build();
        surroundings.ledger().sent(new Ask(operation, number, session, tool, complete, mark));
        return asked(operation, tool, complete);
      } finally {
        gate.leave();
        rest(plan.pauseMillis());
      }
    }

    private Optional<JsonObject> asked(String operation, String tool, JsonObject arguments)
        throws InterruptedException {
      Ledger ledger = surroundings.ledger();
      long start = surroundings.nanoTime().getAsLong();
      long deadline = start + TimeUnit.MILLISECONDS.toNanos(plan.callMillis());
      JsonObject sent = arguments;
      for (int attempt = 1; ; attempt++) {
        try {
          JsonObject result = surroundings.client().get().call(tool, sent);
          ledger.acknowledged(operation, receipt(tool, result));
          return Optional.of(result);
        } catch (ToolRefused refused) {
          String reason = String.valueOf(refused.getMessage());
          if (!refused.isOutcomeUnknown()) {
            ledger.ended(operation, new Outcome.Refused(reason));
            return Optional.empty();
          }
          if (surroundings.nanoTime().getAsLong() - deadline >= 0) {
            ledger.ended(operation, new Outcome.Unknown(reason));
            return Optional.empty();
          }
        } catch (LinkLost lost) {
          ledger.ended(operation, new Outcome.Stuck(String.valueOf(lost.getMessage())));
          throw lost;
        } catch (IOException unanswered) {
          if (surroundings.nanoTime().getAsLong() - deadline >= 0) {
            ledger.ended(operation, new Outcome.Stuck(String.valueOf(unanswered.getMessage())));
            return Optional.empty();
          }
        }
        rest(AGAIN_AFTER_MILLIS + random.nextLong(AGAIN_AFTER_MILLIS));
        ledger.sentAgain(operation);
        sent = again(arguments, operation, attempt);
      }
    }

    private JsonObject again(JsonObject arguments, String operation, int attempt) {
      if (surroundings.guarantees().keepOperationId()) {
        return arguments;
      }
      JsonObject.Builder other = JsonObject.builder();
      arguments
          .members()
          .forEach((name, value) -> {
            if (!name.equals("operation_id")) {
              other.put(name, value);
            }
          });
      return other.put("operation_id", operation + "-again-" + attempt).build();
    }
  }

  private static void rest(long millis) throws InterruptedException {
    var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }

  private static Optional<String> text(JsonObject result, String object, String name) {
    return result.get(object) instanceof JsonObject inner
            && inner.get(name) instanceof JsonString(String value)
        ? Optional.of(value)
        : Optional.empty();
  }
}

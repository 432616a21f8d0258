package dev.planaria.app.cli;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a client asked for and was told, and how that compares with what the server did.
/// Thread-safe; [#settle] when nothing is in flight.
final class EchoLedger {

  /// Nobody waits for an answer for longer.
  static final long DEADLINE_MILLIS = 40_000;

  /// What a promise broken is called.
  enum Wrong {
    UNANSWERED,
    ANSWERED_TWICE,
    LATE,
    REFUSED,
    WRONG_ANSWER,
    WRONG_COUNTER,
    RAN_TWICE,
    NOT_RUN,
    OTHER_STORED_ANSWER,
    NEVER_SETTLED,
    QUEUED_AND_NOT_RUN,
    LOSS_NOT_TOLD,
    ORPHAN
  }

  /// What a client was told of a call.
  enum Outcome {
    SUCCESS,
    QUEUED,
    UNKNOWN,
    REFUSED,
    NONE
  }

  /// A call that is to be made.
  ///
  /// @param number what is added, or the milliseconds that an effect takes
  record Planned(String operation, String tool, long number) {

    String arguments() {
      return switch (tool) {
        case "add" -> "{\"n\":" + number + "}";
        case "effect" -> "{\"id\":\"" + operation + "\",\"delayMs\":" + number + "}";
        case "echo" -> "{\"text\":\"" + operation + "\"}";
        default -> "{}";
      };
    }

    boolean changes() {
      return tool.equals("add") || tool.equals("effect");
    }
  }

  /// A call that was made.
  ///
  /// @param text the first text of its result, or the whole message when it is no success
  record Made(
      Planned planned,
      Outcome outcome,
      String text,
      boolean tellsOfLoss,
      long beganNanos,
      long endedNanos) {}

  private final Map<Wrong, Collection<String>> wrongs = new ConcurrentHashMap<>();
  private final Map<String, Made> first = new ConcurrentHashMap<>();
  private final Map<String, Made> last = new ConcurrentHashMap<>();
  private final Path effects;

  /// @param effects the file in which the server writes down what it does
  EchoLedger(Path effects) {
    this.effects = effects;
  }

  /// Notes that something is wrong.
  void wrong(Wrong what, String which) {
    wrongs.computeIfAbsent(what, _ -> new ConcurrentLinkedQueue<>()).add(which);
  }

  /// All that is wrong.
  Map<Wrong, Collection<String>> wrongs() {
    return new TreeMap<>(wrongs);
  }

  /// Makes a call for the first time.
  Made make(EchoCalls client, Planned planned) throws InterruptedException {
    Made made = ask(client, planned);
    first.put(planned.operation(), made);
    last.put(planned.operation(), made);
    if (planned.tool().equals("echo")
        && made.outcome() == Outcome.SUCCESS
        && !made.text().equals(planned.operation())) {
      wrong(Wrong.WRONG_ANSWER, made.toString());
    }
    return made;
  }

  private Made ask(EchoCalls client, Planned planned) throws InterruptedException {
    long began = System.nanoTime();
    List<JsonObject> answers;
    try {
      answers = client.call(planned.operation(), planned.tool(), planned.arguments());
    } catch (IOException | AssertionError e) {
      wrong(Wrong.UNANSWERED, planned + ": " + e);
      return new Made(planned, Outcome.NONE, "", false, began, System.nanoTime());
    }
    long ended = System.nanoTime();
    if (answers.size() != 1) {
      wrong(answers.isEmpty() ? Wrong.UNANSWERED : Wrong.ANSWERED_TWICE, planned + ": " + answers);
    }
    if (ended - began > TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS)) {
      wrong(Wrong.LATE, planned.toString());
    }
    JsonObject answer = answers.isEmpty() ? JsonObject.EMPTY : answers.getFirst();
    Outcome outcome = outcome(answer);
    if (outcome == Outcome.REFUSED) {
      wrong(Wrong.REFUSED, planned + ": " + answer);
    }
    boolean loss = Json.write(answer).contains("started anew");
    String text = outcome == Outcome.SUCCESS ? text(answer) : Json.write(answer);
    return new Made(planned, outcome, text, loss, began, ended);
  }

  private static Outcome outcome(JsonObject answer) {
    if (!(answer.get("result") instanceof JsonObject result)) {
      return answer.has("error") ? Outcome.REFUSED : Outcome.NONE;
    }
    if (result.get("_meta") instanceof JsonObject meta
        && meta.get("dev.planaria/outcome") instanceof JsonString(String told)) {
      return switch (told) {
        case "queued" -> Outcome.QUEUED;
        case "unknown" -> Outcome.UNKNOWN;
        default -> Outcome.REFUSED;
      };
    }
    return JsonBoolean.of(true).equals(result.get("isError")) ? Outcome.REFUSED : Outcome.SUCCESS;
  }

  private static String text(JsonObject answer) {
    return answer.get("result") instanceof JsonObject result
            && result.get("content") instanceof JsonArray(var items)
            && !items.isEmpty()
            && items.getFirst() instanceof JsonObject item
            && item.get("text") instanceof JsonString(String text)
        ? text
        : "";
  }

  /// Asks again for all that is open, and for some that are not: each has one outcome for good.
  void settle(EchoCalls client, List<Made> made) throws InterruptedException {
    int number = 0;
    for (Made call : made) {
      if (!call.planned().changes()) {
        continue;
      }
      boolean open = call.outcome() != Outcome.SUCCESS;
      if (open || number++ % 3 == 0) {
        settle(client, call);
      }
    }
  }

  private void settle(EchoCalls client, Made call) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS);
    Made again = ask(client, call.planned());
    while (again.outcome() == Outcome.QUEUED && System.nanoTime() < until) {
      again = ask(client, call.planned());
    }
    last.put(call.planned().operation(), again);
    boolean told = call.outcome() == Outcome.SUCCESS;
    if (again.outcome() == Outcome.QUEUED || again.outcome() == Outcome.NONE) {
      wrong(Wrong.NEVER_SETTLED, again.toString());
    } else if (call.outcome() == Outcome.QUEUED && again.outcome() != Outcome.SUCCESS) {
      wrong(Wrong.QUEUED_AND_NOT_RUN, call + " then " + again);
    } else if (told && !(again.outcome() == Outcome.SUCCESS && again.text().equals(call.text()))) {
      wrong(Wrong.OTHER_STORED_ANSWER, call + " then " + again);
    }
  }

  /// Checks that calls that change nothing were sent until they were answered.
  void compareReads(List<Made> made) {
    made.stream()
        .filter(call -> !call.planned().changes() && call.outcome() != Outcome.SUCCESS)
        .forEach(call -> wrong(Wrong.REFUSED, call.toString()));
  }

  /// Compares the server's counter with what was added: in a server that was just rebuilt, that is
  /// each addition that was answered with success, and none whose outcome is unknown.
  void compareCounter(EchoCalls client, String operation) throws InterruptedException {
    long sum =
        last.values().stream()
            .filter(
                made -> made.outcome() == Outcome.SUCCESS && made.planned().tool().equals("add"))
            .mapToLong(made -> made.planned().number())
            .sum();
    Made now = make(client, new Planned(operation, "get", 0));
    if (!now.text().equals(Long.toString(sum))) {
      wrong(Wrong.WRONG_COUNTER, now.text() + " is not " + sum);
    }
  }

  /// Waits until the server has begun with an effect.
  void awaitEffect(Planned effect) throws IOException, InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS);
    String begun = effect.operation() + " ";
    while (!Files.exists(effects)
        || Files.readAllLines(effects).stream().noneMatch(line -> line.startsWith(begun))) {
      if (System.nanoTime() > until) {
        throw new AssertionError("not begun: " + effect);
      }
      EchoKills.pause();
    }
  }

  /// Compares what the server has written down with what it was asked for.
  void compareEffects() throws IOException {
    Map<String, Long> ran =
        (Files.exists(effects) ? Files.readAllLines(effects) : List.<String>of())
            .stream()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    ran.forEach((id, times) -> {
      if (times > 1) {
        wrong(Wrong.RAN_TWICE, id + ": " + times);
      }
    });
    for (Made made : last.values()) {
      if (made.planned().tool().equals("effect")
          && made.outcome() == Outcome.SUCCESS
          && !ran.containsKey(made.planned().operation())) {
        wrong(Wrong.NOT_RUN, made.toString());
      }
    }
  }

  /// How many first answers were of each kind.
  Map<Outcome, Long> outcomes() {
    return count(first);
  }

  /// How many calls ended in each way.
  Map<Outcome, Long> settled() {
    return count(last);
  }

  private static Map<Outcome, Long> count(Map<String, Made> calls) {
    return new TreeMap<>(
        new ArrayList<>(calls.values())
            .stream().collect(Collectors.groupingBy(Made::outcome, Collectors.counting())));
  }
}

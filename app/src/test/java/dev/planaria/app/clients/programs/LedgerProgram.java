package dev.planaria.app.clients.programs;

import static dev.planaria.app.clients.programs.LedgerLines.orNothing;
import static dev.planaria.app.clients.programs.LedgerLines.tell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Does the workload with one client until the harness says `stop`, and tells of each call; what
/// `ledger/run.mjs` is for the clients of Node.
final class LedgerProgram {

  /// As many as a session can have.
  private static final int MOST_AGENTS = 1_000;

  private static final int SESSIONS = 3;
  private static final int LONGEST_TEXT = 500;
  private static final int REPEATS = 300;
  private static final long REPEAT_PAUSE_MILLIS = 100;

  private final JavaClient client;
  private final boolean repeat;
  private final CountDownLatch stopping = new CountDownLatch(1);

  private LedgerProgram(JavaClient client, boolean repeat) {
    this.client = client;
    this.repeat = repeat;
  }

  static void run(String[] arguments, JavaClient.Connector connector)
      throws IOException, InterruptedException {
    Map<String, String> options = options(arguments);
    var link = new AtomicReference<@Nullable String>();
    JavaClient client =
        connector.connect(
            option(options, "url"),
            Objects.requireNonNull(System.getenv("PLANARIA_TOKEN")),
            Long.parseLong(option(options, "timeout-millis")),
            id -> {
              if (id != null && !id.equals(link.getAndSet(id))) {
                tell("link", "id", id);
              }
            });
    var program = new LedgerProgram(client, options.containsKey("repeat"));
    List<String> sessions = program.openSessions(option(options, "run"));
    tell("ready", "sessions", sessions);
    program.work(
        new JavaWorkload(option(options, "run"), Long.parseLong(option(options, "seed")), sessions),
        Integer.parseInt(option(options, "in-flight")));
    tell("stopped");
    // The clients' own threads would keep the process alive.
    System.exit(0);
  }

  private static Map<String, String> options(String[] arguments) {
    var options = new HashMap<String, String>();
    for (int i = 0; i < arguments.length; i++) {
      String name = arguments[i].substring("--".length());
      boolean hasValue = i + 1 < arguments.length && !arguments[i + 1].startsWith("--");
      options.put(name, hasValue ? arguments[++i] : "");
    }
    return options;
  }

  private static String option(Map<String, String> options, String name) {
    return Objects.requireNonNull(options.get(name), name);
  }

  private List<String> openSessions(String run) {
    var sessions = new ArrayList<String>();
    for (int i = 0; i < SESSIONS; i++) {
      String name = run + "-" + i;
      // A fast machine spawns more agents than a session allows by itself.
      Map<String, Object> opening =
          Map.of("name", name, "operation_id", name, "config", Map.of("max_agents", MOST_AGENTS));
      var result = client.call("session_open", opening, Map.of());
      sessions.add((String) Objects.requireNonNull(result.content().get("session_id")));
    }
    return sessions;
  }

  private void work(JavaWorkload workload, int inFlight) throws IOException, InterruptedException {
    var slots = new ArrayList<Thread>();
    for (int i = 0; i < inFlight; i++) {
      JavaWorkload.Slot slot = workload.slot(i);
      slots.add(Thread.ofPlatform().name("slot-" + i).start(() -> work(slot)));
    }
    var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine();
        line != null && !line.equals("stop");
        line = commands.readLine()) {
      // There is no other command.
    }
    stopping.countDown();
    for (Thread slot : slots) {
      slot.join();
    }
  }

  private void work(JavaWorkload.Slot slot) {
    while (stopping.getCount() > 0) {
      perform(slot.next());
    }
  }

  private void perform(JavaWorkload.Call call) {
    tell(
        "sent",
        "call",
        call.name(),
        "tool",
        call.tool(),
        "session",
        call.session(),
        "operation",
        orNothing(call.operation()),
        "key",
        orNothing(call.arguments().get("key")),
        "value",
        orNothing(call.arguments().get("value")));
    for (int attempt = 1; attempt <= REPEATS; attempt++) {
      try {
        settle(call, attempt, client.call(call.tool(), call.arguments(), Map.of()));
        return;
      } catch (RuntimeException e) {
        tellOfFailure(call, attempt, e);
        if (!repeat || call.operation() == null) {
          return;
        }
      }
      pause();
    }
  }

  private static void tellOfFailure(JavaWorkload.Call call, int attempt, RuntimeException e) {
    if (attempt == 1) {
      tell("failed", "call", call.name(), "error", shortly(String.valueOf(e)));
    } else if (attempt == 2 || attempt == REPEATS) {
      tell("again", "call", call.name(), "attempt", attempt, "error", shortly(String.valueOf(e)));
    }
  }

  /// A client that returns its time-out as a result is one whose promise was not kept, so that the
  /// call is repeated like any other.
  private static void settle(JavaWorkload.Call call, int attempt, JavaClient.Result result) {
    if (!(result.content().get("receipt") instanceof Map<?, ?> receipt)) {
      if (result.text().contains("timeout")) {
        throw new IllegalStateException("returned: " + result.text());
      }
      tell("refused", "call", call.name(), "text", shortly(result.text()));
      return;
    }
    tell(
        "acknowledged",
        "call",
        call.name(),
        "attempt",
        attempt,
        "receipt",
        receipt,
        "agent",
        idOf(result, "agent", "agent_id"),
        "task",
        idOf(result, "task", "task_id"));
  }

  private static Object idOf(JavaClient.Result result, String thing, String id) {
    return result.content().get(thing) instanceof Map<?, ?> members
        ? orNothing(members.get(id))
        : LedgerLines.NOTHING;
  }

  private void pause() {
    try {
      var _ = stopping.await(REPEAT_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String shortly(String text) {
    return text.substring(0, Math.min(text.length(), LONGEST_TEXT));
  }
}

package dev.planaria.app.cli;

import dev.planaria.app.cli.EchoLedger.Made;
import dev.planaria.app.cli.EchoLedger.Planned;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Some calls, made by several clients at once, under which something is done to the server.
final class EchoLoad {
  private static final int LONGEST_EFFECT_MILLIS = 60;

  /// Longer than a busy machine takes to strike.
  private static final long AIM_MILLIS = 10_000;

  /// How much is asked for.
  ///
  /// @param fewest calls
  /// @param spread up to so many more
  /// @param inFlight at once
  /// @param aimed whether the blow waits for an effect that lasts, and the last calls for the blow
  record Size(int fewest, int spread, int inFlight, boolean aimed) {
    /// For clients that ask quickly, and many blows.
    static final Size USUAL = new Size(30, 30, 6, false);

    /// The same where each blow has to hit.
    Size everyBlowHits() {
      return new Size(fewest, spread, inFlight, true);
    }
  }

  /// Something that is done while calls run.
  interface Blow {
    void strike() throws Exception;
  }

  /// What came of it.
  ///
  /// @param inFlight the calls that were made and not answered when the blow fell
  /// @param doneNanos when the blow was done
  record Struck(List<Made> calls, int inFlight, long doneNanos) {

    /// From the blow to the first good answer to a call that was made after it, in milliseconds; -1
    /// when there was none.
    long firstGoodMillis() {
      return calls.stream()
          .filter(call ->
              call.beganNanos() >= doneNanos && call.outcome() == EchoLedger.Outcome.SUCCESS)
          .mapToLong(call -> (call.endedNanos() - doneNanos) / 1_000_000)
          .min()
          .orElse(-1);
    }
  }

  private final List<Planned> plan;
  private final int before;
  private final int inFlightAtOnce;
  private final @Nullable Planned aim;

  private EchoLoad(List<Planned> plan, int before, int inFlightAtOnce, @Nullable Planned aim) {
    this.plan = plan;
    this.before = before;
    this.inFlightAtOnce = inFlightAtOnce;
    this.aim = aim;
  }

  /// A load.
  ///
  /// @param name begins the operation ids
  static EchoLoad plan(String name, Size size, Random random) {
    int calls = size.fewest() + random.nextInt(size.spread());
    var plan = new ArrayList<Planned>();
    for (int i = 0; i < calls; i++) {
      int dice = random.nextInt(10);
      String tool = dice < 4 ? "add" : dice < 8 ? "effect" : dice == 8 ? "echo" : "get";
      long number =
          tool.equals("add") ? 1 + random.nextInt(1_000) : random.nextInt(LONGEST_EFFECT_MILLIS);
      plan.add(new Planned(name + "-" + i, tool, number));
    }
    int before = 1 + random.nextInt(calls - 2 * size.inFlight());
    Planned aim = size.aimed() ? new Planned(name + "-aim", "effect", AIM_MILLIS) : null;
    return new EchoLoad(plan, before, size.inFlight(), aim);
  }

  /// Makes the calls, and strikes when some of them are answered.
  Struck run(EchoLedger ledger, EchoCalls client, Blow blow) throws Exception {
    var next = new AtomicInteger();
    var made = new ConcurrentLinkedQueue<Made>();
    var answered = new CountDownLatch(before);
    var struck = new CountDownLatch(1);
    int inFlight;
    long done;
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < inFlightAtOnce; i++) {
        running.add(
            clients.submit(() -> {
              for (int n = next.getAndIncrement(); n < plan.size(); n = next.getAndIncrement()) {
                if (aim != null && n >= plan.size() - inFlightAtOnce) {
                  struck.await();
                }
                made.add(ledger.make(client, plan.get(n)));
                answered.countDown();
              }
              return null;
            }));
      }
      try {
        answered.await();
        int aimed = 0;
        if (aim != null) {
          running.add(clients.submit(() -> made.add(ledger.make(client, aim))));
          ledger.awaitEffect(aim);
          aimed = 1;
        }
        inFlight = Math.min(next.get(), plan.size()) + aimed - made.size();
        blow.strike();
        done = System.nanoTime();
      } finally {
        struck.countDown();
      }
      for (Future<?> one : running) {
        join(one);
      }
    }
    return new Struck(List.copyOf(made), inFlight, done);
  }

  private static void join(Future<?> one) throws InterruptedException {
    try {
      one.get();
    } catch (ExecutionException e) {
      throw new AssertionError("a client broke", e);
    }
  }
}

package dev.planaria.chaos.experiment;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.link.LinkInjector;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.Violation;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The specification's `ConnectionDropTest` on the link between callers and daemon, with its three
/// phases: nothing passes and what is asked waits; the link is there again and calls succeed within
/// 60 seconds; what waited is done, once and in order.
public final class ConnectionDrop implements UnderLoad {

  private static final long DEADLINE_MILLIS = 60_000;
  private static final long WORK = 60;

  private static final FaultSpec DROP =
      new FaultSpec(new Fault.Drop(), Target.CLIENT_LINK, 0, 1_500);
  private static final FaultSpec HALF_OPEN =
      new FaultSpec(new Fault.HalfOpen(), Target.CLIENT_LINK, 2_000, 1_500);

  @Override
  public String name() {
    return "connection-drop";
  }

  @Override
  public String description() {
    return "Drops the callers' connections while answers are under way, and lets them go silent."
        + " While it lasts calls wait; within 60 s afterwards they succeed, and what waited is done"
        + " once and in order.";
  }

  @Override
  public long deadlineMillis() {
    return DEADLINE_MILLIS;
  }

  @Override
  public List<FaultSpec> faults(long seed, int cycles) {
    return List.of(DROP, HALF_OPEN);
  }

  @Override
  public void work(Stage stage, List<FaultSpec> faults, RunSettings settings)
      throws IOException, InterruptedException {
    var injector =
        new LinkInjector(stage.link, Target.CLIENT_LINK, new SplittableRandom(settings.seed()));
    for (int i = 0; i < settings.cycles(); i++) {
      for (FaultSpec fault : faults) {
        if (!phases(stage, injector, fault, stage.notes.clocks())) {
          return;
        }
      }
    }
  }

  private static boolean phases(Stage stage, LinkInjector injector, FaultSpec spec, Clocks clocks)
      throws IOException, InterruptedException {
    stage.awaitTurn(spec, WORK);
    long began = stage.notes.atMillis();
    long beganNanos = clocks.nanoTime().getAsLong();
    LinkInjector.Ongoing outage = injector.begin(spec);
    List<String> waiting = offline(stage, spec);
    stage.notes.hit(spec, outage.end(), began);
    long restored = clocks.nanoTime().getAsLong();
    if (!stage.awaitRecovery(new Stage.Spell(beganNanos, restored), DEADLINE_MILLIS)) {
      return false;
    }
    if (!stage.ledger.awaitEnded(waiting, DEADLINE_MILLIS)) {
      stage.notes.violation(
          Violation.Kind.STUCK, "calls that waited for the link have no answer: " + waiting);
      return false;
    }
    stage.notes.tell(Moment.Lane.STATE, "what waited is answered, " + waiting.size() + " calls");
    return true;
  }

  /// @return the calls that wait for the link
  private static List<String> offline(Stage stage, FaultSpec spec)
      throws IOException, InterruptedException {
    if (stage.isReached()) {
      throw new IOException("the daemon is reached through a link that was cut");
    }
    var _ = new CountDownLatch(1).await(spec.lengthMillis(), TimeUnit.MILLISECONDS);
    List<String> waiting = stage.ledger.open();
    if (waiting.isEmpty()) {
      throw new IOException("no call waits for a link that was cut");
    }
    stage.notes.tell(Moment.Lane.STATE, "nothing passes, and " + waiting.size() + " calls wait");
    return waiting;
  }
}

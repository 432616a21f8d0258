package dev.planaria.chaos.simulation;

import dev.planaria.chaos.report.Violation.Kind;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.SessionId;
import java.util.HashMap;
import java.util.Map;

/// A server behind the worker, which counts what it runs. What comes over a link that is broken
/// does not reach it.
final class SimulatedServer {

  private final World world;
  private final Map<CallId, Integer> runs = new HashMap<>();
  private final Map<SessionId, Long> newest = new HashMap<>();
  private boolean up = true;
  private int link;

  SimulatedServer(World world) {
    this.world = world;
  }

  boolean isUp() {
    return up;
  }

  /// The present link; another number is another link.
  int link() {
    return link;
  }

  /// Whatever is on the link is lost.
  void breakLink() {
    link++;
  }

  /// Ends it, or lets it come back.
  void setUp(boolean whether) {
    up = whether;
    link++;
  }

  /// Runs a call that has come over a link. False when it did not arrive.
  boolean run(SessionId session, Call call, int over) {
    if (!up || over != link) {
      return false;
    }
    int times = runs.merge(call.id(), 1, Integer::sum);
    world.log.add("the server runs " + call.id() + " of order " + call.order());
    if (times > 1 && !call.callClass().mayRepeat()) {
      world.violate(Kind.DUPLICATED, "call " + call.id() + " was run " + times + " times");
    }
    long before = newest.merge(session, call.order(), Math::max);
    if (times == 1 && before > call.order()) {
      world.violate(
          Kind.REORDERED,
          "call " + call.id() + " of order " + call.order() + " was run after " + before);
    }
    return true;
  }

  /// How often it has run a call.
  int runs(CallId id) {
    return runs.getOrDefault(id, 0);
  }
}

package dev.planaria.app.clients.check;

import dev.planaria.app.clients.faults.Kill;
import dev.planaria.app.clients.faults.Phase;
import dev.planaria.app.clients.faults.Trace;
import dev.planaria.app.clients.ledger.CallLife;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a series of kills hit, and how long each was felt.
///
/// @param kills how many kills there were
/// @param killsThatHit how many kills hit at least one call in that phase
/// @param callsHit how many calls were hit in that phase
/// @param gapsMillis for each kill the time to the next success that the dead worker had no part
///   in, shortest first
public record KillReport(
    int kills,
    Map<Phase, Integer> killsThatHit,
    Map<Phase, Integer> callsHit,
    List<Double> gapsMillis) {

  /// No client of ours waits longer than this for an answer.
  private static final long LONGEST_CALL_MICROS = 120_000_000;

  /// Looks at every kill with what both sides wrote down.
  public static KillReport of(List<Kill> kills, Trace trace, List<CallLife> calls) {
    var killsThatHit = zeros();
    var callsHit = zeros();
    var gaps = new ArrayList<Double>();
    var bySending = new TreeMap<Long, List<CallLife>>();
    var byAcknowledgement = new TreeMap<Long, List<CallLife>>();
    for (CallLife call : calls) {
      put(bySending, call.sentAtMicros(), call);
      if (call.line().isAcknowledged()) {
        put(byAcknowledgement, call.acknowledgedAtMicros(), call);
      }
    }
    for (Kill kill : kills) {
      var hit = zeros();
      long at = kill.atMicros();
      bySending.subMap(at - LONGEST_CALL_MICROS, true, at, true).values().stream()
          .flatMap(List::stream)
          .filter(call -> call.wasOpenAt(at))
          .forEach(call -> hit.merge(trace.phase(kill.workerPid(), call.name()), 1, Integer::sum));
      hit.forEach((phase, count) -> {
        callsHit.merge(phase, count, Integer::sum);
        killsThatHit.merge(phase, count > 0 ? 1 : 0, Integer::sum);
      });
      byAcknowledgement.tailMap(at, false).values().stream()
          .flatMap(List::stream)
          .filter(call -> trace.phase(kill.workerPid(), call.name()) != Phase.AFTER_RESULT)
          .findFirst()
          .ifPresent(success -> gaps.add((success.acknowledgedAtMicros() - at) / 1000.0));
    }
    gaps.sort(null);
    return new KillReport(kills.size(), killsThatHit, callsHit, List.copyOf(gaps));
  }

  private static void put(TreeMap<Long, List<CallLife>> index, long at, CallLife call) {
    index.computeIfAbsent(at, _ -> new ArrayList<>()).add(call);
  }

  private static EnumMap<Phase, Integer> zeros() {
    var zeros = new EnumMap<Phase, Integer>(Phase.class);
    for (Phase phase : Phase.values()) {
      zeros.put(phase, 0);
    }
    return zeros;
  }

  /// How many of the calls that were hit had been begun by the worker that died.
  public int callsUnderWay() {
    return callsHit.entrySet().stream()
        .filter(hit -> hit.getKey() != Phase.BEFORE_HEADERS)
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /// The gap that so many percent of the kills stay within.
  public double gapMillis(double percent) {
    int index = (int) Math.ceil(gapsMillis.size() * percent / 100) - 1;
    return gapsMillis.get(Math.max(0, index));
  }

  @Override
  public String toString() {
    return "%d kills; kills that hit a call %s; calls hit %s; gap p50 %.0f ms, p99 %.0f ms"
        .formatted(kills, killsThatHit, callsHit, gapMillis(50), gapMillis(99));
  }
}

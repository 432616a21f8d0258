package dev.planaria.chaos.simulation;

import dev.planaria.chaos.report.Violation;
import dev.planaria.chaos.report.Violation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/// What everybody in a simulation shares: time, luck, the log, and what was found to be wrong.
final class World {

  private static final long START_MILLIS = 1_800_000_000_000L;

  final SimulationSettings settings;
  final SplittableRandom luck;
  final Turns turns;
  final EventLog log;
  final Hits hits = new Hits();
  final Life outside = new Life("outside");
  private final List<Violation> violations = new ArrayList<>();
  private long clockOffsetMillis;
  private long ids;
  private boolean calm;

  World(long seed, SimulationSettings settings) {
    this.settings = settings;
    var root = new SplittableRandom(seed);
    this.luck = root.split();
    this.turns = new Turns(root.split(), this::broken);
    this.log = new EventLog(turns::nowMillis);
  }

  /// Something was thrown that nobody expects.
  void broken(Throwable unexpected) {
    violate(Kind.UNSOUND, "something broke that must not: " + unexpected);
    for (StackTraceElement frame : unexpected.getStackTrace()) {
      if (frame.getClassName().startsWith("dev.planaria")) {
        log.add("  at " + frame.getClassName() + '.' + frame.getMethodName());
      }
    }
  }

  /// Unix time as the worker's clock shows it.
  long wallMillis() {
    return START_MILLIS + turns.nowMillis() + clockOffsetMillis;
  }

  void stepClock(long millis) {
    clockOffsetMillis += millis;
  }

  UUID newId() {
    return new UUID(wallMillis() << 16 | 0x7000L, 0x8000_0000_0000_0000L | ++ids);
  }

  String newToken() {
    return settings.guarantees().freshTokens() ? "token-" + ++ids : "token";
  }

  /// A wait of this length on average, most of them shorter.
  long around(long meanMillis) {
    return 1 + (long) (-Math.log(1 - luck.nextDouble()) * meanMillis);
  }

  boolean oneIn(int times) {
    return luck.nextInt(times) == 0;
  }

  <T> T anyOf(List<T> choices) {
    return choices.get(luck.nextInt(choices.size()));
  }

  /// No more faults from here on.
  void calmDown() {
    calm = true;
    log.add("no more faults");
  }

  boolean isCalm() {
    return calm;
  }

  void violate(Kind kind, String sentence) {
    violations.add(new Violation(kind, sentence));
    log.add("VIOLATION " + kind + ": " + sentence);
  }

  List<Violation> violations() {
    return violations;
  }
}

package dev.planaria.bench;

import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.EngineCounts;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Acknowledged operations per second of the engine, with 1, 64 and 512 virtual threads that each
/// wait for their own, next to the disk's ceiling in the same run. Processor time and allocation
/// per operation (the callers' included) say how much is done, whoever else uses the machine and
/// disk.
///
/// Run with `bench/run EngineBench [DIRECTORY [PAIRS [SECONDS [CALLERS]]]]`.
public final class EngineBench {

  private static final List<Integer> CALLERS = List.of(1, 64, 512);
  private static final int ENTRY_BYTES = 350;
  private static final String VALUE = "v".repeat(100);

  private EngineBench() {}

  /// One measured run.
  @SuppressWarnings("ArrayRecordComponent")
  private record Sample(double perSecond, double meanGroup, Cost cost, long[] sortedNanos) {
    double microsAt(double quantile) {
      return sortedNanos[(int) (quantile * (sortedNanos.length - 1))] / 1e3;
    }
  }

  /// Runs the pairs and prints a table.
  ///
  /// @param args where to work, how many pairs, how many seconds each, with how many callers only
  public static void main(String[] args) throws Exception {
    Path parent = Path.of(args.length > 0 ? args[0] : System.getProperty("java.io.tmpdir"));
    int pairs = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    long seconds = args.length > 2 ? Long.parseLong(args[2]) : 3;
    System.out.println(
        "callers  ceiling/s  engine/s (min..max)  share  group  p50 us  p99 us  p99.9 us"
            + "  cpu us/op  bytes/op");
    List<Integer> chosen = args.length > 3 ? List.of(Integer.valueOf(args[3])) : CALLERS;
    for (int callers : chosen) {
      var shares = new ArrayList<Double>();
      var samples = new ArrayList<Sample>();
      var ceilings = new ArrayList<Double>();
      for (int i = 0; i < pairs; i++) {
        double ceiling = ceiling(parent, callers, seconds * 500_000_000L) * callers;
        Sample sample = engine(parent, callers, seconds * 1_000_000_000L);
        ceilings.add(ceiling);
        samples.add(sample);
        shares.add(sample.perSecond() / ceiling);
      }
      report(callers, ceilings, samples, shares);
    }
  }

  private static void report(
      int callers, List<Double> ceilings, List<Sample> samples, List<Double> shares) {
    List<Sample> sorted = new ArrayList<>(samples);
    sorted.sort((a, b) -> Double.compare(a.perSecond(), b.perSecond()));
    Sample median = sorted.get(sorted.size() / 2);
    System.out.printf(
        "%7d  %9.0f  %8.0f (%.0f..%.0f)  %4.1f%%  %5.1f  %6.0f  %6.0f  %8.0f  %9.1f  %8.0f%n",
        callers,
        median(ceilings),
        median.perSecond(),
        sorted.getFirst().perSecond(),
        sorted.getLast().perSecond(),
        100 * median(shares),
        median.meanGroup(),
        median.microsAt(0.5),
        median.microsAt(0.99),
        median.microsAt(0.999),
        median.cost().nanos() / 1e3,
        median.cost().bytes());
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static double ceiling(Path parent, int callers, long nanos) throws IOException {
    Path directory = Files.createTempDirectory(parent, "planaria-bench");
    try (var ceiling = new DiskCeiling(directory, callers * ENTRY_BYTES)) {
      return ceiling.run(nanos);
    } finally {
      delete(directory);
    }
  }

  private static Sample engine(Path parent, int callers, long nanos) throws Exception {
    Path directory = Files.createTempDirectory(parent, "planaria-bench");
    try (SessionEngine engine = BenchEngine.open(directory)) {
      var sessions = new ArrayList<SessionId>();
      for (int i = 0; i < Math.min(callers, 64); i++) {
        sessions.add(
            engine
                .openSession("s" + i, null, SwarmConfiguration.DEFAULT, new Caller("bench", null))
                .state()
                .id());
      }
      drive(engine, sessions, callers, nanos / 2);
      return drive(engine, sessions, callers, nanos);
    } finally {
      delete(directory);
    }
  }

  private static Sample drive(
      SessionEngine engine, List<SessionId> sessions, int callers, long nanos) throws Exception {
    EngineCounts before = engine.figures().counts();
    Cost costBefore = Cost.now();
    long start = System.nanoTime();
    long end = start + nanos;
    var latencies = new long[callers][];
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < callers; i++) {
      int caller = i;
      threads.add(
          Thread.startVirtualThread(() -> latencies[caller] = call(engine, sessions, caller, end)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double took = (System.nanoTime() - start) / 1e9;
    EngineCounts after = engine.figures().counts();
    long[] all = Arrays.stream(latencies).flatMapToLong(Arrays::stream).sorted().toArray();
    return new Sample(
        all.length / took,
        (double) (after.operations() - before.operations())
            / Math.max(1, after.commits() - before.commits()),
        Cost.now().since(costBefore, all.length),
        all);
  }

  private static long[] call(SessionEngine engine, List<SessionId> sessions, int caller, long end) {
    SessionId session = sessions.get(caller % sessions.size());
    long[] latencies = new long[1024];
    int count = 0;
    long now = System.nanoTime();
    while (now < end) {
      var key = new MemoryKey("bench", caller + "-" + count % 100);
      engine.submit(
          session,
          new Command.StoreMemory(key, new JsonString(VALUE), null, null),
          new Caller("bench", null));
      long then = System.nanoTime();
      if (count == latencies.length) {
        latencies = Arrays.copyOf(latencies, count * 2);
      }
      latencies[count++] = then - now;
      now = then;
    }
    return Arrays.copyOf(latencies, count);
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}

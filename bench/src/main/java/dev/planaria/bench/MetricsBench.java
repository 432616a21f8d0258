package dev.planaria.bench;

import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.metrics.Attendance;
import dev.planaria.engine.metrics.EngineMetrics;
import dev.planaria.engine.metrics.KpiMetrics;
import dev.planaria.engine.metrics.Kpis;
import dev.planaria.engine.metrics.Minute;
import dev.planaria.engine.metrics.MinuteBook;
import dev.planaria.engine.metrics.RecoverySamples;
import dev.planaria.engine.metrics.Window;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/// What it costs an engine to be measured: acknowledged operations per second with everything that
/// a worker does for figures, as often as it does (a probe and a slot of the book each second, the
/// key figures each five seconds, all meters each fifteen) and without any of it, on one engine in
/// turns. The counters that the engine keeps by itself are in both.
///
/// Run with `bench/run MetricsBench [DIRECTORY [PAIRS [SECONDS [CALLERS]]]]`.
public final class MetricsBench {

  private static final List<Integer> CALLERS = List.of(1, 64, 512);
  private static final String VALUE = "v".repeat(100);

  /// As the worker's readings for alerts.
  private static final int FIGURES_SECONDS = 5;

  /// As Prometheus scrapes, unless it is told otherwise.
  private static final int SCRAPE_SECONDS = 15;

  private MetricsBench() {}

  private record Sample(double perSecond, Cost cost) {}

  private record Pair(Sample without, Sample with) {
    double share() {
      return with.perSecond() / without.perSecond();
    }

    double processor() {
      return with.cost().nanos() / without.cost().nanos();
    }
  }

  /// Runs the pairs and prints a table.
  ///
  /// @param args where to work, how many pairs, how many seconds each half, how many callers only
  public static void main(String[] args) throws Exception {
    Path parent = Path.of(args.length > 0 ? args[0] : System.getProperty("java.io.tmpdir"));
    int pairs = args.length > 1 ? Integer.parseInt(args[1]) : 7;
    long nanos =
        TimeUnit.SECONDS.toNanos(args.length > 2 ? Long.parseLong(args[2]) : SCRAPE_SECONDS);
    System.out.println(
        "callers  without/s  with/s  share (min..max)  processor per operation (min..max)");
    Path directory = Files.createTempDirectory(parent, "planaria-bench");
    try (SessionEngine engine = BenchEngine.open(directory)) {
      List<Integer> chosen = args.length > 3 ? List.of(Integer.valueOf(args[3])) : CALLERS;
      for (int callers : chosen) {
        measure(engine, directory, callers, pairs, nanos);
      }
    } finally {
      delete(directory);
    }
  }

  private static void measure(
      SessionEngine engine, Path directory, int callers, int pairs, long nanos) throws Exception {
    var sessions = new ArrayList<SessionId>();
    for (int i = 0; i < Math.min(callers, 64); i++) {
      var caller = new Caller("bench", null);
      sessions.add(
          engine.openSession("s" + i, null, SwarmConfiguration.DEFAULT, caller).state().id());
    }
    drive(engine, sessions, callers, nanos);
    var measured = new ArrayList<Pair>();
    for (int i = 0; i < pairs; i++) {
      // The first of the two changes, since whoever comes second finds a larger store.
      if (i % 2 == 0) {
        Sample without = drive(engine, sessions, callers, nanos);
        measured.add(new Pair(without, watched(engine, directory, sessions, callers, nanos)));
      } else {
        Sample with = watched(engine, directory, sessions, callers, nanos);
        measured.add(new Pair(drive(engine, sessions, callers, nanos), with));
      }
    }
    System.out.printf(
        "%7d  %9.0f  %6.0f  %.3f (%.3f..%.3f)  %.3f (%.3f..%.3f)%n",
        callers,
        at(0.5, measured, pair -> pair.without().perSecond()),
        at(0.5, measured, pair -> pair.with().perSecond()),
        at(0.5, measured, Pair::share),
        at(0, measured, Pair::share),
        at(1, measured, Pair::share),
        at(0.5, measured, Pair::processor),
        at(0, measured, Pair::processor),
        at(1, measured, Pair::processor));
  }

  private static double at(double quantile, List<Pair> pairs, ToDoubleFunction<Pair> of) {
    double[] sorted = pairs.stream().mapToDouble(of).sorted().toArray();
    return sorted[(int) (quantile * (sorted.length - 1))];
  }

  private static Sample watched(
      SessionEngine engine, Path directory, List<SessionId> sessions, int callers, long nanos)
      throws Exception {
    var end = new CountDownLatch(1);
    Thread watching =
        Thread.ofPlatform().name("figures").start(() -> watch(engine, directory, end));
    try {
      return drive(engine, sessions, callers, nanos);
    } finally {
      end.countDown();
      watching.join();
    }
  }

  private static void watch(SessionEngine engine, Path directory, CountDownLatch end) {
    var registry = new SimpleMeterRegistry();
    try (MinuteBook book = MinuteBook.open(directory.resolve("minutes"))) {
      var samples = new RecoverySamples();
      samples.load(engine.figures(), System.currentTimeMillis());
      new EngineMetrics(engine).bindTo(registry);
      var day = new Kpis[1];
      var attendance =
          new Attendance(
              book,
              new Attendance.Surroundings(System::currentTimeMillis, System::nanoTime),
              new Attendance.Totals(() -> Attendance.counted(engine.figures()), null));
      var read = new AtomicLong();
      int second = 0;
      do {
        attendance.runOnce(() -> {
          engine.probe();
          return true;
        });
        if (second % FIGURES_SECONDS == 0) {
          long now = System.currentTimeMillis();
          List<Minute> minutes = book.read(now).minutes();
          for (Window window : Window.values()) {
            day[0] = Kpis.over(window, now, samples.inOrder(now), minutes);
          }
        }
        if (second == 0) {
          new KpiMetrics(_ -> day[0]).bindTo(registry);
        }
        if (second % SCRAPE_SECONDS == 0) {
          for (Meter meter : registry.getMeters()) {
            meter.measure().forEach(measurement -> read.addAndGet((long) measurement.getValue()));
          }
        }
        second++;
      } while (!end.await(1, TimeUnit.SECONDS));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Sample drive(
      SessionEngine engine, List<SessionId> sessions, int callers, long nanos) throws Exception {
    Cost before = Cost.now();
    long start = System.nanoTime();
    var counts = new AtomicLong();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < callers; i++) {
      int caller = i;
      threads.add(
          Thread.startVirtualThread(
              () -> counts.addAndGet(call(engine, sessions, caller, start + nanos))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double took = (System.nanoTime() - start) / 1e9;
    return new Sample(counts.get() / took, Cost.now().since(before, counts.get()));
  }

  private static long call(SessionEngine engine, List<SessionId> sessions, int caller, long end) {
    SessionId session = sessions.get(caller % sessions.size());
    long count = 0;
    while (System.nanoTime() < end) {
      var key = new MemoryKey("bench", caller + "-" + count % 100);
      engine.submit(
          session,
          new Command.StoreMemory(key, new JsonString(VALUE), null, null),
          new Caller("bench", null));
      count++;
    }
    return count;
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}

package dev.planaria.chaos.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.JournalException;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.storage.sqlite.SqliteStore;
import dev.planaria.engine.storage.sqlite.StoreBehindWitness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Takes the power away from a store on real SQLite at random moments of a traced run, from its
/// first byte on: what was written and not synced is lost, in part or as a whole, and nothing that
/// was acknowledged is.
///
/// `EngineCrashTest` shows the same on the simulated store, where nothing can be traced.
class PowerLossTest {

  /// How many moments; each is tried with every kind of loss.
  private static final int MOMENTS = Integer.getInteger("planaria.powerLosses", 24);

  private static final long LIMIT_SECONDS = 120;

  @TempDir Path directory;
  private final long seed = Long.getLong("planaria.seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);
  private int images;

  private static boolean isStore(String file) {
    return isDatabase(file) || file.equals(SqliteStore.WITNESS);
  }

  private static boolean isDatabase(String file) {
    return file.equals(SqliteStore.DATABASE) || file.equals(SqliteStore.DATABASE + "-wal");
  }

  private static boolean canTrace() throws InterruptedException {
    try {
      Process probe =
          new ProcessBuilder("strace", "-qq", "-o", "/dev/null", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return probe.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && probe.exitValue() == 0;
    } catch (IOException noStrace) {
      return false;
    }
  }

  private Trace traced() throws IOException, InterruptedException {
    assumeTrue(canTrace(), "SKIPPED: strace is not here, or may not trace");
    Path data = Files.createDirectories(directory.resolve("data")).toRealPath();
    Path trace = directory.resolve("trace");
    var words = new ArrayList<>(Tracer.words(trace));
    words.addAll(
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path", "")),
            TracedWorkload.class.getName(),
            data.toString()));
    Process child =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    assertThat(child.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("the child ends").isTrue();
    Trace traced =
        Tracer.read(
            trace, data, file -> isStore(file) || file.equals(TracedWorkload.SAID), Map.of());
    assertThat(acknowledged(traced, traced.moments()))
        .as("what the child was told; it said %s", Files.readString(directory.resolve("output")))
        .hasSize(TracedWorkload.OPERATIONS);
    return traced;
  }

  /// Seqs by operation id, as the process had written them down up to a moment.
  private static Map<String, Long> acknowledged(Trace trace, int moment) {
    var acknowledged = new HashMap<String, Long>();
    String said = new String(trace.seen(TracedWorkload.SAID, moment), StandardCharsets.UTF_8);
    for (String line : said.lines().toList()) {
      int space = line.indexOf(' ');
      acknowledged.put(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
    }
    return acknowledged;
  }

  private Path write(Trace.Image image) throws IOException {
    Path after = Files.createDirectory(directory.resolve("image-" + images++));
    for (Map.Entry<String, byte[]> file : image.files().entrySet()) {
      if (isStore(file.getKey())) {
        Files.write(after.resolve(file.getKey()), file.getValue());
      }
    }
    return after;
  }

  /// Seqs by operation id, as a store holds them; it is verified on the way.
  private static Map<String, Long> stored(Path data, String what) {
    var stored = new HashMap<String, Long>();
    try (SessionEngine engine = TracedWorkload.open(data)) {
      engine
          .find(TracedWorkload.SESSION)
          .ifPresent(session ->
              engine.journal(
                  session.id(),
                  1,
                  Integer.MAX_VALUE,
                  entry ->
                      assertThat(stored.put(entry.operationId(), entry.seq()))
                          .as("%s: %s is there twice", what, entry.operationId())
                          .isNull()));
      assertThat(engine.verify().findings()).as(what).isEmpty();
    }
    return stored;
  }

  @Test
  void a_power_loss_takes_nothing_that_was_acknowledged() throws Exception {
    Trace traced = traced();
    var hits = new EnumMap<Loss, Integer>(Loss.class);
    long demanded = 0;
    for (int i = 0; i < MOMENTS; i++) {
      int moment = random.nextInt(traced.moments() + 1);
      Map<String, Long> told = acknowledged(traced, moment);
      for (Loss loss : Loss.values()) {
        String what = "seed " + seed + ", moment " + moment + ", " + loss;
        Trace.Image image = traced.image(moment, loss, DiskGuarantees.ALL, random);
        hits.merge(loss, image.lossy() ? 1 : 0, Integer::sum);
        assertThat(stored(write(image), what)).as(what).containsAllEntriesOf(told);
        demanded += told.size();
      }
    }
    System.out.println(
        "power losses: seed "
            + seed
            + ", images that lost something "
            + hits
            + ", "
            + demanded
            + " acknowledged and there");
    assertThat(hits).allSatisfy((_, count) -> assertThat(count).isPositive());
    assertThat(demanded).isPositive();
    assertThat(traced.vulnerable(1, PowerLossTest::isDatabase)).isNotEmpty();
  }

  @Test
  void a_log_that_is_not_synced_loses_some_or_the_witness_tells() throws Exception {
    Trace traced = traced();
    int lost = 0;
    int told = 0;
    for (int i = 0; i < MOMENTS; i++) {
      int moment = random.nextInt(traced.moments() + 1);
      Path after = write(traced.image(moment, Loss.ALL, new DiskGuarantees(false), random));
      try {
        Map<String, Long> stored = stored(after, "not synced");
        lost +=
            (int)
                acknowledged(traced, moment).keySet().stream()
                    .filter(operation -> !stored.containsKey(operation))
                    .count();
      } catch (StoreBehindWitness | JournalException | DamagedException refused) {
        told++;
      }
    }
    System.out.println(
        "power losses without syncs: seed "
            + seed
            + ", "
            + lost
            + " lost unnoticed, "
            + told
            + " stores refused");
    assertThat(lost + told).isPositive();
  }
}

package dev.planaria.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.EngineEnvironment;
import dev.planaria.engine.session.EngineEvent;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.StoreUnavailable;
import dev.planaria.engine.session.TestEnvironment;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example of the documentation: a Java application that uses the engine as a library and has
/// meters of its own.
class EmbeddingTest {

  private static final Path DOCUMENTATION = Path.of("../docs/metrics.md");
  private static final Path SOURCE =
      Path.of("src/test/java/dev/planaria/engine/metrics/EmbeddingTest.java");

  private final TestEnvironment world = new TestEnvironment();
  private final MeterRegistry registry = new SimpleMeterRegistry();

  private static boolean isServing(SessionEngine engine) {
    try {
      engine.probe();
      return true;
    } catch (StoreUnavailable e) {
      return false;
    }
  }

  private void work(SessionEngine engine, Kpis day) {
    var caller = new Caller("application", null);
    SessionId id =
        engine.openSession("mine", null, SwarmConfiguration.DEFAULT, caller).state().id();
    engine.submit(
        id,
        new Command.StoreMemory(new MemoryKey("n", "k"), new JsonString("v"), null, null),
        caller);
    engine.checkpoint(id, null);
    assertThat(day.availability()).isEqualTo(1.0);
    assertThat(value("planaria.operations")).isEqualTo(2);
    assertThat(value("planaria.commit.duration")).isEqualTo(2);
    assertThat(registry.get("planaria.checkpoints").tag("kind", "full").functionCounter().count())
        .isEqualTo(1);
    assertThat(registry.get("planaria.kpi.availability.ratio").tag("window", "24h").gauge().value())
        .isEqualTo(1.0);
    assertThat(
            registry
                .get("planaria.sessions")
                .tag("state", "active")
                .tag("tier", "resident")
                .gauge()
                .value())
        .isEqualTo(1);
  }

  /// A count, or how often something was timed.
  private double value(String name) {
    return registry.get(name).meter().measure().iterator().next().getValue();
  }

  @Test
  void an_application_binds_the_figures_to_its_own_meters(@TempDir Path data) throws IOException {
    EngineEnvironment surroundings = world.environment();
    LongSupplier clock = world::nowMillis;
    var samples = new RecoverySamples();
    var damage = new ArrayList<Finding>();
    EngineEnvironment environment =
        surroundings.heardBy(event -> {
          samples.accept(event);
          if (event instanceof EngineEvent.DamageFound(Finding finding)) {
            damage.add(finding);
          }
        });
    try (SessionEngine engine =
            SessionEngine.open(data, EngineSettings.DEFAULT, environment, null);
        MinuteBook book = MinuteBook.open(data.resolve("minutes"))) {
      new EngineMetrics(engine).bindTo(registry);
      samples.load(engine.figures(), clock.getAsLong());
      var attendance =
          new Attendance(
              book,
              new Attendance.Surroundings(clock, surroundings.nanoTime()),
              new Attendance.Totals(() -> Attendance.counted(engine.figures()), null));
      attendance.runOnce(() -> isServing(engine)); // once a second, on a thread of its own
      Kpis day =
          Kpis.over(
              Window.DAY,
              clock.getAsLong(),
              samples.inOrder(clock.getAsLong()),
              book.read(clock.getAsLong()).minutes());
      new KpiMetrics(_ -> day).bindTo(registry); // compute them anew now and then
      work(engine, day);
      attendance.endInOrder();
    }
    assertThat(damage).isEmpty();
  }

  @Test
  void the_example_of_the_documentation_is_the_one_above() throws IOException {
    String text = Files.readString(DOCUMENTATION);
    int begin = text.indexOf("```java\n") + "```java\n".length();
    String example = text.substring(begin, text.indexOf("```", begin));
    assertThat(example.lines()).hasSizeGreaterThan(20);
    assertThat(words(Files.readString(SOURCE))).contains(words(example));
  }

  /// However the lines are broken.
  private static String words(String text) {
    return text.replaceAll("\\s+", "");
  }
}

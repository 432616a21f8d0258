package dev.planaria.app.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `session_health` says beyond the checks: where things go, and what may go wrong next.
class HealthToolTest {
  private ToolBench bench;

  @BeforeEach
  void start(@TempDir Path directory) {
    bench = new ToolBench(directory);
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void tasks_that_pile_up_are_a_trend_and_risks_have_figures() {
    bench.good("task_create", "{'description':'x'}");
    var first = bench.good("session_health", "{}");
    assertThat(first.at("checks/5/trend")).isEqualTo("unknown");
    assertThat(first.at("risks/0/risk")).isEqualTo("memory_pressure");
    assertThat(first.at("risks/0/value")).isEqualTo("0.0");
    assertThat(first.at("risks/2/value")).as("no call has ended").isEqualTo("null");
    bench.nowMillis.addAndGet(120_000);
    assertThat(bench.good("session_health", "{}").at("checks/5/trend")).isEqualTo("steady");
    bench.good("task_create", "{'description':'y'}");
    bench.nowMillis.addAndGet(40_000);
    assertThat(bench.good("session_health", "{}").at("checks/5/trend")).isEqualTo("worse");
    bench.good("agent_spawn", "{'type':'a'}");
    var better = bench.good("session_health", "{}");
    assertThat(better.at("checks/5/trend")).isEqualTo("better");
    assertThat(better.at("status")).isEqualTo("ok");
  }
}

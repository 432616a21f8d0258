package dev.planaria.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.alerts.AlertType;
import dev.planaria.app.alerts.Thresholds;
import dev.planaria.app.clients.processes.DebianPackage;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The files for other programs say what the product says, and those programs understand them.
class DeployTest {
  private static final Path DEPLOY = root().resolve("deploy");

  private static final DebianPackage PROMETHEUS =
      new DebianPackage("prometheus", List.of("promtool"), "no rule of Prometheus is tried");

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("deploy"))) {
      Path above = at.getParent();
      if (above == null) {
        throw new AssertionError("no directory deploy above the tests");
      }
      at = above;
    }
    return at;
  }

  private static String text(String file) throws IOException {
    return Files.readString(DEPLOY.resolve(file));
  }

  @Test
  @Timeout(300)
  void promtool_accepts_the_rules_and_each_fires_beyond_its_threshold_and_not_at_it(
      @TempDir Path scratch) throws Exception {
    String promtool = PROMETHEUS.ready(scratch).toString();
    assertThat(run(scratch, promtool, "check", "rules", "planaria-rules.yml")).contains("SUCCESS");
    assertThat(run(scratch, promtool, "test", "rules", "planaria-rules-test.yml"))
        .contains("SUCCESS")
        .doesNotContain("FAILED");
  }

  private static final DebianPackage SYSTEMD =
      new DebianPackage("systemd", List.of("systemd-analyze"), "no systemd reads the unit");

  @Test
  @Timeout(300)
  void systemd_understands_the_unit_and_refuses_one_with_a_word_that_it_does_not_know(
      @TempDir Path scratch) throws Exception {
    String analyze = SYSTEMD.ready(scratch).toString();
    Path program = Files.createFile(scratch.resolve("planaria"));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    // What is to be started is where it was installed, which is not here.
    String unit =
        text("systemd/planaria.service").replaceAll("(?m)^ExecStart=\\S+", "ExecStart=" + program);
    Path good = Files.writeString(scratch.resolve("planaria.service"), unit);
    assertThat(run(scratch, analyze, "verify", good.toString())).isBlank();
    Path bad =
        Files.writeString(
            scratch.resolve("bad.service"), unit.replace("[Service]", "[Service]\nColour=blue"));
    assertThat(run(scratch, analyze, "verify", bad.toString())).contains("Colour");
  }

  private static String run(Path scratch, String... words) throws Exception {
    File said = Files.createTempFile(scratch, "promtool", ".txt").toFile();
    Process process =
        new ProcessBuilder(words)
            .directory(DEPLOY.resolve("prometheus").toFile())
            .redirectErrorStream(true)
            .redirectOutput(said)
            .start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String output = Files.readString(said.toPath(), StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  @Test
  void the_rules_have_the_thresholds_of_the_product() throws IOException {
    Thresholds thresholds = Thresholds.DEFAULT;
    String rules = text("prometheus/planaria-rules.yml");
    assertThat(rules)
        .contains("< " + (1 - thresholds.recoveryFailures().fire()))
        .contains("> " + Math.round(thresholds.recoveryMillis().fire() / 1_000) + "\n")
        .contains("> " + thresholds.loss().fire() + "\n")
        .contains("< " + thresholds.availability().fire() + "\n");
  }

  @Test
  void the_dashboard_is_json_whose_panels_ask_something() throws IOException {
    JsonObject dashboard =
        Json.parseObject(text("grafana/planaria-dashboard.json"), JsonLimits.DEFAULT);
    assertThat(dashboard.get("panels")).isInstanceOf(JsonArray.class);
    List<String> metrics = new ArrayList<>();
    Pattern.compile("planaria_[a-z_]+")
        .matcher(Json.write(dashboard))
        .results()
        .forEach(found -> metrics.add(found.group()));
    assertThat(metrics)
        .contains(
            "planaria_kpi_recovery_success_ratio",
            "planaria_kpi_time_to_recovery_mean_seconds",
            "planaria_kpi_data_loss_ratio",
            "planaria_kpi_availability_ratio",
            "planaria_alerts_firing");
  }

  @Test
  void every_type_of_alert_is_explained_to_operators() throws IOException {
    String page = Files.readString(DEPLOY.resolveSibling("docs").resolve("operations.md"));
    for (AlertType type : AlertType.values()) {
      assertThat(page).contains("`" + type + "`");
    }
  }
}

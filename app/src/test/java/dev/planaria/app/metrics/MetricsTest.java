package dev.planaria.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.app.gateway.Ask;
import dev.planaria.app.gateway.Reply;
import dev.planaria.app.gateway.TestWorker;
import dev.planaria.app.metrics.Exposition.Family;
import dev.planaria.app.metrics.Exposition.Sample;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What Prometheus is told.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsTest {
  private TestWorker worker;

  @BeforeAll
  void start(@TempDir Path directory) {
    worker = TestWorker.on(directory);
    worker.send(Ask.modernCall("session_open", "{\"name\":\"a \\\"b\\\"\"}"));
    for (int i = 0; i < 20; i++) {
      String value = "{\"key\":\"k" + i + "\",\"value\":\"vvvv\",\"session_id\":\"a \\\"b\\\"\"}";
      assertThat(worker.send(Ask.modernCall("memory_store", value)).status()).isEqualTo(200);
    }
    worker.send(Ask.modernCall("session_checkpoint", "{\"session_id\":\"a \\\"b\\\"\"}"));
  }

  @AfterAll
  void stop() {
    worker.close();
  }

  private Reply scrape(String token) {
    return worker.send(Ask.of("GET", "/metrics").instead("Authorization", "Bearer " + token));
  }

  private Map<String, Family> families() {
    return Exposition.parse(scrape(TestWorker.OPERATOR_TOKEN).body());
  }

  private static double value(Map<String, Family> families, String family, String... labels) {
    var wanted = Map.of(labels.length > 0 ? labels[0] : "", labels.length > 0 ? labels[1] : "");
    List<Sample> found =
        Objects.requireNonNull(families.get(family), family).samples().stream()
            .filter(sample ->
                labels.length == 0 || sample.labels().entrySet().containsAll(wanted.entrySet()))
            .toList();
    assertThat(found).as(family + wanted).hasSize(1);
    return found.getFirst().value();
  }

  @Test
  void everything_parses_and_says_what_has_happened() {
    Map<String, Family> families = families();
    assertThat(value(families, "planaria_operations_total")).isGreaterThanOrEqualTo(21);
    assertThat(value(families, "planaria_checkpoints_total", "kind", "full")).isEqualTo(1);
    assertThat(value(families, "planaria_checkpoint_written_bytes_total")).isPositive();
    assertThat(value(families, "planaria_store_bytes")).isPositive();
    assertThat(value(families, "planaria_store_openings_total")).isEqualTo(1);
    assertThat(value(families, "planaria_worker_heap_used_bytes")).isPositive();
    assertThat(value(families, "planaria_kpi_recoveries", "window", "24h")).isZero();
    assertThat(value(families, "planaria_kpi_recovery_success_ratio", "window", "24h")).isNaN();
    assertThat(Objects.requireNonNull(families.get("planaria_commit_duration_seconds")).type())
        .isEqualTo("histogram");
    assertThat(Objects.requireNonNull(families.get("planaria_checkpoint_duration_seconds")).type())
        .isEqualTo("histogram");
  }

  @Test
  void labels_are_few_and_name_no_session() {
    worker.send(Ask.modernCall("session_open", "{\"name\":\"another\"}"));
    Map<String, Family> families = families();
    assertThat(families.keySet()).allMatch(name -> name.startsWith("planaria_"));
    Set<String> labels =
        families.values().stream()
            .flatMap(family -> family.samples().stream())
            .flatMap(sample -> sample.labels().keySet().stream())
            .collect(Collectors.toSet());
    assertThat(labels)
        .isSubsetOf(
            "window", "state", "tier", "type", "outcome", "kind", "verdict", "le", "severity");
    long samples = families.values().stream().mapToLong(family -> family.samples().size()).sum();
    assertThat(samples).isLessThan(300);
    String text = scrape(TestWorker.OPERATOR_TOKEN).body();
    assertThat(text).doesNotContain("another").doesNotContain(TestWorker.OPERATOR_TOKEN);
  }

  @Test
  void the_token_of_the_client_metrics_reads_metrics_and_nothing_else() throws Exception {
    worker.clientTokens("metrics " + sha256("m-token") + "\nother " + sha256("o-token") + "\n");
    Reply read = scrape("m-token");
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.headers()).containsEntry("Content-Type", Scrape.TYPE);
    assertThat(scrape("o-token").status()).isEqualTo(403);
    assertThat(scrape("nobody's").status()).isEqualTo(401);
    String bearer = "Bearer m-token";
    assertThat(
            worker
                .send(Ask.modernCall("session_list", "{}").instead("Authorization", bearer))
                .status())
        .isEqualTo(403);
    assertThat(
            worker.send(Ask.of("GET", "/api/v1/status").instead("Authorization", bearer)).status())
        .isEqualTo(403);
    assertThat(worker.send(Ask.of("POST", "/metrics")).status()).isEqualTo(405);
    assertThat(worker.isServing()).isTrue();
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void the_reader_of_this_test_is_strict() {
    String good = "# HELP a_total x\n# TYPE a_total counter\na_total{b=\"c\"} 1.0\n";
    assertThat(Exposition.parse(good)).containsKey("a_total");
    for (String bad :
        List.of(
            good.stripTrailing(),
            good + "a_total{b=\"c\"} 2.0\n",
            good + "b_total 2.0\n",
            good.replace("1.0", "one"),
            good.replace("1.0", "-1.0"),
            good.replace("\"c\"", "c"),
            good.replace("counter", "counters"),
            good.replace("a_total", "a"),
            good.replace("{b=\"c\"}", "{b=\"c\",b=\"c\"}"))) {
      assertThatThrownBy(() -> Exposition.parse(bad)).isInstanceOf(AssertionError.class);
    }
  }
}

package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.clients.WorkerGuarantees;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How long a link lives, and for whom.
class LinksTest {
  private static final long DAY = 86_400_000;
  private static final Ask PING =
      Ask.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{}}");

  @TempDir private Path directory;
  private TestWorker worker;

  @BeforeEach
  void start() {
    worker = TestWorker.on(directory);
  }

  @AfterEach
  void stop() {
    worker.close();
  }

  @Test
  void a_link_outlives_the_process() {
    String link = worker.link("2025-11-25");
    worker.restart();
    assertThat(worker.send(PING.over(link)).status()).isEqualTo(200);
  }

  @Test
  void a_worker_that_forgets_links_is_caught() {
    var careless = new WorkerGuarantees(true, true, true, false);
    worker.close();
    worker = TestWorker.on(directory, careless, _ -> List.of());
    String link = worker.link("2025-11-25");
    assertThat(worker.send(PING.over(link)).status()).isEqualTo(200);
    worker.restart();
    assertThat(worker.send(PING.over(link)).status()).isEqualTo(404);
  }

  @Test
  void delete_ends_the_link_and_never_a_session() {
    String link = worker.link("2025-11-25");
    worker.call(link, 1, "agent_spawn", "{\"type\":\"coder\"}");
    assertThat(worker.send(Ask.of("DELETE", "/mcp").over(link)).status()).isEqualTo(200);
    assertThat(worker.send(PING.over(link)).status()).isEqualTo(404);
    assertThat(worker.send(Ask.of("DELETE", "/mcp").over(link)).status()).isEqualTo(404);
    assertThat(
            worker
                .call(worker.link("2025-11-25"), 1, "agent_list", "{}")
                .at("result/structuredContent/agents/0/type"))
        .isEqualTo("coder");
  }

  @Test
  void a_link_expires_after_30_idle_days_and_not_before() {
    String used = worker.link("2025-11-25");
    String idle = worker.link("2025-11-25");
    for (int i = 0; i < 4; i++) {
      worker.pass(10 * DAY);
      assertThat(worker.send(PING.over(used)).status()).as("day %d", 10 * i).isEqualTo(200);
    }
    assertThat(worker.send(PING.over(idle)).status()).isEqualTo(404);
    worker.pass(30 * DAY);
    assertThat(worker.send(PING.over(used)).status()).isEqualTo(200);
    worker.pass(32 * DAY);
    assertThat(worker.send(PING.over(used)).status()).isEqualTo(404);
    assertThat(worker.isServing()).isTrue();
  }

  @Test
  void a_link_that_is_used_is_written_once_a_day() {
    String link = worker.link("2025-11-25");
    long before = worker.journalled();
    for (int i = 0; i < 10; i++) {
      worker.send(PING.over(link));
    }
    assertThat(worker.journalled()).isEqualTo(before);
    worker.pass(DAY);
    worker.send(PING.over(link));
    worker.send(PING.over(link));
    assertThat(worker.journalled()).isEqualTo(before + 1);
  }

  @Test
  void a_link_belongs_to_the_principal_that_opened_it() throws Exception {
    worker.clientTokens("alice " + sha256("a") + "\nbob " + sha256("b") + "\n");
    String link = worker.link("2025-11-25", "a");
    assertThat(worker.send(PING.over(link).instead("Authorization", "Bearer a")).status())
        .isEqualTo(200);
    assertThat(worker.send(PING.over(link).instead("Authorization", "Bearer b")).status())
        .isEqualTo(404);
    assertThat(worker.send(PING.over(link)).status()).as("even the operator").isEqualTo(404);
    Ask end = Ask.of("DELETE", "/mcp").over(link);
    assertThat(worker.send(end.instead("Authorization", "Bearer b")).status()).isEqualTo(404);
    assertThat(worker.send(PING.over(link).instead("Authorization", "Bearer a")).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "../../etc/passwd",
        "..%2f..%2f",
        "' OR 1=1 --",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "con",
        "-"
      })
  void an_id_that_was_never_issued_is_not_found(String id) {
    worker.link("2025-11-25");
    assertThat(worker.send(PING.over(id)).status()).isEqualTo(404);
    assertThat(worker.send(PING.over(id.repeat(100))).status()).isEqualTo(404);
    assertThat(worker.isServing()).isTrue();
  }

  @Test
  void a_link_id_in_another_case_is_another() {
    String link = worker.link("2025-11-25");
    assertThat(worker.send(PING.over(link.toLowerCase(Locale.ROOT))).status()).isEqualTo(404);
  }

  @Test
  void a_missing_link_id_is_a_bad_request_and_two_are_too() {
    String link = worker.link("2025-11-25");
    assertThat(worker.send(PING).status()).isEqualTo(400);
    assertThat(worker.send(PING).at("error/message")).contains("Mcp-Session-Id");
    assertThat(worker.send(PING.over(link).over(link)).status()).isEqualTo(400);
    assertThat(worker.send(Ask.of("GET", "/mcp").with("Accept", "text/event-stream")).status())
        .isEqualTo(400);
    assertThat(worker.isServing()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-07-28", "2025-01-01", "x", ""})
  void a_version_that_was_not_agreed_on_is_a_bad_request(String version) {
    String link = worker.link("2025-11-25");
    assertThat(worker.send(PING.over(link).with("MCP-Protocol-Version", version)).status())
        .isEqualTo(400);
    assertThat(worker.send(PING.over(link).with("MCP-Protocol-Version", "2025-11-25")).status())
        .isEqualTo(200);
  }

  @Test
  void the_log_level_is_kept_across_processes() {
    String link = worker.link("2025-11-25");
    Ask level =
        Ask.post(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"logging/setLevel\","
                + "\"params\":{\"level\":\"error\"}}");
    long before = worker.journalled();
    worker.send(level.over(link));
    worker.send(level.over(link));
    assertThat(worker.journalled()).as("written once").isEqualTo(before + 1);
    worker.restart();
    before = worker.journalled();
    worker.send(level.over(link));
    assertThat(worker.journalled()).as("known again").isEqualTo(before);
  }

  @Test
  void link_ids_have_256_bits_and_never_repeat() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      ids.add(worker.link("2025-06-18"));
    }
    assertThat(ids).hasSize(50).allMatch(id -> id.length() == 43);
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}

package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the command line and the dashboard ask.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiTest {
  private TestWorker worker;
  private String token = "";

  @BeforeAll
  void start(@TempDir Path directory) {
    worker = TestWorker.on(directory);
    worker.send(Ask.modernCall("session_open", "{\"name\":\"a b\"}"));
    worker.send(Ask.modernCall("agent_spawn", "{\"type\":\"x\",\"session_id\":\"a b\"}"));
    worker.send(Ask.modernCall("task_create", "{\"description\":\"x\",\"session_id\":\"a b\"}"));
    token =
        worker
            .send(Ask.modernCall("task_claim", "{\"agent_id\":\"agent-2\",\"session_id\":\"a b\"}"))
            .at("result/structuredContent/lease_token");
    worker.send(Ask.modernCall("session_checkpoint", "{\"session_id\":\"a b\"}"));
  }

  @AfterAll
  void stop() {
    worker.close();
  }

  private Reply get(String path) {
    return worker.send(Ask.of("GET", "/api/v1/" + path));
  }

  private String at(String path, String where) {
    return Reply.at(Json.parse(get(path).body(), JsonLimits.OWN), where);
  }

  @Test
  void the_operator_sees_what_there_is() {
    assertThat(at("status", "sessions")).isEqualTo("1");
    assertThat(at("sessions", "0/name")).isEqualTo("a b");
    String id = at("sessions", "0/session_id");
    assertThat(at("sessions/" + id, "counts/tasks")).isEqualTo("1");
    assertThat(at("sessions/a%20b", "agents/0/status")).isEqualTo("busy");
    assertThat(at("sessions/a%20b/checkpoints", "0/verified")).isEqualTo("true");
    assertThat(get("recoveries").body()).isEqualTo("[]");
    assertThat(get("sessions/a%20b/recoveries").body()).isEqualTo("[]");
  }

  @Test
  void key_figures_without_a_sample_are_null() {
    for (String window : new String[] {"1h", "24h", "30d"}) {
      assertThat(at("kpis", "windows/" + window + "/recoveries")).isEqualTo("0");
      assertThat(at("kpis", "windows/" + window + "/availability")).isEqualTo("null");
    }
    assertThat(at("kpis", "windows/24h/window_ms")).isEqualTo("86400000");
    assertThat(at("kpis", "damaged_minutes")).isEqualTo("0");
  }

  @Test
  void no_answer_shows_a_lease_token() {
    assertThat(token).isNotEqualTo("(none)");
    assertThat(get("sessions/a%20b").body()).contains("lease_expires_at").doesNotContain(token);
    assertThat(get("sessions/a%20b/journal/1/100").body())
        .contains("task_claimed")
        .doesNotContain(token);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "sessions/no",
        "sessions/%zz",
        "sessions/a%20b/nonsense",
        "sessions/a%20b/checkpoints/more",
        "sessions/a%20b/journal/x/y",
        "sessions/a%20b/journal/0/1",
        "sessions/a%20b/journal/1/999999999",
        "sessions/planaria.links"
      })
  void what_is_not_there_is_not_found(String path) {
    assertThat(get(path).status()).isEqualTo(404);
    assertThat(worker.isServing()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "HEAD"})
  void nothing_but_get_and_post_is_answered(String method) {
    assertThat(worker.send(Ask.of(method, "/api/v1/status")).status()).isEqualTo(405);
  }
}

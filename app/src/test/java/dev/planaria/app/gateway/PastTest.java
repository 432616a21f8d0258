package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.journal.Hash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Restores and forks as clients of both eras and the operator ask for them.
class PastTest {
  private TestWorker worker;

  @BeforeEach
  void start(@TempDir Path directory) {
    worker = TestWorker.on(directory);
    worker.send(Ask.modernCall("session_open", "{\"name\":\"a b\"}"));
    store("one");
    store("two");
  }

  @AfterEach
  void stop() {
    worker.close();
  }

  private void store(String value) {
    worker.send(
        Ask.modernCall(
            "memory_store", "{\"key\":\"k\",\"value\":\"" + value + "\",\"session_id\":\"a b\"}"));
  }

  private static Ask api(String path, String body) {
    return Ask.post(body).to("/api/v1/" + path);
  }

  @Test
  void a_modern_client_goes_back_and_branches_off() {
    Reply fork =
        worker.send(Ask.modernCall("session_fork", "{\"name\":\"copy\",\"session_id\":\"a b\"}"));
    assertThat(fork.at("result/structuredContent/name")).isEqualTo("copy");
    Reply restored =
        worker.send(Ask.modernCall("session_restore", "{\"seq\":2,\"session_id\":\"a b\"}"));
    assertThat(restored.at("result/isError")).isEqualTo("false");
    assertThat(restored.at("result/structuredContent/dropped")).isEqualTo("1");
    assertThat(restored.at("result/content/0/text")).contains("after operation 2");
    Reply there =
        worker.send(Ask.modernCall("memory_retrieve", "{\"key\":\"k\",\"session_id\":\"a b\"}"));
    assertThat(there.at("result/structuredContent/value")).isEqualTo("one");
  }

  @Test
  void a_legacy_client_does_the_same_and_a_repeated_call_runs_once() {
    String link = worker.link("2025-11-25");
    String arguments = "{\"seq\":2,\"session_id\":\"a b\",\"operation_id\":\"r\"}";
    Reply first = worker.call(link, 7, "session_restore", arguments);
    assertThat(first.at("result/structuredContent/dropped")).isEqualTo("1");
    Reply again = worker.call(link, 8, "session_restore", arguments);
    assertThat(again.at("result/structuredContent/head/seq"))
        .isEqualTo(first.at("result/structuredContent/head/seq"));
    Reply fork = worker.call(link, 9, "session_fork", "{\"session_id\":\"a b\"}");
    assertThat(fork.at("result/structuredContent/name")).startsWith("fork-");
  }

  @Test
  void the_operator_posts_what_the_command_line_asks_for() {
    Reply restored = worker.send(api("sessions/a%20b/restore", "{\"seq\":2}"));
    assertThat(restored.status()).isEqualTo(200);
    assertThat(restored.at("dropped")).isEqualTo("1");
    assertThat(restored.at("to_seq")).isEqualTo("2");
    Reply fork = worker.send(api("sessions/a%20b/fork", "{\"name\":\"copy\",\"seq\":3}"));
    assertThat(fork.at("memory")).isEqualTo("1");
    assertThat(worker.send(api("sessions/a%20b/recover", "{}")).at("head/seq")).isEqualTo("4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sessions/no/restore     | {\"seq\":1}              | 404 | NOT_FOUND",
        "sessions/%zz/restore    | {\"seq\":1}              | 404 | NOT_FOUND",
        "sessions/a%20b/restore  | {}                       | 400 | INVALID_ARGUMENT",
        "sessions/a%20b/restore  | {\"seq\":99}             | 404 | NOT_FOUND",
        "sessions/a%20b/restore  | {\"seq\":1,\"x\":1}      | 400 | INVALID_ARGUMENT",
        "sessions/a%20b/restore  | [1]                      | 400 | INVALID_ARGUMENT",
        "sessions/a%20b/restore  | {\"seq\":                | 400 | INVALID_ARGUMENT",
        "sessions/a%20b/fork     | {\"name\":\"a b\"}       | 409 | NAME_TAKEN",
        "sessions/a%20b/nonsense | {}                       | 404 | NOT_FOUND",
        "sessions                | {}                       | 404 | NOT_FOUND",
        "sessions/planaria.links/restore | {\"seq\":1}      | 404 | NOT_FOUND"
      })
  void what_cannot_be_done_is_refused_and_the_next_is_served(
      String path, String body, int status, String code) {
    Reply refused = worker.send(api(path, body));
    assertThat(refused.status()).isEqualTo(status);
    assertThat(refused.at("error/code")).isEqualTo(code);
    assertThat(worker.isServing()).isTrue();
  }

  @Test
  void a_client_token_changes_nothing_here() {
    String hash = Hash.sha256("alice-1".getBytes(StandardCharsets.UTF_8)).toString();
    worker.clientTokens("alice " + hash + "\n");
    Reply refused =
        worker.send(
            api("sessions/a%20b/restore", "{\"seq\":2}")
                .instead("Authorization", "Bearer alice-1"));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(worker.send(api("sessions/a%20b/recover", "{}")).at("head/seq")).isEqualTo("3");
  }
}

package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What clients hear of a session that lost something, in both eras. The store was closed in order
/// before it was damaged, so that no crash draws anybody's attention to it.
class RecoveryNoticeTest {
  private static final String RECOVERED = "dev.planaria/recovered";

  private static final String READ = "{\"session_id\":\"s\",\"key\":\"k1\"}";

  @TempDir Path directory;
  private TestWorker worker;
  private String link;

  @BeforeEach
  void start() {
    worker = TestWorker.on(directory);
    link = worker.link("2025-11-25");
    worker.call(link, 1, "session_open", "{\"name\":\"s\"}");
    worker.call(link, 2, "session_open", "{\"name\":\"untouched\"}");
    for (int i = 0; i < 5; i++) {
      String entry = "{\"session_id\":\"s\",\"key\":\"k%d\",\"value\":1}".formatted(i);
      Reply stored = worker.call(link, 3 + i, "memory_store", entry);
      assertThat(stored.at("result/isError")).isEqualTo("false");
    }
  }

  @AfterEach
  void stop() {
    worker.close();
  }

  /// One operation of `s` is destroyed, and every checkpoint that would make up for it.
  ///
  /// @param frameToo true when not even its frame can be read
  private void damage(boolean frameToo) throws SQLException {
    worker.close();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("planaria.db"));
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate("UPDATE checkpoint SET body = zeroblob(length(body))"))
          .isPositive();
      String ofTheKey = " WHERE instr(body, CAST('\"k2\"' AS BLOB)) > 0";
      byte[] frame = statement.executeQuery("SELECT body FROM frame" + ofTheKey).getBytes(1);
      int key = new String(frame, StandardCharsets.ISO_8859_1).indexOf("\"k2\"");
      frame[key + 1] ^= 1;
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE frame SET body = ?" + ofTheKey)) {
        update.setBytes(1, frameToo ? new byte[frame.length] : frame);
        assertThat(update.executeUpdate()).isEqualTo(1);
      }
    }
    worker.restart();
  }

  @Test
  void a_legacy_client_reads_of_a_loss_in_its_next_result_and_in_its_log() throws Exception {
    damage(false);
    Reply first = worker.call(link, 20, "memory_retrieve", READ);
    assertThat(first.at("result/isError")).isEqualTo("false");
    assertThat(first.at("result/content/0/text"))
        .startsWith("NOTE: this session was recovered after a failure and lost 1 acknowledged");
    assertThat(first.at("result/_meta/" + RECOVERED)).isEqualTo("(none)");
    assertThat(first.body())
        .contains("\"" + RECOVERED + "\"")
        .contains("\"operations_lost\":1")
        .contains("STATE_CORRUPTION");
    assertThat(worker.call(link, 21, "memory_retrieve", READ).body()).doesNotContain("NOTE:");
    assertThat(worker.call(worker.link("2025-06-18"), 1, "memory_retrieve", READ).body())
        .as("somebody else")
        .contains("NOTE:");
    assertThat(worker.call(link, 22, "session_status", "{\"session_id\":\"untouched\"}").body())
        .as("a session that lost nothing")
        .doesNotContain("NOTE:");

    MemoryExchange stream =
        worker.begin(Ask.of("GET", "/mcp").with("Accept", "text/event-stream").over(link));
    assertThat(stream.awaitText("session s was recovered and lost 1 acknowledged").body())
        .contains("notifications/message")
        .contains("planaria.recovery")
        .contains("\"level\":\"warning\"");
    stream.leave();
  }

  @Test
  void a_modern_client_reads_of_a_loss_in_its_next_result() throws Exception {
    damage(false);
    Reply first = worker.send(Ask.modernCall("memory_retrieve", READ));
    assertThat(first.at("result/content/0/text")).contains("lost 1 acknowledged");
    assertThat(first.body()).contains("\"operations_lost\":1");
    assertThat(worker.send(Ask.modernCall("memory_retrieve", READ)).body())
        .doesNotContain("NOTE:")
        .doesNotContain(RECOVERED);
  }

  @Test
  void a_client_reads_of_a_loss_that_is_only_possible_as_such() throws Exception {
    damage(true);
    assertThat(worker.call(link, 20, "memory_retrieve", READ).body())
        .contains("NOTE:")
        .contains("lost 1 acknowledged");
    assertThat(worker.call(link, 21, "session_status", "{\"session_id\":\"untouched\"}").body())
        .contains("NOTE:")
        .contains("may have lost acknowledged operations");
  }
}

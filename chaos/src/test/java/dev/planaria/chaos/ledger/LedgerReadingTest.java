package dev.planaria.chaos.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.SessionId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A ledger that was taken down, read by somebody who was not there.
class LedgerReadingTest {

  private static final SessionId SESSION = SessionId.parse("01890000-0000-7000-8000-000000000001");
  private static final String HEAD =
      "{\"format\":\"planaria-chaos-ledger/1\",\"experiment\":\"mine\",\"seed\":11}\n";

  @TempDir Path directory;

  private final AtomicLong nanos = new AtomicLong();

  private static Ask ask(String operation) {
    return new Ask(operation, 2, SESSION, "memory_store", JsonObject.EMPTY, new Mark.ReceiptOnly());
  }

  /// One call of each ending, and one that is not answered.
  private Ledger filled(LedgerLog log) {
    var ledger = new Ledger(nanos::incrementAndGet, log);
    for (String operation : new String[] {"a", "b", "c", "d", "e"}) {
      ledger.sent(ask(operation));
    }
    ledger.sentAgain("a");
    ledger.acknowledged("a", new Receipt(SESSION, 7, Hash.ZERO));
    ledger.ended("b", new Outcome.Refused("no"));
    ledger.ended("c", new Outcome.Unknown("who knows"));
    ledger.ended("d", new Outcome.Stuck("nobody answers"));
    return ledger;
  }

  @Test
  void it_says_what_became_of_each_call_and_whether_the_run_came_to_its_end() throws IOException {
    Path file = directory.resolve("ledger.jsonl");
    LedgerReading interrupted;
    try (LedgerFile log = LedgerFile.begin(file, "mine", 11)) {
      Ledger ledger = filled(log);
      interrupted = LedgerReading.of(file);
      log.readBack().orElseThrow().requireSame(ledger.lines());
    }
    assertThat(interrupted.closed()).isFalse();
    assertThat(interrupted.ends())
        .isEqualTo(
            Map.of("a", "acknowledged", "b", "refused", "c", "unknown", "d", "stuck", "e", "sent"));
    assertThat(interrupted)
        .hasToString(
            "mine, seed 11: 5 calls were sent, 1 acknowledged, 1 refused, 1 of unknown outcome, 1"
                + " given up, 1 without an answer");
    LedgerReading whole = LedgerReading.of(file);
    assertThat(whole.closed()).isTrue();
    assertThat(whole.ends()).isEqualTo(interrupted.ends());
  }

  @Test
  void wherever_its_writer_died_it_can_be_read_and_is_never_taken_for_whole() throws IOException {
    Path file = directory.resolve("ledger.jsonl");
    try (LedgerFile log = LedgerFile.begin(file, "mine", 11)) {
      var _ = filled(log);
    }
    byte[] all = Files.readAllBytes(file);
    int acknowledged = -1;
    for (int length = HEAD.length(); length < all.length; length++) {
      Files.write(file, Arrays.copyOf(all, length));
      LedgerReading reading = LedgerReading.of(file);
      assertThat(reading.closed()).as("cut at %d of %d", length, all.length).isFalse();
      assertThat(reading.torn()).isEqualTo(all[length - 1] != '\n');
      assertThat((int) reading.count("acknowledged")).isGreaterThanOrEqualTo(acknowledged);
      acknowledged = (int) reading.count("acknowledged");
    }
    assertThat(acknowledged).isEqualTo(1);
  }

  @Test
  void one_that_differs_from_what_callers_were_told_is_refused() throws IOException {
    Path file = directory.resolve("ledger.jsonl");
    try (LedgerFile log = LedgerFile.begin(file, "mine", 11)) {
      Ledger ledger = filled(log);
      String written = Files.readString(file);
      for (String other :
          new String[] {
            written.replace("\"event\":\"refused\"", "\"event\":\"stuck\""),
            written.substring(0, written.lastIndexOf("{\"event\"")),
            written.substring(0, written.length() - 1)
          }) {
        Path forged = Files.writeString(directory.resolve("forged.jsonl"), other);
        assertThatThrownBy(() -> LedgerReading.of(forged).requireSame(ledger.lines()))
            .isInstanceOf(IOException.class)
            .hasMessageStartingWith("the ledger that was taken down says something else");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"format\":\"planaria-chaos-ledger/1\"",
        "{\"format\":\"planaria-chaos-ledger/2\",\"experiment\":\"mine\",\"seed\":11}\n",
        "{\"format\":\"planaria-chaos-ledger/1\",\"experiment\":\"mine\"}\n",
        HEAD + "\n",
        HEAD + "nonsense\n",
        HEAD + "{\"event\":\"acknowledged\",\"operation_id\":\"a\"}\n",
        HEAD + "{\"event\":\"melted\",\"operation_id\":\"a\"}\n"
      })
  void what_is_no_ledger_is_refused_by_its_line(String content) throws IOException {
    Path file = Files.write(directory.resolve("x.jsonl"), content.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> LedgerReading.of(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(" is no ledger: line ");
  }
}

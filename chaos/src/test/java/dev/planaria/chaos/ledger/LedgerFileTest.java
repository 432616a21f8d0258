package dev.planaria.chaos.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A ledger that is taken down, and one that is full.
class LedgerFileTest {

  private static final SessionId SESSION = SessionId.parse("01890000-0000-7000-8000-000000000001");

  @TempDir Path directory;

  private final AtomicLong nanos = new AtomicLong();

  private static Ask ask(String operation) {
    JsonObject arguments =
        JsonObject.builder().put("task_id", "t").put("lease_token", "secret").build();
    return new Ask(operation, 2, SESSION, "task_update", arguments, new Mark.ReceiptOnly());
  }

  @Test
  void each_call_is_in_the_file_before_it_is_sent_and_each_outcome_when_it_is_known()
      throws IOException {
    Path file = directory.resolve("ledger.jsonl");
    Files.writeString(file, "of a run before");
    var receipt = new Receipt(SESSION, 7, Hash.ZERO);
    try (LedgerFile log = LedgerFile.begin(file, "mine", 11)) {
      var ledger = new Ledger(nanos::incrementAndGet, log);
      ledger.sent(ask("a"));
      assertThat(Files.readAllLines(file)).hasSize(2);
      ledger.sentAgain("a");
      ledger.acknowledged("a", receipt);
      ledger.sent(ask("b"));
      ledger.ended("b", new Outcome.Refused("no"));
      assertThat(Files.readAllLines(file))
          .containsExactly(
              "{\"format\":\"planaria-chaos-ledger/1\",\"experiment\":\"mine\",\"seed\":11}",
              "{\"event\":\"sent\",\"operation_id\":\"a\",\"at_nanos\":1,\"caller\":2,\"session_id\":\""
                  + SESSION
                  + "\",\"tool\":\"task_update\",\"arguments\":{\"task_id\":\"t\"}}",
              "{\"event\":\"sent_again\",\"operation_id\":\"a\",\"attempts\":2}",
              "{\"event\":\"acknowledged\",\"operation_id\":\"a\",\"at_nanos\":2,\"receipt\":{\"session_id\":\""
                  + SESSION
                  + "\",\"seq\":7,\"hash\":\""
                  + Hash.ZERO
                  + "\"}}",
              "{\"event\":\"sent\",\"operation_id\":\"b\",\"at_nanos\":3,\"caller\":2,\"session_id\":\""
                  + SESSION
                  + "\",\"tool\":\"task_update\",\"arguments\":{\"task_id\":\"t\"}}",
              "{\"event\":\"refused\",\"operation_id\":\"b\",\"at_nanos\":4,\"reason\":\"no\"}");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void what_could_not_be_written_is_told_in_the_end() throws IOException {
    LedgerFile log = LedgerFile.begin(directory.resolve("ledger.jsonl"), "mine", 11);
    log.close();
    log.write(JsonObject.EMPTY);
    assertThatThrownBy(log::close)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the ledger could not be written");
  }

  @Test
  void a_full_ledger_says_so_to_whoever_asks_and_to_whoever_waits() throws Exception {
    var ledger = new Ledger(nanos::incrementAndGet, LedgerLog.NONE, 1);
    ledger.sent(ask("a"));
    ledger.requireRoom();
    assertThatThrownBy(() -> ledger.sent(ask("b")))
        .isInstanceOf(LedgerFull.class)
        .hasMessageContaining("takes 1 calls and no more")
        .hasMessageContaining("fewer cycles or callers");
    assertThat(ledger.awaitAcknowledgements(1, Long.MAX_VALUE / 2_000_000)).isFalse();
    assertThatThrownBy(ledger::requireRoom).isInstanceOf(LedgerFull.class);
    assertThat(ledger.lines()).extracting(line -> line.ask().operationId()).isEqualTo(List.of("a"));
  }
}

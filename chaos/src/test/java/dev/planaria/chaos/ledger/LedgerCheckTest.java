package dev.planaria.chaos.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.chaos.report.Violation;
import dev.planaria.chaos.report.Violation.Kind;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.Agent;
import dev.planaria.engine.state.AgentStatus;
import dev.planaria.engine.state.Lease;
import dev.planaria.engine.state.MemoryEntry;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.Priority;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.Task;
import dev.planaria.engine.state.TaskStatus;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LedgerCheckTest {

  private static final SessionId SESSION = SessionId.parse("01890000-0000-7000-8000-000000000001");
  private static final MemoryKey KEY = new MemoryKey("chaos", "counter-0");

  private final AtomicLong nanos = new AtomicLong();
  private final Ledger ledger = new Ledger(nanos::incrementAndGet);
  private final StoredSession stored = new StoredSession();

  private void count(String operation, long value) {
    ledger.sent(
        new Ask(
            operation, 0, SESSION, "memory_store", JsonObject.EMPTY, new Mark.Counted(KEY, value)));
  }

  private static Receipt receipt(long seq) {
    return new Receipt(SESSION, seq, Hash.sha256(new byte[] {(byte) seq}));
  }

  private void store(long seq, long epoch, String operation, long value) {
    store(
        seq,
        epoch,
        operation,
        new Operation.MemoryStored(new MemoryEntry(KEY, JsonNumber.of(value), 1, seq, 0, null)));
  }

  private void store(long seq, long epoch, String id, Operation operation) {
    stored.add(
        new Entry(
            SESSION,
            seq,
            epoch,
            0,
            Hash.ZERO,
            "operator",
            id,
            OperationCodec.type(operation),
            OperationCodec.encode(operation),
            receipt(seq).hash()));
  }

  private static Operation spawned(String name) {
    return new Operation.AgentSpawned(agent(name));
  }

  private static Agent agent(String name) {
    return new Agent(
        "agent-1", "worker", name, List.of(), AgentStatus.IDLE, null, 0, JsonObject.EMPTY, 0, 0);
  }

  private List<Kind> found() {
    return LedgerCheck.run(ledger.lines(), stored).stream()
        .map(Violation::kind)
        .distinct()
        .toList();
  }

  @Test
  void what_was_asked_and_stands_once_in_order_is_right() {
    count("a", 1);
    ledger.acknowledged("a", receipt(2));
    count("b", 2);
    ledger.sentAgain("b");
    ledger.acknowledged("b", receipt(3));
    count("c", 3);
    ledger.ended("c", new Outcome.Unknown("nobody knows"));
    store(2, 1, "a", 1);
    store(3, 2, "b", 2);
    assertThat(found()).isEmpty();
  }

  @Test
  void an_acknowledged_call_that_the_session_does_not_hold_is_lost() {
    count("a", 1);
    ledger.acknowledged("a", receipt(2));
    assertThat(found()).containsExactly(Kind.LOST);
  }

  @Test
  void an_acknowledged_call_in_whose_place_another_stands_is_lost() {
    count("a", 1);
    ledger.acknowledged("a", receipt(2));
    count("b", 2);
    store(2, 1, "b", 2);
    ledger.ended("b", new Outcome.Unknown("nobody knows"));
    assertThat(found()).containsExactly(Kind.LOST);
  }

  @Test
  void one_seq_for_two_receipts_is_a_loss() {
    count("a", 1);
    ledger.acknowledged("a", receipt(2));
    count("b", 2);
    ledger.acknowledged("b", receipt(2));
    store(2, 1, "a", 1);
    assertThat(found()).contains(Kind.LOST);
  }

  @Test
  void what_stands_twice_was_done_twice() {
    count("a", 1);
    ledger.acknowledged("a", receipt(2));
    store(2, 1, "a", 1);
    store(3, 1, "a", 1);
    assertThat(found()).containsExactly(Kind.DUPLICATED);
  }

  @Test
  void what_was_made_twice_under_two_ids_was_done_twice() {
    ledger.sent(
        new Ask("a", 0, SESSION, "agent_spawn", JsonObject.EMPTY, new Mark.AgentNamed("ann")));
    ledger.acknowledged("a", receipt(2));
    store(2, 1, "a", spawned("ann"));
    store(3, 1, "another", spawned("ann"));
    assertThat(found()).containsExactly(Kind.DUPLICATED);
  }

  @Test
  void what_nobody_asked_for_under_that_id_was_done_twice() {
    count("a", 1);
    ledger.acknowledged("a", receipt(2));
    store(2, 1, "a", 1);
    store(3, 1, "a-again", 2);
    assertThat(found()).containsExactly(Kind.DUPLICATED);
  }

  private void anonymous(String name) {
    var mark = new Mark.AgentNamed(name);
    ledger.sent(new Ask(name, 0, SESSION, "agent_spawn", JsonObject.EMPTY, mark, true));
  }

  @Test
  void an_anonymous_call_is_found_by_its_receipt_whatever_id_it_was_given() {
    anonymous("ann");
    ledger.acknowledged("ann", receipt(2));
    store(2, 1, "given", spawned("ann"));
    assertThat(found()).isEmpty();
  }

  @Test
  void an_anonymous_call_without_an_answer_may_have_been_done_once() {
    count("a", 1);
    ledger.acknowledged("a", receipt(2));
    anonymous("ann");
    ledger.ended("ann", new Outcome.Unknown("nobody knows"));
    store(2, 1, "a", 1);
    store(3, 1, "given", spawned("ann"));
    assertThat(found()).isEmpty();
    store(4, 1, "another", spawned("bob"));
    assertThat(found()).containsExactly(Kind.DUPLICATED);
  }

  @Test
  void an_anonymous_call_that_was_done_twice_is_noticed() {
    anonymous("ann");
    ledger.acknowledged("ann", receipt(2));
    store(2, 1, "given", spawned("ann"));
    store(3, 1, "another", spawned("ann"));
    assertThat(found()).containsExactly(Kind.DUPLICATED);
  }

  @Test
  void what_was_refused_and_done_all_the_same_will_be_done_twice() {
    count("a", 1);
    ledger.ended("a", new Outcome.Refused("the disk is full"));
    store(2, 1, "a", 1);
    assertThat(found()).containsExactly(Kind.DUPLICATED);
  }

  @Test
  void what_was_refused_when_it_was_sent_again_may_have_been_done_the_first_time() {
    count("a", 1);
    ledger.sentAgain("a");
    ledger.ended("a", new Outcome.Refused("the disk is full"));
    store(2, 1, "a", 1);
    assertThat(found()).isEmpty();
  }

  @Test
  void a_task_that_is_finished_with_a_lease_of_before_is_unfenced() {
    finished("a", "old", 4);
    store(2, 1, "one", claimed("old"));
    store(3, 1, "two", claimed("new"));
    store(4, 1, "a", 1);
    assertThat(found()).containsExactly(Kind.UNFENCED);
  }

  @Test
  void a_task_that_is_finished_with_its_newest_lease_is_right() {
    finished("a", "old", 3);
    store(2, 1, "one", claimed("old"));
    store(3, 1, "a", 1);
    store(4, 1, "two", claimed("new"));
    assertThat(found()).isEmpty();
  }

  private void finished(String operation, String lease, long seq) {
    for (String other : List.of("one", "two")) {
      ledger.sent(
          new Ask(other, 1, SESSION, "task_claim", JsonObject.EMPTY, new Mark.ReceiptOnly()));
      ledger.ended(other, new Outcome.Unknown("nobody knows"));
    }
    JsonObject shown =
        JsonObject.builder().put("task_id", "task-1").put("lease_token", lease).build();
    ledger.sent(new Ask(operation, 0, SESSION, "task_complete", shown, new Mark.ReceiptOnly()));
    ledger.acknowledged(operation, receipt(seq));
  }

  private static Operation claimed(String token) {
    var task =
        new Task(
            "task-1",
            "wanted by two",
            Priority.MEDIUM,
            TaskStatus.RUNNING,
            "agent-1",
            List.of(),
            0,
            1,
            3,
            new Lease(token, 1_000, 2_000),
            null,
            null,
            JsonObject.EMPTY,
            0,
            0,
            0L,
            null);
    return new Operation.TaskClaimed(task, agent("ann"));
  }

  @Test
  void what_stands_before_what_was_acknowledged_before_it_was_sent_is_reordered() {
    count("a", 1);
    ledger.acknowledged("a", receipt(3));
    count("b", 2);
    ledger.acknowledged("b", receipt(2));
    store(2, 1, "b", 1);
    store(3, 1, "a", 2);
    assertThat(found()).containsExactly(Kind.REORDERED);
  }

  @Test
  void a_counter_that_falls_is_reordered() {
    count("a", 1);
    count("b", 2);
    ledger.acknowledged("a", receipt(3));
    ledger.acknowledged("b", receipt(2));
    store(2, 1, "b", 2);
    store(3, 1, "a", 1);
    assertThat(found()).containsExactly(Kind.REORDERED);
  }

  @Test
  void an_entry_under_an_older_epoch_behind_a_newer_one_is_unfenced() {
    count("a", 1);
    count("b", 2);
    ledger.acknowledged("a", receipt(2));
    ledger.acknowledged("b", receipt(3));
    store(2, 7, "a", 1);
    store(3, 6, "b", 2);
    assertThat(found()).containsExactly(Kind.UNFENCED);
  }

  @Test
  void a_call_without_an_answer_is_stuck() {
    count("a", 1);
    count("b", 2);
    ledger.ended("b", new Outcome.Stuck("no answer"));
    assertThat(LedgerCheck.run(ledger.lines(), stored))
        .extracting(Violation::kind)
        .containsExactly(Kind.STUCK, Kind.STUCK);
  }
}

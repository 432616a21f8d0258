package dev.planaria.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.state.Transition;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What a delta says of operation ids that a recovery took back.
final class CheckpointDeltaTest {

  private static final SessionState STATE =
      Transition.open(
          new Operation.SessionOpened(
              new SessionId(UUID.fromString("01900000-0000-7000-8000-000000000001")),
              "alpha",
              null,
              SwarmConfiguration.DEFAULT),
          1_000);

  private static RememberedOperation operation(long seq) {
    return new RememberedOperation(OperationKey.of("t", "op-" + seq), seq, seq, 1_000 + seq);
  }

  private static CheckpointContent content(long seq, RememberedOperation... operations) {
    return new CheckpointContent(
        new SessionImage(STATE, seq, Hash.ZERO), List.of(operations), 1_000);
  }

  @Test
  void an_id_that_was_taken_back_is_kept_and_forgotten_in_its_turn() {
    RememberedOperation taken = operation(2).rolledBack();
    CheckpointContent base = content(3, operation(1), taken, operation(3));
    CheckpointContent grown =
        content(5, taken, operation(3), operation(4).rolledBack(), operation(5));
    CheckpointContent shrunk = content(6, operation(5), operation(6));
    CheckpointDelta first = CheckpointDelta.between(base, grown);
    CheckpointDelta second = CheckpointDelta.between(grown, shrunk);
    assertThat(first.operations()).containsExactly(operation(4).rolledBack(), operation(5));
    assertThat(CheckpointDelta.compose(base, List.of(first))).isEqualTo(grown);
    assertThat(CheckpointDelta.compose(base, List.of(first, second))).isEqualTo(shrunk);
  }
}

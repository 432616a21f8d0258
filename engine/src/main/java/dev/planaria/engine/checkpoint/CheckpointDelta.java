package dev.planaria.engine.checkpoint;

import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.SeqRange;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.StateDelta;
import java.util.ArrayList;
import java.util.List;

/// What lies between two checkpoints of one session.
///
/// Operation ids are remembered in the order of their seqs and forgotten from the front, so two
/// numbers and the new ones say all: what is remembered afterwards is what was remembered from
/// `rememberedFromSeq` on, and the new ones behind it.
///
/// @param state what changed in the session
/// @param seq the last operation that is contained
/// @param hash the session's chain hash there
/// @param forgottenBeforeMillis as in [CheckpointContent]
/// @param rememberedFromSeq what lies before it is forgotten
/// @param operations the ids of the operations since, by seq
public record CheckpointDelta(
    StateDelta state,
    long seq,
    Hash hash,
    long forgottenBeforeMillis,
    long rememberedFromSeq,
    List<RememberedOperation> operations) {

  /// Keeps the list in its compact form.
  public CheckpointDelta {
    operations = OperationList.copyOf(operations);
  }

  /// What leads from one content to a later one.
  public static CheckpointDelta between(CheckpointContent before, CheckpointContent after) {
    List<RememberedOperation> all = after.operations();
    long since = before.image().seq();
    int first = all.size();
    while (first > 0 && all.get(first - 1).position() > since) {
      first--;
    }
    SessionImage image = after.image();
    return new CheckpointDelta(
        StateDelta.between(before.image().state(), image.state()),
        image.seq(),
        image.hash(),
        after.forgottenBeforeMillis(),
        all.isEmpty() ? image.seq() + 1 : all.getFirst().position(),
        all.subList(first, all.size()));
  }

  private static List<RememberedOperation> inEffect(
      List<RememberedOperation> operations, SessionState before, SessionState after) {
    List<SeqRange> none = after.history().withoutEffect();
    return none.equals(before.history().withoutEffect())
        ? operations
        : RememberedOperation.marked(operations, none);
  }

  /// Applies deltas in order.
  public static CheckpointContent compose(CheckpointContent base, List<CheckpointDelta> deltas) {
    if (deltas.isEmpty()) {
      return base;
    }
    CheckpointDelta last = deltas.getLast();
    var lists = new ArrayList<List<RememberedOperation>>();
    lists.add(base.operations());
    deltas.forEach(delta -> lists.add(delta.operations));
    var operations = OperationList.joined(lists).from(last.rememberedFromSeq);
    var state =
        StateDelta.compose(
            base.image().state(), deltas.stream().map(CheckpointDelta::state).toList());
    return new CheckpointContent(
        new SessionImage(state, last.seq, last.hash),
        inEffect(operations, base.image().state(), state),
        last.forgottenBeforeMillis);
  }
}

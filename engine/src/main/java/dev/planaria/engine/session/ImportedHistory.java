package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.OperationKey;
import dev.planaria.engine.checkpoint.RememberedOperation;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.Consistency;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.Transition;
import dev.planaria.engine.transfer.ExportHead;
import dev.planaria.engine.transfer.ExportReader;
import dev.planaria.engine.transfer.MalformedExport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Replays an export while it is read: what the session is, and which operation ids it remembers.
/// Not thread-safe; one instance for one pass.
final class ImportedHistory implements ExportReader.Visitor {

  private final ExportHead head;
  private final OperationIndex operations;
  private @Nullable CheckpointContent start;
  private @Nullable SessionState state;
  private long seq;
  private Hash hash = Hash.ZERO;
  private long entries;

  ImportedHistory(ExportHead head, EngineSettings settings) {
    this.head = head;
    this.operations =
        new OperationIndex(settings.operationIdMillis(), settings.operationIdsPerSession());
  }

  @Override
  public void start(CheckpointContent content) {
    start = content;
    state = content.image().state();
    seq = content.image().seq();
    hash = content.image().hash();
    operations.restore(content.operations(), content.forgottenBeforeMillis());
  }

  @Override
  public void entry(Entry entry, byte[] encoded) {
    entries++;
    Operation operation = OperationCodec.decode(entry.type(), entry.body());
    if (start != null && entry.seq() == head.startSeq()) {
      return; // the state contains it
    }
    SessionState before = state;
    SessionState after =
        before == null
            ? opened(operation, entry.timeMillis())
            : Transition.apply(before, operation, entry.timeMillis());
    operations.forgetOld(entry.timeMillis());
    operations.add(
        new RememberedOperation(
            OperationKey.of(entry.principal(), entry.operationId()),
            entry.commandDigest().prefix(),
            entry.seq(),
            entry.timeMillis()));
    if (before != null) {
      operations.markIfChanged(before, after);
    }
    state = after;
    seq = entry.seq();
    hash = entry.hash();
  }

  private SessionState opened(Operation operation, long timeMillis) {
    if (operation instanceof Operation.Beginning beginning
        && beginning.sessionId().equals(head.sessionId())
        && beginning.name().equals(head.name())) {
      return Transition.open(beginning, timeMillis);
    }
    throw new MalformedExport("the first operation in the export does not open its session");
  }

  /// How many operations were read.
  long entries() {
    return entries;
  }

  /// The state that the export began with, or null.
  @Nullable CheckpointContent start() {
    return start;
  }

  /// The session as of the head.
  ///
  /// @throws MalformedExport when it does not agree with itself
  CheckpointContent content() {
    SessionState reached = state;
    if (reached == null) {
      throw new MalformedExport("there is neither a state nor an operation in the export");
    }
    List<Consistency.Finding> findings = Consistency.check(reached);
    if (!findings.isEmpty()) {
      throw new MalformedExport(
          "the state that the export leads to does not agree with itself: "
              + findings.getFirst().id()
              + " "
              + findings.getFirst().sentence());
    }
    return new CheckpointContent(
        new SessionImage(reached, seq, hash),
        operations.upTo(seq),
        operations.forgottenBeforeMillis());
  }
}

package dev.planaria.engine.recovery;

import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.CheckpointLoader;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.integrity.Finding.Code;
import dev.planaria.engine.integrity.StateIntegrityValidator;
import dev.planaria.engine.integrity.StateIntegrityValidator.Check;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.recovery.DecisionTable.Where;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Replays a session from the oldest operation, or the oldest checkpoint, that there is, and
/// compares every checkpoint on the way with the state that the operations before it lead to.
/// Checksums prove that a checkpoint is what was written; this proves that the right thing was
/// written. Reads only; one instance for one session.
final class DeepReplay {

  private final Store store;
  private final SessionTail tail;
  private final List<Finding> findings = new ArrayList<>();
  private Optional<CheckpointContent> reached = Optional.empty();
  private long replayed;
  private long compared;

  /// What a replay came to.
  ///
  /// @param replayed how many operations were applied
  /// @param compared how many checkpoints were compared
  /// @param findings what is wrong
  record Result(long replayed, long compared, List<Finding> findings) {}

  private DeepReplay(Store store, SessionTail tail) {
    this.store = store;
    this.tail = tail;
  }

  static Result run(Store store, SessionTail tail) {
    return new DeepReplay(store, tail).run();
  }

  private Result run() {
    List<CheckpointInfo> oldestFirst =
        store.checkpoints(tail.id()).stream().filter(CheckpointInfo::verified).toList().reversed();
    for (CheckpointInfo info : oldestFirst) {
      if (info.seq() <= tail.seq()) {
        at(info);
      }
    }
    return new Result(replayed, compared, findings);
  }

  private void at(CheckpointInfo info) {
    CheckpointContent stored;
    try {
      stored = new CheckpointLoader(store).load(info).content();
    } catch (DamagedException damaged) {
      // Whoever checks the checkpoint itself says so; the replay goes on past it.
      return;
    }
    long from = reached.map(content -> content.image().seq()).orElse(0L);
    Optional<SessionState> led = info.seq() == from ? state() : lead(from, info.seq());
    led.ifPresent(state -> compare(info, state, stored.image().state()));
    reached = Optional.of(stored);
  }

  private Optional<SessionState> state() {
    return reached.map(content -> content.image().state());
  }

  /// The state to which the operations lead; empty when some of them were dropped for their age, or
  /// cannot be read, which is found elsewhere.
  private Optional<SessionState> lead(long from, long through) {
    var entries = new ArrayList<Entry>();
    try {
      var range = new JournalWalk.Range(tail.id(), from + 1, through, Integer.MAX_VALUE);
      JournalWalk.run(new EntryReader(store), this::indexOf, range, entries::add);
    } catch (DamagedException damaged) {
      return Optional.empty();
    }
    boolean begins = !entries.isEmpty() && entries.getFirst().seq() == from + 1;
    if (!begins) {
      return Optional.empty();
    }
    var material =
        new Material(
            tail,
            reached,
            null,
            entries,
            false,
            through,
            List.of(),
            Where.NOWHERE,
            new TailIndex(1));
    Salvage.Replay replay = Salvage.run(material, tail.createdAtMillis());
    replayed += replay.applied();
    boolean whole = replay.lost().isEmpty() && replay.opening() == null;
    return whole ? Optional.of(replay.content().image().state()) : Optional.empty();
  }

  private Optional<FrameSpans> indexOf(long seq) {
    return seq >= tail.index().firstSeq()
        ? Optional.of(tail.index().spans())
        : store.spansHolding(tail.id(), seq);
  }

  private void compare(CheckpointInfo info, SessionState led, SessionState stored) {
    compared++;
    if (led.equals(stored)) {
      return;
    }
    var ids = new ArrayList<String>();
    ids.add(info.id());
    String differences =
        StateIntegrityValidator.validate(led, stored).checks().stream()
            .filter(check -> !check.passed())
            .map(check -> words(check, ids))
            .collect(Collectors.joining("; "));
    SessionId id = tail.id();
    findings.add(
        Finding.integrity(
            Code.CHECKPOINT_DIFFERS,
            "checkpoint",
            id.toString(),
            ids,
            "checkpoint "
                + info.id()
                + " holds another state than the operations up to "
                + info.seq()
                + " lead to"
                + (differences.isEmpty() ? "" : ": " + differences)));
  }

  private static String words(Check check, List<String> ids) {
    ids.addAll(check.missing());
    ids.addAll(check.changed());
    ids.addAll(check.extra());
    return check.component()
        + ": "
        + check.missing().size()
        + " missing, "
        + check.changed().size()
        + " different, "
        + check.extra().size()
        + " too many";
  }
}

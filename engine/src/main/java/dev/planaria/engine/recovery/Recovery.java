package dev.planaria.engine.recovery;

import dev.planaria.engine.checkpoint.CheckpointCodec;
import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.OperationKey;
import dev.planaria.engine.checkpoint.RememberedOperation;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.Consistency;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.Transition;
import dev.planaria.engine.state.UndecodableException;
import dev.planaria.engine.storage.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Brings one session back from the store: [#recover] is the whole of it. Each step takes what the
/// step before it returned, so that none can be left out. Thread-safe: it keeps nothing between two
/// recoveries.
public final class Recovery {

  private final Store store;
  private final LongSupplier nanoTime;

  /// @param store where sessions lie
  /// @param nanoTime a monotonic clock, for the timings in the result
  public Recovery(Store store, LongSupplier nanoTime) {
    this.store = store;
    this.nanoTime = nanoTime;
  }

  /// A session that is back, and how.
  ///
  /// @param content the session as of its last intact operation, with the operation ids that it
  ///   remembers
  /// @param checkpointId what was restored, or null when the journal alone was
  /// @param replayed how many operations of the tail were applied
  /// @param phaseMicros how long each phase took, in order
  public record Recovered(
      CheckpointContent content,
      @Nullable String checkpointId,
      long replayed,
      Map<String, Long> phaseMicros) {}

  /// Detect, load, validate, restore and replay, verify.
  ///
  /// @throws RecoveryFailed when damage was found that this version does not heal
  /// @throws dev.planaria.engine.journal.JournalException.StoreFailed when the store cannot be
  ///   read; try again
  public Recovered recover(SessionTail tail) {
    var phases = new Phases();
    try {
      var detected = phases.time("detect", () -> detect(tail));
      var loaded = phases.time("load", () -> load(detected));
      var valid = phases.time("validate", () -> validate(loaded));
      var replayed = phases.time("replay", () -> replay(valid));
      var verified = phases.time("verify", () -> verify(replayed));
      return new Recovered(
          verified.content(),
          loaded.checkpoint().map(found -> found.info().id()).orElse(null),
          valid.entries().size(),
          phases.micros);
    } catch (DamagedException | UndecodableException e) {
      throw new RecoveryFailed(String.valueOf(e.getMessage()));
    }
  }

  private record Detected(SessionTail tail) {}

  private record Loaded(
      SessionTail tail, Optional<StoredCheckpoint> checkpoint, List<Entry> entries) {}

  private record Valid(
      SessionTail tail, Optional<CheckpointContent> restored, List<Entry> entries) {}

  private record Replayed(SessionTail tail, CheckpointContent content) {}

  private record Verified(CheckpointContent content) {}

  private static Detected detect(SessionTail tail) {
    if (tail.damage() != null) {
      throw new RecoveryFailed(tail.damage());
    }
    return new Detected(tail);
  }

  private Loaded load(Detected detected) {
    SessionTail tail = detected.tail();
    Optional<StoredCheckpoint> checkpoint = Optional.empty();
    if (tail.checkpointSeq() > 0) {
      checkpoint = checkpointAt(tail.id(), tail.checkpointSeq());
    }
    var entries = new ArrayList<Entry>();
    new EntryReader(store).read(tail.id(), tail.index().spans(), entries::add);
    return new Loaded(tail, checkpoint, entries);
  }

  private Optional<StoredCheckpoint> checkpointAt(SessionId id, long seq) {
    for (CheckpointInfo info : store.checkpoints(id)) {
      if (info.seq() == seq) {
        return store.checkpoint(info.id());
      }
    }
    throw new RecoveryFailed("the checkpoint at operation " + seq + " is not in the store");
  }

  private static Valid validate(Loaded loaded) {
    SessionTail tail = loaded.tail();
    Optional<CheckpointContent> restored = loaded.checkpoint().map(CheckpointCodec::decode);
    restored.ifPresent(content -> {
      if (content.image().seq() != tail.checkpointSeq()
          || !content.image().hash().equals(tail.checkpointHash())) {
        throw new RecoveryFailed("the checkpoint is not of the operation that it is filed under");
      }
    });
    long expected = tail.checkpointSeq() + 1;
    for (Entry entry : loaded.entries()) {
      if (entry.seq() != expected++) {
        throw new RecoveryFailed("operation " + (expected - 1) + " was not where the index says");
      }
    }
    if (expected != tail.seq() + 1) {
      throw new RecoveryFailed("operation " + expected + " was not where the index says");
    }
    return new Valid(tail, restored, loaded.entries());
  }

  private static Replayed replay(Valid valid) {
    SessionState state = null;
    Hash hash = valid.tail().checkpointHash();
    var operations = new ArrayList<RememberedOperation>();
    long forgottenBeforeMillis = 0;
    if (valid.restored().isPresent()) {
      CheckpointContent content = valid.restored().get();
      state = content.image().state();
      operations.addAll(content.operations());
      forgottenBeforeMillis = content.forgottenBeforeMillis();
    }
    for (Entry entry : valid.entries()) {
      Operation operation = OperationCodec.decode(entry.type(), entry.body());
      if (state == null) {
        state = begin(operation, entry);
      } else {
        state = Transition.apply(state, operation, entry.timeMillis());
      }
      operations.add(
          new RememberedOperation(
              OperationKey.of(entry.principal(), entry.operationId()),
              entry.commandDigest().prefix(),
              entry.seq(),
              entry.timeMillis()));
      hash = entry.hash();
    }
    if (state == null) {
      throw new RecoveryFailed("there is neither a checkpoint nor an operation of it");
    }
    var image = new SessionImage(state, valid.tail().seq(), hash);
    return new Replayed(
        valid.tail(), new CheckpointContent(image, operations, forgottenBeforeMillis));
  }

  private static SessionState begin(Operation operation, Entry entry) {
    if (operation instanceof Operation.SessionOpened opened) {
      return Transition.open(opened, entry.timeMillis());
    }
    throw new RecoveryFailed("its first operation does not open it");
  }

  private static Verified verify(Replayed replayed) {
    SessionImage image = replayed.content().image();
    if (!image.hash().equals(replayed.tail().hash())) {
      throw new RecoveryFailed("the chain ends elsewhere than the journal says");
    }
    List<Consistency.Finding> findings = Consistency.check(image.state());
    if (!findings.isEmpty()) {
      throw new RecoveryFailed("the recovered state contradicts itself: " + findings.getFirst());
    }
    return new Verified(replayed.content());
  }

  /// Collects how long each step took.
  private final class Phases {
    private final Map<String, Long> micros = new LinkedHashMap<>();

    <T> T time(String phase, java.util.function.Supplier<T> step) {
      long start = nanoTime.getAsLong();
      try {
        return step.get();
      } finally {
        micros.put(phase, (nanoTime.getAsLong() - start) / 1_000);
      }
    }
  }
}

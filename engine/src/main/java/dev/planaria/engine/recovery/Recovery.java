package dev.planaria.engine.recovery;

import dev.planaria.engine.checkpoint.BadCheckpoint;
import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.state.Consistency;
import dev.planaria.engine.state.UndecodableException;
import dev.planaria.engine.storage.Store;
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
  /// @param bad checkpoints that were newer and damaged, newest first; nothing was lost by them
  public record Recovered(
      CheckpointContent content,
      @Nullable String checkpointId,
      long replayed,
      Map<String, Long> phaseMicros,
      List<BadCheckpoint> bad) {}

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
          loaded.parts().checkpoint().map(found -> found.info().id()).orElse(null),
          valid.parts().entries().size(),
          phases.micros,
          loaded.parts().bad());
    } catch (DamagedException | UndecodableException e) {
      throw new RecoveryFailed(String.valueOf(e.getMessage()));
    }
  }

  private record Detected(SessionTail tail) {}

  private record Loaded(SessionTail tail, SessionLoader.Loaded parts) {}

  private record Valid(SessionTail tail, SessionLoader.Loaded parts) {}

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
    return new Loaded(tail, new SessionLoader(store).load(tail));
  }

  private static Valid validate(Loaded loaded) {
    SessionTail tail = loaded.tail();
    Optional<SessionImage> restored =
        loaded.parts().checkpoint().map(found -> found.content().image());
    restored.ifPresent(image -> {
      if (image.seq() == tail.checkpointSeq() && !image.hash().equals(tail.checkpointHash())) {
        throw new RecoveryFailed("the checkpoint is not of the operation that it is filed under");
      }
    });
    long expected = restored.map(SessionImage::seq).orElse(0L) + 1;
    for (Entry entry : loaded.parts().entries()) {
      if (entry.seq() != expected++) {
        throw new RecoveryFailed("operation " + (expected - 1) + " was not where the index says");
      }
    }
    if (expected != tail.seq() + 1) {
      throw new RecoveryFailed("operation " + expected + " was not where the index says");
    }
    return new Valid(tail, loaded.parts());
  }

  private static Replayed replay(Valid valid) {
    return new Replayed(valid.tail(), valid.parts().replay());
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

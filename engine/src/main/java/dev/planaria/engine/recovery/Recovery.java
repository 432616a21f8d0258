package dev.planaria.engine.recovery;

import dev.planaria.engine.checkpoint.BadCheckpoint;
import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.LoadedCheckpoint;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.integrity.Finding.Code;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.recovery.DecisionTable.Row;
import dev.planaria.engine.recovery.DecisionTable.Situation;
import dev.planaria.engine.recovery.DecisionTable.Where;
import dev.planaria.engine.state.Clamping;
import dev.planaria.engine.state.Consistency;
import dev.planaria.engine.state.Detachment;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.SeqRange;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.Transition;
import dev.planaria.engine.storage.Store;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Brings one session back from the store: [#recover] is the whole of it. Each step takes what the
/// step before it returned, so that none can be left out. Writes nothing: what it decides is
/// journalled by whoever lets the session serve. Thread-safe: between two recoveries it keeps how
/// fast they were, and where the entries of damaged sessions lie.
public final class Recovery {

  /// Clamping can lay references open, and detaching can move values; more rounds never helped.
  private static final int REPAIR_ROUNDS = 2;

  private final Store store;
  private final LongSupplier nanoTime;
  private final RecoveryGuarantees guarantees;
  private final ReplayRate rate = new ReplayRate();
  private final JournalSearch search;

  /// @param store where sessions lie
  /// @param damaged sessions that are known to be damaged: what is left of them is searched for
  ///   together
  /// @param nanoTime a monotonic clock, for the timings in the result
  /// @param guarantees what is promised
  public Recovery(
      Store store,
      Collection<SessionId> damaged,
      LongSupplier nanoTime,
      RecoveryGuarantees guarantees) {
    this.store = store;
    this.search = new JournalSearch(store, damaged);
    this.nanoTime = nanoTime;
    this.guarantees = guarantees;
  }

  /// What a recovery is asked for.
  ///
  /// @param recoveryId names it
  /// @param nowMillis when, Unix time; what is repaired is dated so
  /// @param choice what a person decided, or the table
  public record Request(String recoveryId, long nowMillis, RecoveryChoice choice) {}

  /// What became of a session.
  ///
  /// @param row the row of the decision table
  /// @param estimate what it was expected to cost
  /// @param before what the session was before it failed, or null when nobody knows: it is known
  ///   when every operation up to the last one that was ever acknowledged could be applied
  /// @param content the session as of the highest seq that was ever given, with the operation ids
  ///   that it remembers
  /// @param repairs what must be journalled before anybody is served, in order; empty when nothing
  ///   was lost or repaired
  /// @param index where the entries lie that no checkpoint contains
  /// @param checkpointId what was restored, or null when the journal alone was
  /// @param replayed how many operations of the tail were applied
  /// @param lost how many are lost, by component
  /// @param findings what was found
  /// @param checks how many checks were made
  /// @param failure why the session must not serve, in a sentence, or null
  /// @param phaseMicros how long each phase took, in order
  public record Outcome(
      Row row,
      Estimate estimate,
      @Nullable SessionState before,
      CheckpointContent content,
      List<Operation> repairs,
      TailIndex index,
      @Nullable String checkpointId,
      long replayed,
      Map<String, Long> lost,
      List<Finding> findings,
      long checks,
      @Nullable String failure,
      Map<String, Long> phaseMicros) {

    /// How many operations are lost.
    public long operationsLost() {
      return lost.values().stream().mapToLong(Long::longValue).sum();
    }

    /// How many more may be lost, at most, since nobody can tell whose operations were where the
    /// journal cannot be read.
    public long operationsPossiblyLost() {
      return repairs.stream()
          .mapToLong(repair ->
              repair instanceof Operation.Recovered recovered && recovered.skipped() != null
                  ? recovered.skipped().count()
                  : 0)
          .sum();
    }

    /// How many checks found nothing wrong.
    public long checksPassed() {
      return Math.max(0, checks - findings.size());
    }
  }

  /// Detect, load, validate, replay (whole, from an older checkpoint, or what is left), verify.
  ///
  /// @throws dev.planaria.engine.journal.JournalException.StoreFailed when the store cannot be
  ///   read; try again
  public Outcome recover(SessionTail tail, Request request) {
    Outcome outcome = attempt(tail, request);
    if (outcome.failure() == null || !(request.choice() instanceof RecoveryChoice.AcceptLoss)) {
      return outcome;
    }
    for (CheckpointInfo older : store.checkpoints(tail.id())) {
      var from = new RecoveryChoice.FromCheckpoint(older.id());
      Outcome next = attempt(tail, new Request(request.recoveryId(), request.nowMillis(), from));
      if (next.failure() == null) {
        return next;
      }
    }
    return outcome;
  }

  /// Says that a session serves again, so that what was searched for it can be forgotten.
  public void settled(SessionId id) {
    search.forget(id);
  }

  private Outcome attempt(SessionTail tail, Request request) {
    var phases = new Phases();
    var detected = phases.time("detect", () -> detect(tail, request));
    var loaded = phases.time("load", () -> load(detected));
    var valid = phases.time("validate", () -> validate(loaded));
    var replayed = phases.time("replay", () -> replay(valid));
    var verified = phases.time("verify", () -> verify(replayed));
    rate.measured(verified.replay().applied(), phases.nanos("replay"));
    return outcome(verified, phases.micros());
  }

  private record Detected(SessionTail tail, Request request, boolean damaged) {}

  private record Loaded(Material material, Request request) {}

  private record Valid(Material material, Request request, Estimate estimate) {}

  private record Replayed(Valid valid, Salvage.Replay replay, Material material) {}

  private record Verified(
      Replayed replayed,
      SessionState state,
      List<Operation> repairs,
      List<Finding> findings,
      Row row,
      @Nullable String failure) {

    Salvage.Replay replay() {
      return replayed.replay();
    }
  }

  private static Detected detect(SessionTail tail, Request request) {
    boolean asked = !(request.choice() instanceof RecoveryChoice.ByTable);
    return new Detected(tail, request, tail.isIntricate() || asked);
  }

  /// What is sound is read by its index; for what is not, everything is searched.
  private Loaded load(Detected detected) {
    if (!detected.damaged()) {
      try {
        return new Loaded(loadSound(detected.tail()), detected.request());
      } catch (DamagedException damaged) {
        return new Loaded(search(detected), detected.request());
      }
    }
    return new Loaded(search(detected), detected.request());
  }

  private Material search(Detected detected) {
    return Remains.gather(
        store, search, detected.tail(), detected.request().choice().checkpointId());
  }

  private Material loadSound(SessionTail tail) {
    SessionLoader.Loaded parts = new SessionLoader(store).load(tail);
    Optional<CheckpointContent> base = parts.checkpoint().map(LoadedCheckpoint::content);
    base.ifPresent(content -> requireOwn(tail, content.image()));
    requireGapless(tail, parts);
    var findings = new ArrayList<Finding>();
    for (BadCheckpoint bad : parts.bad()) {
      findings.add(
          Finding.integrity(
              Code.CHECKPOINT_DAMAGED,
              "checkpoint",
              tail.id().toString(),
              List.of(bad.info().id()),
              bad.reason()));
    }
    Where where = Where.NOWHERE;
    if (tail.checkpointSeq() > 0 && isNewestMissing(tail)) {
      findings.add(Remains.missingCheckpoint(tail));
    }
    if (!findings.isEmpty()) {
      where = findings.size() == 1 ? Where.NEWEST_CHECKPOINT : Where.OLDER_CHAIN;
    }
    return new Material(
        tail,
        base,
        parts.checkpoint().map(loaded -> loaded.info().id()).orElse(null),
        parts.entries(),
        true,
        tail.seq(),
        findings,
        where,
        tail.index());
  }

  private boolean isNewestMissing(SessionTail tail) {
    return store.checkpoints(tail.id()).stream()
        .noneMatch(info -> info.verified() && info.seq() >= tail.checkpointSeq());
  }

  private static void requireOwn(SessionTail tail, SessionImage image) {
    boolean asFiled =
        image.seq() != tail.checkpointSeq() || image.hash().equals(tail.checkpointHash());
    if (!asFiled || !image.state().id().equals(tail.id())) {
      throw new DamagedException("the checkpoint is not of the operation it is filed under");
    }
  }

  private static void requireGapless(SessionTail tail, SessionLoader.Loaded parts) {
    long expected = parts.checkpoint().map(loaded -> loaded.content().image().seq()).orElse(0L) + 1;
    List<Entry> entries = parts.entries();
    for (Entry entry : entries) {
      if (entry.seq() != expected++) {
        throw new DamagedException("operation " + (expected - 1) + " is not where it should be");
      }
    }
    boolean complete = expected == tail.seq() + 1;
    boolean sameEnd = entries.isEmpty() || entries.getLast().hash().equals(tail.hash());
    if (!complete || !sameEnd) {
      throw new DamagedException("operation " + expected + " is not where it should be");
    }
  }

  /// What it will cost, as far as can be told before the replay.
  private Valid validate(Loaded loaded) {
    Material material = loaded.material();
    long there = material.baseSeq() + material.entries().size();
    return new Valid(
        material,
        loaded.request(),
        Estimate.of(
            Math.max(0, material.highestSeq() - there),
            material.highestSeq(),
            material.entries().size(),
            rate.operationsPerSecond()));
  }

  private Replayed replay(Valid valid) {
    Material material = valid.material();
    Salvage.Replay replay = Salvage.run(material, valid.request().nowMillis());
    if (!replay.findings().isEmpty() && material.chained()) {
      // The index led to sound entries that cannot be applied: search everything.
      material = search(new Detected(material.tail(), valid.request(), true));
      replay = Salvage.run(material, valid.request().nowMillis());
    }
    return new Replayed(valid, replay, material);
  }

  private Verified verify(Replayed replayed) {
    Request request = replayed.valid().request();
    Salvage.Replay replay = replayed.replay();
    Material material = replayed.material();
    SessionState state = replay.content().image().state();
    var findings = new ArrayList<>(material.findings());
    findings.addAll(replay.findings());
    List<Finding> wrong = Finding.in(state);
    findings.addAll(wrong);
    var repairs = new ArrayList<Operation>();
    if (!replay.lost().isEmpty() || replay.opening() != null || replay.possible() > 0) {
      repairs.add(recovered(replay, material, request));
    }
    for (int round = 0; round < REPAIR_ROUNDS && !wrong.isEmpty(); round++) {
      state = repair(state, request, repairs);
      wrong = Finding.in(state);
    }
    String failure =
        wrong.isEmpty()
            ? null
            : "the recovered state is still wrong: " + wrong.getFirst().sentence();
    var situation =
        new Situation(
            Level.worstOf(findings),
            where(replay, material),
            material.base().isPresent(),
            failure != null);
    return new Verified(
        replayed, state, repairs, findings, DecisionTable.decide(situation), failure);
  }

  private static Where where(Salvage.Replay replay, Material material) {
    if (replay.opening() != null) {
      return Where.NOTHING_READABLE;
    }
    return replay.lost().isEmpty() ? material.where() : Where.TAIL_ENTRY;
  }

  private static Operation recovered(Salvage.Replay replay, Material material, Request request) {
    long possible = replay.possible();
    return new Operation.Recovered(
        request.recoveryId(),
        replay.opening(),
        replay.lost(),
        replay.losses().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(loss -> new Operation.Loss(loss.getKey(), loss.getValue()))
            .toList(),
        possible == 0
            ? null
            : new SeqRange(material.highestSeq() + 1, material.highestSeq() + possible));
  }

  private SessionState repair(SessionState wrong, Request request, List<Operation> repairs) {
    SessionState state = wrong;
    var steps = new ArrayList<Operation>();
    if (guarantees.clampValues()) {
      Clamping.of(state, request.recoveryId(), request.nowMillis()).ifPresent(steps::add);
    }
    for (Operation step : steps) {
      state = Transition.apply(state, step, request.nowMillis());
    }
    repairs.addAll(steps);
    if (guarantees.detachReferences()) {
      Optional<Operation.Detached> detached =
          Detachment.of(state, request.recoveryId(), request.nowMillis());
      if (detached.isPresent()) {
        state = Transition.apply(state, detached.get(), request.nowMillis());
        repairs.add(detached.get());
      }
    }
    return state;
  }

  private Outcome outcome(Verified verified, Map<String, Long> phaseMicros) {
    Salvage.Replay replay = verified.replay();
    Material material = verified.replayed().material();
    TailIndex index = material.index();
    long end = replay.content().image().seq();
    if (index.nextSeq() <= end) {
      index.addLost(Math.max(0, index.lastFrame()), end - index.nextSeq() + 1);
    }
    return new Outcome(
        verified.row(),
        verified.replayed().valid().estimate(),
        isWhole(replay) ? replay.content().image().state() : null,
        replay.content(),
        List.copyOf(verified.repairs()),
        index,
        material.checkpointId(),
        replay.applied(),
        guarantees.countLosses() ? replay.losses() : Map.of(),
        verified.findings(),
        Consistency.checks(verified.state()) + material.entries().size() + 1,
        verified.failure(),
        phaseMicros);
  }

  private static boolean isWhole(Salvage.Replay replay) {
    return replay.lost().isEmpty() && replay.possible() == 0 && replay.opening() == null;
  }

  /// Collects how long each step took.
  private final class Phases {
    private final Map<String, Long> nanos = new LinkedHashMap<>();

    <T> T time(String phase, java.util.function.Supplier<T> step) {
      long start = nanoTime.getAsLong();
      try {
        return step.get();
      } finally {
        nanos.put(phase, nanoTime.getAsLong() - start);
      }
    }

    long nanos(String phase) {
      return nanos.getOrDefault(phase, 0L);
    }

    Map<String, Long> micros() {
      var micros = new LinkedHashMap<String, Long>();
      nanos.forEach((phase, took) -> micros.put(phase, took / 1_000));
      return micros;
    }
  }
}

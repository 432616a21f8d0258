package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.OperationKey;
import dev.planaria.engine.checkpoint.RememberedOperation;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.JournalException;
import dev.planaria.engine.journal.Threads;
import dev.planaria.engine.recovery.SessionTail;
import dev.planaria.engine.recovery.TailIndex;
import dev.planaria.engine.session.PendingOperation.Decided;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Decide;
import dev.planaria.engine.state.Decision;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.Transition;
import dev.planaria.engine.storage.FrameSpans;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One session that is in memory: decides commands, one after the other, on its newest state, and
/// shows the outside only states that are on disk.
///
/// Two images: `speculative` is what the next command is decided on, [DurablePart#image] is what
/// the last commit made of it. When a commit fails, the speculation is thrown away and `generation`
/// rises, so that everything that was queued on top of it falls too.
///
/// Thread-safe. `lock` guards deciding and what an entry is written with; what is on disk guards
/// itself, so that the writer thread never waits for a decision.
final class LiveSession {

  private final SessionId id;
  private final EngineParts parts;
  private final ReentrantLock lock = new ReentrantLock();
  private final EntryWriter entries;
  private final OperationIndex operations;
  private final DurablePart disk;
  private final Acknowledgements acknowledgements;
  private final Birth birth;
  private final ReentrantLock checkpointing = new ReentrantLock();
  // Guarded by lock.
  private boolean retired;
  private @Nullable SessionImage speculative;
  private @Nullable PendingOperation newest;
  private final AtomicInteger generation = new AtomicInteger();

  /// A session that its first operation is about to create.
  LiveSession(SessionId id, EngineParts parts) {
    this.id = id;
    this.parts = parts;
    this.entries = new EntryWriter(id, parts.epoch());
    this.operations = newIndex(parts);
    this.birth = new Birth(parts.threads());
    this.disk = new DurablePart(id, parts.store(), new TailIndex(1), null);
    this.acknowledgements = new Acknowledgements(id, disk, parts.writer());
  }

  /// A session that was brought back.
  LiveSession(CheckpointContent content, TailIndex tail, EngineParts parts) {
    this.id = content.image().state().id();
    this.parts = parts;
    this.entries = new EntryWriter(id, parts.epoch());
    this.operations = newIndex(parts);
    if (parts.guarantees().rememberOperationIds()) {
      this.operations.restore(content.operations(), content.forgottenBeforeMillis());
    }
    this.disk = new DurablePart(id, parts.store(), tail, content.image());
    this.acknowledgements = new Acknowledgements(id, disk, parts.writer());
    this.speculative = content.image();
    this.birth = Birth.done(parts.threads());
  }

  private static OperationIndex newIndex(EngineParts parts) {
    return new OperationIndex(
        parts.settings().operationIdMillis(), parts.settings().operationIdsPerSession());
  }

  SessionId id() {
    return id;
  }

  int generation() {
    return generation.get();
  }

  Threads threads() {
    return parts.threads();
  }

  /// Creates the session and waits until that is on disk. Called once, by whoever put the session
  /// into the catalogue.
  ///
  /// @param digest stands for what was asked
  Committed open(Operation.Beginning opened, Hash digest, Caller caller) {
    return birth.decide(() -> appendOpening(opened, digest, caller).await());
  }

  private PendingOperation appendOpening(Operation.Beginning opened, Hash digest, Caller caller) {
    parts.acquirePending();
    boolean appended = false;
    lock.lock();
    try {
      long now = parts.nowMillis();
      var image = new SessionImage(Transition.open(opened, now), 0, Hash.ZERO);
      var identity = OperationIdentity.of(caller, digest, parts.environment().newId());
      PendingOperation pending = append(image, opened, now, identity);
      appended = true;
      return pending;
    } catch (JournalException.Closed closed) {
      throw new StoreUnavailable("the engine is closed, so nothing was changed", closed);
    } finally {
      lock.unlock();
      if (!appended) {
        parts.pending().release();
      }
    }
  }

  /// Decides a command and waits until its operation is on disk. See [SessionEngine#submit].
  ///
  /// @return the acknowledgement, or nothing when the session has left memory and must be brought
  ///   back first
  Optional<Committed> submit(Command command, Caller caller) {
    var identity = OperationIdentity.of(caller, command, parts.environment().newId());
    while (true) {
      Step step = decide(command, identity);
      switch (step) {
        case Step.Wait wait -> {
          return Optional.of(wait.pending().await());
        }
        case Step.Repeat repeat -> {
          if (reachedDisk(repeat.after())) {
            return Optional.of(acknowledgements.again(repeat.operation()));
          }
        }
        case Step.Refuse refuse -> {
          if (reachedDisk(refuse.after())) {
            throw refuse.refusal();
          }
        }
        case Step.Gone _ -> {
          return Optional.empty();
        }
      }
      // What this was based on was taken back: decide again on what is there now.
    }
  }

  private Step decide(Command command, OperationIdentity identity) {
    parts.acquirePending();
    boolean appended = false;
    lock.lock();
    try {
      if (retired) {
        return new Step.Gone();
      }
      sweepIfDue();
      SessionImage image = requireImage();
      RememberedOperation known = identity.isNew() ? null : operations.find(identity.key());
      try {
        if (known != null) {
          OperationIds.requireSameCommand(known, identity);
          OperationIds.requireKept(known, identity.operationId());
          return new Step.Repeat(known, newest);
        }
        long now = parts.nowMillis();
        if (!identity.isNew()) {
          long keepMillis = parts.settings().operationIdMillis();
          OperationIds.requireFresh(identity.operationId(), now, keepMillis);
        }
        Operation operation = Decide.decide(image.state(), command, decision(image, now));
        PendingOperation pending = append(image, operation, now, identity);
        appended = true;
        return new Step.Wait(pending);
      } catch (Refusal refusal) {
        return new Step.Refuse(refusal, newest);
      } catch (JournalException.Closed closed) {
        throw new StoreUnavailable("the engine is closed, so nothing was changed", closed);
      }
    } finally {
      lock.unlock();
      if (!appended) {
        parts.pending().release();
      }
    }
  }

  private Decision decision(SessionImage image, long now) {
    return new Decision(now, image.seq() + 1, parts.leaseTokens(), parts.settings().limits());
  }

  /// Leases and memory that ran out are taken back by an operation of their own before anything is
  /// decided on them.
  private void sweepIfDue() {
    long now = parts.nowMillis();
    boolean more = true;
    // One sweep settles a bounded number of things.
    while (more && requireImage().state().nextDueMillis() <= now) {
      more = appendOwn(requireImage(), new Command.Sweep());
    }
  }

  /// Appends an operation of the engine's own. False when there was nothing to do, or no room for
  /// it now.
  private boolean appendOwn(SessionImage image, Command command) {
    if (!parts.pending().tryAcquire()) {
      return false;
    }
    long now = parts.nowMillis();
    boolean appended = false;
    try {
      Operation operation = Decide.decide(image.state(), command, decision(image, now));
      var identity = OperationIdentity.of(SYSTEM, command, parts.environment().newId());
      var _ = append(image, operation, now, identity);
      appended = true;
    } catch (Refusal refusal) {
      if (refusal.code() != Refusal.Code.NOTHING_TO_SWEEP) {
        throw refusal;
      }
    } finally {
      if (!appended) {
        parts.pending().release();
      }
    }
    return appended;
  }

  /// Appends an operation that a recovery decided. Called before anybody else has the session.
  PendingOperation appendDecided(Operation operation) {
    parts.acquirePending();
    lock.lock();
    try {
      var identity = OperationIdentity.of(SYSTEM, Hash.ZERO, parts.environment().newId());
      return append(requireImage(), operation, parts.nowMillis(), identity);
    } finally {
      lock.unlock();
    }
  }

  /// Who the engine's own operations are written under.
  static final Caller SYSTEM = new Caller("planaria", null);

  /// Chains the operation to what came before, applies it and hands it to the writer. Called under
  /// the lock, so that the order of entries in the queue is the order of their seqs.
  private PendingOperation append(
      SessionImage image, Operation operation, long now, OperationIdentity identity) {
    EntryWriter.Written written = entries.write(image, operation, now, identity);
    SessionImage after = written.after();
    var decided = new Decided(operation, identity.operationId(), now);
    var pending = new PendingOperation(this, generation.get(), written.bytes(), after, decided);
    parts.writer().enqueue(pending);
    speculative = after;
    newest = pending;
    if (parts.guarantees().rememberOperationIds()) {
      operations.forgetOld(now);
      operations.add(
          new RememberedOperation(
              identity.key(), identity.commandDigest().prefix(), after.seq(), now));
      operations.markIfChanged(image.state(), after.state());
    }
    return pending;
  }

  /// Waits for what a decision was based on. False when that was taken back.
  private boolean reachedDisk(@Nullable PendingOperation after) {
    if (after == null || !parts.guarantees().answerFromDisk()) {
      return true;
    }
    try {
      after.await();
      return true;
    } catch (StoreUnavailable takenBack) {
      return false;
    }
  }

  /// What is known of an operation id.
  OperationLookup lookUp(Caller caller) {
    String operationId = OperationIds.of(caller, parts.environment().newId());
    RememberedOperation known;
    long forgottenBefore;
    lock.lock();
    try {
      known = operations.find(OperationKey.of(caller.principal(), operationId));
      forgottenBefore = operations.forgottenBeforeMillis();
    } finally {
      lock.unlock();
    }
    return known == null
        ? OperationIds.lookUpForgotten(
            operationId, forgottenBefore, parts.nowMillis() - parts.settings().operationIdMillis())
        : acknowledgements.of(known);
  }

  /// The session as it is on disk; waits when its very first operation is still on its way.
  SessionImage view() {
    if (!parts.guarantees().answerFromDisk()) {
      return newestImage();
    }
    SessionImage image = disk.image();
    if (image != null) {
      return image;
    }
    // Somebody is creating it; what becomes of that decides for everybody.
    birth.await();
    image = disk.image();
    if (image == null) {
      throw neverCreated();
    }
    return image;
  }

  private SessionImage newestImage() {
    lock.lock();
    try {
      return requireImage();
    } finally {
      lock.unlock();
    }
  }

  /// True when not even its first operation is on disk.
  boolean isUnborn() {
    return disk.image() == null;
  }

  /// True when its creation was refused for good, so that the name is free again.
  boolean isStillborn() {
    return birth.failedForGood();
  }

  private SessionImage requireImage() {
    SessionImage image = speculative;
    if (image == null) {
      throw neverCreated();
    }
    return image;
  }

  private StoreUnavailable neverCreated() {
    return new StoreUnavailable(
        "the session was never created, because the store failed; open it again",
        new IllegalStateException("session " + id + " has no operation"));
  }

  /// Called by the writer: an operation is on disk.
  void committed(SessionImage after, long frameId, int offset, int length, long timeMillis) {
    disk.committed(after, frameId, offset, length, timeMillis);
    finished();
  }

  /// Called by the writer: an operation no longer waits for the disk.
  void finished() {
    parts.pending().release();
  }

  /// Called by the writer: what is not on disk will never be.
  void takeBack() {
    lock.lock();
    try {
      SessionImage fallen = speculative;
      SessionImage durable = disk.image();
      speculative = durable;
      newest = null;
      operations.takeBackAfter(disk.seq());
      if (fallen != null && durable != null) {
        operations.markIfChanged(fallen.state(), durable.state());
      }
      generation.incrementAndGet();
    } finally {
      lock.unlock();
    }
  }

  /// What a checkpoint of this moment holds, and where the entries lie that it contains.
  ///
  /// @param content the session as it is on disk
  /// @param entries the entries since the checkpoint before
  record Snapshot(CheckpointContent content, FrameSpans entries) {}

  Snapshot snapshot() {
    lock.lock();
    try {
      DurablePart.Sealed sealed = disk.seal();
      SessionImage image = sealed.image();
      return new Snapshot(
          new CheckpointContent(
              image,
              operations.upTo(image.seq(), image.state(), requireImage().state()),
              operations.forgottenBeforeMillis()),
          sealed.entries());
    } finally {
      lock.unlock();
    }
  }

  /// Takes no commands from here on, so that it can leave memory. False when it cannot: something
  /// of it is in no checkpoint, or something is due that only a session in memory can settle.
  boolean retire() {
    lock.lock();
    try {
      SessionImage image = disk.image();
      SessionImage decided = speculative;
      boolean settled =
          image != null
              && decided != null
              && image.seq() == decided.seq()
              && disk.tailSize().operations() == 0
              && image.state().nextDueMillis() == Long.MAX_VALUE;
      retired = retired || settled;
      return settled;
    } finally {
      lock.unlock();
    }
  }

  /// True when its recovery has changed nothing, and nothing is due that only a session in memory
  /// can settle, so that it can be brought back from the same tail again.
  boolean isAsFound(SessionTail tail) {
    lock.lock();
    try {
      SessionImage decided = speculative;
      return decided != null
          && decided.hash().equals(tail.hash())
          && decided.state().nextDueMillis() == Long.MAX_VALUE
          && disk.tailSize().operations() == tail.seq() - tail.checkpointSeq()
          && !tail.isIntricate();
    } finally {
      lock.unlock();
    }
  }

  /// How many operation ids it remembers: most of what it costs in memory.
  int remembered() {
    lock.lock();
    try {
      return operations.size();
    } finally {
      lock.unlock();
    }
  }

  /// Held while a checkpoint of it is taken.
  ReentrantLock checkpointing() {
    return checkpointing;
  }

  /// What of it is on disk.
  DurablePart disk() {
    return disk;
  }

  /// That caller's operation, if it created the session.
  @Nullable RememberedOperation opening(Caller caller) {
    lock.lock();
    try {
      RememberedOperation known =
          operations.find(
              OperationKey.of(
                  caller.principal(), OperationIds.of(caller, parts.environment().newId())));
      return known != null && known.position() == 1 ? known : null;
    } finally {
      lock.unlock();
    }
  }

  /// After a crash: gives every lease its full length again. Does not wait for the disk; whoever
  /// asks next does.
  void resume(String recoveryId) {
    lock.lock();
    try {
      SessionImage image = requireImage();
      boolean anythingRunsOut = image.state().nextDueMillis() != Long.MAX_VALUE;
      if (anythingRunsOut) {
        appendOwn(image, new Command.ResumeAfterCrash(recoveryId));
      }
    } finally {
      lock.unlock();
    }
  }

  /// Takes back leases and memory that ran out, if any did.
  void sweep() {
    lock.lock();
    try {
      if (speculative != null && !retired) {
        sweepIfDue();
      }
    } finally {
      lock.unlock();
    }
  }
}

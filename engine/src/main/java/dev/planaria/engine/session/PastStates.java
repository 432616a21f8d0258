package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.RememberedOperation;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.recovery.RecoveryFailed;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Decide;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.UndecodableException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a session was, for going back to it and for branching off from it. Thread-safe.
final class PastStates {

  private final EngineParts parts;
  private final Catalogue catalogue;
  private final Checkpointer checkpointer;
  private final Function<SessionSlot, LiveSession> live;

  /// @param live gives a session, brought back into memory first if it has left it
  PastStates(
      EngineParts parts,
      Catalogue catalogue,
      Checkpointer checkpointer,
      Function<SessionSlot, LiveSession> live) {
    this.parts = parts;
    this.live = live;
    this.catalogue = catalogue;
    this.checkpointer = checkpointer;
  }

  /// Begins a session of which nothing is on disk, or gives the one that has its name already.
  @FunctionalInterface
  interface Beginner {

    /// Begins it.
    ///
    /// @param digest stands for what was asked
    LiveSession begin(Operation.Beginning first, Hash digest, Caller caller);
  }

  /// See [SessionEngine#restore].
  Committed restore(SessionSlot slot, PastPoint point, Caller caller) {
    while (true) {
      LiveSession session = live.apply(slot);
      Optional<Committed> before = restoredBefore(session, point, caller);
      if (before.isPresent()) {
        return before.get();
      }
      Optional<Committed> committed = session.submit(at(session, point).restore(), caller);
      if (committed.isPresent()) {
        if (!committed.get().repeated()) {
          checkpointer.takeAfresh(session);
        }
        return committed.get();
      }
    }
  }

  /// See [SessionEngine#fork].
  ///
  /// @param parent the session to copy; not looked at when the copy is there already
  /// @param caller has an operation id
  Opened fork(
      SessionSlot parent,
      @Nullable String name,
      @Nullable PastPoint point,
      Caller caller,
      Beginner beginner) {
    String chosen = name == null ? SessionNames.generated("fork", caller) : name;
    Hash digest = forkDigest(parent.id(), chosen, point);
    LiveSession session =
        catalogue
            .named(chosen)
            .map(live)
            .orElseGet(
                () -> beginner.begin(forked(live.apply(parent), chosen, point), digest, caller));
    requireForkedBy(session, digest, caller, chosen);
    SessionImage image = session.view();
    return new Opened(image.state(), image.head(), true);
  }

  private Operation.SessionForked forked(
      LiveSession origin, String name, @Nullable PastPoint point) {
    SessionImage from = point == null ? origin.view() : at(origin, point).image();
    return Decide.fork(
        new SessionId(parts.environment().newId().get()),
        name,
        from.state(),
        from.seq(),
        parts.nowMillis(),
        parts.settings().limits());
  }

  /// An earlier state of a session.
  ///
  /// @param image the state
  /// @param checkpointId the checkpoint by which it was named, or null
  private record Past(SessionImage image, @Nullable String checkpointId) {

    /// The command that goes back to it.
    Command.RestoreSession restore() {
      return new Command.RestoreSession(image.seq(), checkpointId, image.state());
    }
  }

  /// The state at that point: from the nearest intact checkpoint at or below, the journal and its
  /// archive.
  ///
  /// @throws Refusal when the session was never at such a point, or what is needed for its state
  ///   was dropped for its age or is damaged
  private Past at(LiveSession session, PastPoint point) {
    return switch (point) {
      case PastPoint.AtSeq(long seq) -> new Past(stateAt(session, seq), null);
      case PastPoint.AtCheckpoint(String id) ->
          new Past(stateAt(session, checkpoint(session.id(), id).seq()), id);
    };
  }

  private CheckpointInfo checkpoint(SessionId session, String id) {
    return parts.store().checkpoints(session).stream()
        .filter(info -> info.id().equals(id) && info.verified())
        .findFirst()
        .orElseThrow(() ->
            new Refusal(
                Refusal.Code.NOT_FOUND,
                "`checkpoint_id` names no checkpoint of this session; an older one may have been"
                    + " removed since newer ones replace it: name a `seq` instead"));
  }

  private static SessionImage stateAt(LiveSession session, long seq) {
    long head = session.view().seq();
    if (seq < 1 || seq > head) {
      throw new Refusal(
          Refusal.Code.NOT_FOUND,
          "`seq` must be an operation of the session, 1 to " + head + ", not " + seq);
    }
    try {
      return session.disk().stateAt(seq);
    } catch (DamagedException | RecoveryFailed | UndecodableException e) {
      requireNotExpired(session, seq);
      throw new Refusal(
          Refusal.Code.NOT_FOUND,
          "what the session was at operation "
              + seq
              + " can no longer be told, since part of it is damaged or was dropped for its age: "
              + e.getMessage()
              + "; name a later operation");
    }
  }

  /// Refuses an operation that was dropped for its age.
  private static void requireNotExpired(LiveSession session, long seq) {
    try {
      var _ = session.disk().find(seq);
    } catch (DamagedException damaged) {
      return; // it is there, and told as what it is
    }
  }

  /// The first acknowledgement of the same restore, when its operation id is on disk already; then
  /// the earlier state, which may be gone by now, is not needed.
  private static Optional<Committed> restoredBefore(
      LiveSession session, PastPoint point, Caller caller) {
    if (caller.operationId() != null
        && session.lookUp(caller) instanceof OperationLookup.Applied(Committed committed)
        && committed.operation() instanceof Operation.Restored restored
        && isOf(restored, point)) {
      return Optional.of(committed);
    }
    return Optional.empty();
  }

  /// Stands for what a fork was asked for.
  private static Hash forkDigest(SessionId parent, String name, @Nullable PastPoint point) {
    String asked =
        switch (point) {
          case null -> "head";
          case PastPoint.AtSeq(long seq) -> "seq " + seq;
          case PastPoint.AtCheckpoint(String id) -> "checkpoint " + id;
        };
    String text = "fork\n" + parent + '\n' + asked + '\n' + name;
    return Hash.sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Refuses a session of that name that this very call has not made.
  static void requireForkedBy(LiveSession session, Hash digest, Caller caller, String name) {
    RememberedOperation opening = session.opening(caller);
    if (opening == null) {
      throw new Refusal(
          Refusal.Code.NAME_TAKEN,
          "there is a session of that name already (" + name + "); choose another");
    }
    OperationIds.requireSameCommand(opening, String.valueOf(caller.operationId()), digest);
  }

  private static boolean isOf(Operation.Restored restored, PastPoint point) {
    return switch (point) {
      case PastPoint.AtSeq(long seq) -> restored.checkpointId() == null && restored.toSeq() == seq;
      case PastPoint.AtCheckpoint(String id) -> Objects.equals(restored.checkpointId(), id);
    };
  }
}

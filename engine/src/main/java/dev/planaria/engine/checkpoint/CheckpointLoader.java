package dev.planaria.engine.checkpoint;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.SessionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the newest checkpoint that can be trusted, and puts it together. Thread-safe.
public final class CheckpointLoader {

  /// No chain that anybody wrote is longer: a bound for damaged links, not the setting.
  private static final int MAX_CHAIN = 1_000;

  private final CheckpointShelf shelf;

  /// @param shelf where checkpoints lie
  public CheckpointLoader(CheckpointShelf shelf) {
    this.shelf = shelf;
  }

  /// What a search found.
  ///
  /// @param used the newest checkpoint all of whose chain is intact, if there is one
  /// @param bad newer ones that cannot be used, newest first
  public record Search(Optional<LoadedCheckpoint> used, List<BadCheckpoint> bad) {

    /// Copies the list.
    public Search {
      bad = List.copyOf(bad);
    }
  }

  /// The newest verified checkpoint of a session, at or below a seq, that is intact. When one is
  /// not, the next older one is tried: its parent, or the end of the chain before.
  public Search newest(SessionId sessionId, long atMostSeq) {
    var bad = new ArrayList<BadCheckpoint>();
    for (CheckpointInfo info : shelf.checkpoints(sessionId)) {
      // One that was never verified is no more than a torn write; nothing was built on it.
      if (info.verified() && info.seq() <= atMostSeq) {
        try {
          return new Search(Optional.of(load(info)), bad);
        } catch (DamagedException e) {
          bad.add(new BadCheckpoint(info, String.valueOf(e.getMessage())));
        }
      }
    }
    return new Search(Optional.empty(), bad);
  }

  /// Puts one checkpoint together.
  ///
  /// @throws DamagedException when it, or anything that it stands on, is not what was written
  public LoadedCheckpoint load(CheckpointInfo info) {
    var deltas = new ArrayDeque<CheckpointDelta>();
    StoredCheckpoint stored = fetch(info.id());
    Hash sha256 = stored.sha256();
    for (int links = 0; links < MAX_CHAIN; links++) {
      switch (CheckpointCodec.read(stored)) {
        case CheckpointBody.Full full -> {
          CheckpointContent content = CheckpointDelta.compose(full.content(), List.copyOf(deltas));
          return new LoadedCheckpoint(info, sha256, deltas.size(), content);
        }
        case CheckpointBody.Incremental incremental -> {
          deltas.addFirst(incremental.delta());
          stored = parent(stored, incremental.parent());
        }
      }
    }
    throw new DamagedException(
        "checkpoint " + info.id() + " stands on more than " + MAX_CHAIN + " others");
  }

  private StoredCheckpoint parent(StoredCheckpoint child, CheckpointBody.Parent parent) {
    StoredCheckpoint found = fetch(parent.id());
    if (!found.sha256().equals(parent.sha256())
        || !found.info().sessionId().equals(child.info().sessionId())) {
      throw new DamagedException(
          "checkpoint " + parent.id() + " is not the one that " + child.info().id() + " stands on");
    }
    return found;
  }

  private StoredCheckpoint fetch(String id) {
    return shelf
        .checkpoint(id)
        .orElseThrow(() -> new DamagedException("checkpoint " + id + " is not in the store"));
  }
}

package dev.planaria.engine.checkpoint;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A session's newest verified checkpoint and what it stands on, as the process that wrote them
/// knows it: what the next one can be a delta to. Immutable.
///
/// @param links the chain, the full one first
/// @param content what all of it together holds
/// @param fullBytes the size of the full one
public record ChainEnd(List<Link> links, CheckpointContent content, long fullBytes) {

  /// One checkpoint of a chain.
  ///
  /// @param id which
  /// @param sha256 of its body
  public record Link(String id, Hash sha256) {}

  /// Copies the list.
  public ChainEnd {
    links = List.copyOf(links);
  }

  /// A chain that begins.
  public static ChainEnd of(StoredCheckpoint full, CheckpointContent content) {
    return new ChainEnd(
        List.of(new Link(full.info().id(), full.sha256())), content, full.body().length);
  }

  /// The chain with one more.
  public ChainEnd followedBy(StoredCheckpoint next, CheckpointContent nowContent) {
    var longer = new ArrayList<>(links);
    longer.add(new Link(next.info().id(), next.sha256()));
    return new ChainEnd(longer, nowContent, fullBytes);
  }

  /// A delta to this chain, or nothing when a full one is better: the chain is as long as it may
  /// be, or the delta is too large a part of a full one.
  ///
  /// @param info what the new one says of itself
  /// @param nowContent what it holds
  public Optional<StoredCheckpoint> next(
      CheckpointInfo info, CheckpointContent nowContent, CheckpointChains settings) {
    if (links.size() >= settings.chainLength()) {
      return Optional.empty();
    }
    Link parent = links.getLast();
    StoredCheckpoint delta =
        CheckpointCodec.encode(
            info,
            new CheckpointBody.Incremental(
                new CheckpointBody.Parent(parent.id(), parent.sha256(), links.size()),
                CheckpointDelta.between(content, nowContent)));
    boolean small = delta.body().length * 100L <= fullBytes * settings.deltaPercent();
    return small ? Optional.of(delta) : Optional.empty();
  }

  /// Checks that the whole chain still lies there as it was written. Every body was decoded and
  /// compared when it was new, so that its SHA-256 says it all.
  ///
  /// @throws DamagedException when it does not
  public void requireIntact(CheckpointShelf shelf) {
    for (Link link : links) {
      StoredCheckpoint stored =
          shelf
              .checkpoint(link.id())
              .orElseThrow(() -> new DamagedException("checkpoint " + link.id() + " is gone"));
      if (!Hash.sha256(stored.body()).equals(link.sha256())) {
        throw new DamagedException("checkpoint " + link.id() + " is not what was written");
      }
    }
  }
}

package dev.planaria.engine.checkpoint;

import dev.planaria.engine.checkpoint.CheckpointInfo.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How checkpoints stand on each other, and which are kept. Pure.
///
/// @param chainLength how many may stand on each other, the full one included: each is one more
///   read at a recovery, and one more that can be damaged
/// @param deltaPercent a delta that is larger than this part of the full one is written as a full
///   one, in percent: it would save little and lengthen the chain
/// @param fullChains how many of the newest verified chains are kept: with two, one can be lost
///   without loss
/// @param labelled how many checkpoints that somebody asked for are kept beyond that
public record CheckpointChains(int chainLength, int deltaPercent, int fullChains, int labelled) {

  /// Chains of 8, deltas of up to half a full one, two chains, 20 labelled ones.
  public static final CheckpointChains DEFAULT = new CheckpointChains(8, 50, 2, 20);

  /// Refuses bounds under which nothing could be kept.
  public CheckpointChains {
    if (chainLength < 1 || deltaPercent < 0 || fullChains < 2 || labelled < 0) {
      throw new IllegalArgumentException(
          "`chainLength` must be at least 1, `fullChains` at least 2, `deltaPercent` and `labelled`"
              + " not negative");
    }
  }

  /// What becomes of a session's checkpoints.
  ///
  /// @param kept what stays, newest first
  /// @param surplus what nothing needs any more, newest first
  public record Sorted(List<CheckpointInfo> kept, List<CheckpointInfo> surplus) {

    /// Copies the lists.
    public Sorted {
      kept = List.copyOf(kept);
      surplus = List.copyOf(surplus);
    }
  }

  /// Sorts a session's checkpoints: the newest verified chains stay, and the newest labelled ones
  /// with all that they stand on. One that was never verified is surplus: whoever wrote it is gone.
  ///
  /// @param newestFirst all of one session; none is being written
  public Sorted sort(List<CheckpointInfo> newestFirst) {
    Map<String, CheckpointInfo> byId = new HashMap<>();
    newestFirst.forEach(info -> byId.put(info.id(), info));
    Set<String> roots = new HashSet<>();
    Set<String> keep = new HashSet<>();
    int labels = 0;
    for (CheckpointInfo info : newestFirst) {
      if (info.verified() && info.kind() == Kind.FULL && roots.size() < fullChains) {
        roots.add(info.id());
      }
      if (info.verified() && info.label() != null && labels < labelled) {
        labels++;
        keep.addAll(ancestry(info, byId));
      }
    }
    var kept = new ArrayList<CheckpointInfo>();
    var surplus = new ArrayList<CheckpointInfo>();
    for (CheckpointInfo info : newestFirst) {
      boolean inChain = info.verified() && roots.contains(ancestry(info, byId).getLast());
      (inChain || keep.contains(info.id()) ? kept : surplus).add(info);
    }
    return new Sorted(kept, surplus);
  }

  /// The first operation that must be replayable: with the newest chain lost, everything behind the
  /// full one before it is needed, and without that one everything.
  ///
  /// @param newestFirst all of one session
  public long replayFromSeq(List<CheckpointInfo> newestFirst) {
    return newestFirst.stream()
        .filter(info -> info.verified() && info.kind() == Kind.FULL)
        .skip(1)
        .findFirst()
        .map(info -> info.seq() + 1)
        .orElse(1L);
  }

  /// The checkpoint and all that it stands on; ends early where a link is broken.
  private static List<String> ancestry(CheckpointInfo info, Map<String, CheckpointInfo> byId) {
    var ids = new ArrayList<String>();
    CheckpointInfo next = info;
    while (next != null && !ids.contains(next.id())) {
      ids.add(next.id());
      next = next.parentId() == null ? null : byId.get(next.parentId());
    }
    return ids;
  }
}

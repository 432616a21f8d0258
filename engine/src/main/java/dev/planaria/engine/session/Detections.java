package dev.planaria.engine.session;

import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.state.SessionId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts what checks of stored data have found since the engine was opened, and what they have
/// not. Damage counts once, however many come upon it until it is healed. Thread-safe.
final class Detections {

  /// Bytes that are not under the sum, hash or chain that they were written with.
  private static final Set<String> CHECKSUMS =
      Set.of(
          Finding.Code.FRAME_DAMAGED.name(),
          Finding.Code.FRAME_OUT_OF_CHAIN.name(),
          Finding.Code.ENTRY_DAMAGED.name(),
          Finding.Code.ENTRY_OUT_OF_CHAIN.name(),
          Finding.Code.CHECKPOINT_DAMAGED.name(),
          Finding.Code.CATALOGUE_DAMAGED.name());

  private final LongAdder checksumFailures = new LongAdder();
  private final LongAdder truePositives = new LongAdder();
  private final LongAdder falsePositives = new LongAdder();
  private final LongAdder missed = new LongAdder();

  /// Sessions whose damage was counted, and is not healed.
  private final Set<SessionId> known = ConcurrentHashMap.newKeySet();

  /// A check has found something, and a second reading has confirmed it.
  void found(Finding finding) {
    truePositives.increment();
    count(finding);
  }

  /// The same of a session that is going to be recovered, whose recovery finds it too.
  void foundIn(SessionId session, List<Finding> findings) {
    if (!findings.isEmpty()) {
      known.add(session);
    }
  }

  /// A second reading has not confirmed what a check had found.
  void falseAlarm() {
    falsePositives.increment();
  }

  /// A recovery came upon this.
  ///
  /// @param looking true when somebody was looking for damage: after a crash, or because a recovery
  ///   was asked for; false when a caller's request met it
  /// @param healed true when the session serves again
  /// @return true when nobody knew of it
  boolean met(SessionId session, List<Finding> findings, boolean looking, boolean healed) {
    if (findings.isEmpty()) {
      return false;
    }
    boolean counted = healed ? known.remove(session) : !known.add(session);
    if (!counted) {
      (looking ? truePositives : missed).add(findings.size());
      findings.forEach(this::count);
    }
    return !counted;
  }

  private void count(Finding finding) {
    if (CHECKSUMS.contains(finding.code())) {
      checksumFailures.increment();
    }
  }

  DetectionCounts counts() {
    return new DetectionCounts(
        checksumFailures.sum(), truePositives.sum(), falsePositives.sum(), missed.sum());
  }
}

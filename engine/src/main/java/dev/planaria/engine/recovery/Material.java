package dev.planaria.engine.recovery;

import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.recovery.DecisionTable.Where;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a recovery has to work with.
///
/// @param tail what opening the store learned of the session
/// @param base the checkpoint to begin with, if there is one
/// @param checkpointId its id
/// @param entries the intact entries behind it, by seq
/// @param chained whether they are known to follow each other without a gap
/// @param highestSeq the highest seq that was ever given, as far as is known
/// @param findings what was found to be wrong so far
/// @param where where the damage lies, entries left aside
/// @param index where the entries lie
record Material(
    SessionTail tail,
    Optional<CheckpointContent> base,
    @Nullable String checkpointId,
    List<Entry> entries,
    boolean chained,
    long highestSeq,
    List<Finding> findings,
    Where where,
    TailIndex index) {

  Material {
    entries = List.copyOf(entries);
    findings = List.copyOf(findings);
  }

  long baseSeq() {
    return base.map(content -> content.image().seq()).orElse(0L);
  }
}

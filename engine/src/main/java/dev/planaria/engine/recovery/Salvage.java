package dev.planaria.engine.recovery;

import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.OperationKey;
import dev.planaria.engine.checkpoint.RememberedOperation;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.integrity.Finding.Code;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.Consistency;
import dev.planaria.engine.state.Footprint;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.SeqRange;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.state.Transition;
import dev.planaria.engine.state.UndecodableException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Replays a session's operations, and where some are lost, goes on with those that stand without
/// them: an operation stands when the state agrees with itself once it is applied. What an earlier
/// recovery left out is left out again. Pure; one instance for one replay.
final class Salvage {

  private final Material material;
  private final long nowMillis;
  private final EntryCodec codec = new EntryCodec();
  private final MessageDigest sha256 = EntryCodec.newSha256();
  private final List<Finding> findings = new ArrayList<>();
  private final List<RememberedOperation> remembered = new ArrayList<>();
  private final List<SeqRange> lost = new ArrayList<>();
  private final Map<String, Long> losses = new TreeMap<>();
  private final List<SeqRange> settled;
  private Operation.@Nullable Opening opening;
  private boolean begunAnew;
  private @Nullable SessionState state;
  private long forgottenBeforeMillis;
  private long next;
  private Hash hash;
  private long applied;
  private long salvaged;

  private Salvage(Material material, long nowMillis) {
    this.material = material;
    this.nowMillis = nowMillis;
    this.next = material.baseSeq() + 1;
    this.settled = settledBefore(material);
    CheckpointContent base = material.base().orElse(null);
    this.hash = base == null ? Hash.ZERO : base.image().hash();
    if (base != null) {
      this.state = base.image().state();
      this.remembered.addAll(base.operations());
      this.forgottenBeforeMillis = base.forgottenBeforeMillis();
    }
  }

  /// What a replay came to.
  ///
  /// @param content the session as of the highest seq that was ever given
  /// @param applied how many operations were applied
  /// @param salvaged how many of them stood behind a loss
  /// @param lost the seqs that are newly lost
  /// @param losses how many of them, by component
  /// @param possible how many more may be lost that left no trace
  /// @param opening what the session was begun with anew, or null
  /// @param findings what the replay found
  record Replay(
      CheckpointContent content,
      long applied,
      long salvaged,
      List<SeqRange> lost,
      Map<String, Long> losses,
      long possible,
      Operation.@Nullable Opening opening,
      List<Finding> findings) {}

  static Replay run(Material material, long nowMillis) {
    return new Salvage(material, nowMillis).run();
  }

  private Replay run() {
    for (Entry entry : material.entries()) {
      if (entry.seq() > next) {
        missing(next, entry.seq() - 1, entry.timeMillis());
      }
      boolean trusted = material.chained() || isInPlace(entry);
      take(entry, trusted);
      hash = entry.hash();
      next = entry.seq() + 1;
    }
    if (material.highestSeq() >= next) {
      missing(next, material.highestSeq(), nowMillis);
    }
    SessionState reached = state == null ? begin(nowMillis) : state;
    long possible = possible();
    if (possible > 0) {
      forgottenBeforeMillis = nowMillis;
    }
    var image = new SessionImage(reached, material.highestSeq() + possible, hash);
    return new Replay(
        new CheckpointContent(image, inEffect(reached), forgottenBeforeMillis),
        applied,
        salvaged,
        List.copyOf(lost),
        Map.copyOf(losses),
        possible,
        begunAnew ? opening : null,
        List.copyOf(findings));
  }

  /// Restores among the operations decide which of them have an effect; what is newly lost has none
  /// either.
  private List<RememberedOperation> inEffect(SessionState reached) {
    var none = new ArrayList<>(reached.history().withoutEffect());
    none.addAll(lost);
    return RememberedOperation.marked(remembered, SeqRange.union(none));
  }

  /// How many operations may be lost behind the last one that is known; none when an attempt of
  /// this recovery has written down already that they are given up.
  private long possible() {
    boolean givenUp =
        material.entries().stream()
            .anyMatch(entry ->
                entry.seq() > material.tail().seq()
                    && decode(entry) instanceof Operation.Recovered);
    return givenUp ? 0 : material.tail().possiblyLost();
  }

  /// What the recoveries before this one left out, as they wrote it down.
  private List<SeqRange> settledBefore(Material from) {
    var ranges = new ArrayList<SeqRange>();
    if (from.chained()) {
      return ranges;
    }
    for (Entry entry : from.entries()) {
      if (entry.type().equals("recovered")
          && decode(entry) instanceof Operation.Recovered recovered) {
        ranges.addAll(recovered.lost());
        if (recovered.skipped() != null) {
          ranges.add(recovered.skipped());
        }
        opening = recovered.opening() == null ? opening : recovered.opening();
      }
    }
    return SeqRange.union(ranges);
  }

  private static @Nullable Operation decode(Entry entry) {
    try {
      return OperationCodec.decode(entry.type(), entry.body());
    } catch (UndecodableException e) {
      return null;
    }
  }

  /// True when the entry follows the one before it. Behind a loss nobody can say; its own CRC must
  /// do.
  private boolean isInPlace(Entry entry) {
    boolean behindLoss = isLost(entry.seq() - 1) || SeqRange.anyHolds(settled, entry.seq() - 1);
    return behindLoss || codec.follows(hash, entry);
  }

  private boolean isLost(long seq) {
    return !lost.isEmpty() && lost.getLast().holds(seq);
  }

  private void take(Entry entry, boolean trusted) {
    if (SeqRange.anyHolds(settled, entry.seq())) {
      remember(entry, true);
      return;
    }
    Operation operation = trusted ? decode(entry) : null;
    if (operation == null) {
      found(
          trusted ? Code.ENTRY_UNREADABLE : Code.ENTRY_OUT_OF_CHAIN,
          entry.seq(),
          trusted ? "cannot be read" : "does not follow the one before it");
      lose(entry.seq(), entry.seq(), Footprint.UNREADABLE, entry.timeMillis());
      remember(entry, true);
      return;
    }
    SessionState before = state;
    if (before == null) {
      if (operation instanceof Operation.Beginning opened) {
        state = Transition.open(opened, entry.timeMillis());
        accepted(entry);
        return;
      }
      before = begin(entry.timeMillis());
    }
    SessionState after = Transition.apply(before, operation, entry.timeMillis());
    if (!lost.isEmpty() && dependsOnLost(before, after, operation)) {
      found(Code.ENTRY_DEPENDS_ON_LOST, entry.seq(), "depends on what is lost");
      lose(entry.seq(), entry.seq(), Footprint.of(operation).component(), 0);
      remember(entry, true);
      return;
    }
    state = after;
    accepted(entry);
  }

  private void accepted(Entry entry) {
    applied++;
    salvaged += lost.isEmpty() ? 0 : 1;
    remember(entry, false);
  }

  private static boolean dependsOnLost(
      SessionState before, SessionState after, Operation operation) {
    List<Consistency.Finding> wrong = Consistency.around(before, after, operation);
    if (wrong.isEmpty()) {
      return false;
    }
    // What was wrong before is none of the operation's doing.
    var anyway = Consistency.check(before);
    return wrong.stream().anyMatch(finding -> !anyway.contains(finding));
  }

  private SessionState begin(long atMillis) {
    Operation.Opening begun = opening;
    if (begun == null) {
      begunAnew = true;
      begun = new Operation.Opening(material.tail().name(), SwarmConfiguration.DEFAULT, atMillis);
      opening = begun;
      findings.add(
          Finding.integrity(
              Code.BEGINNING_LOST,
              "session",
              material.tail().id().toString(),
              List.of(),
              "the beginning of the session is lost; it is begun anew with the default"
                  + " configuration"));
    }
    SessionState fresh =
        Transition.openAnew(
            new Operation.SessionOpened(
                material.tail().id(), begun.name(), null, begun.configuration()),
            IdBase.of(material.entries()),
            begun.atMillis());
    state = fresh;
    return fresh;
  }

  /// Seqs without an entry: known to an earlier recovery, or lost now.
  private void missing(long first, long last, long atMillis) {
    // Also when they are known to be lost: whoever wrote that down may have died before the
    // checkpoint that would say so.
    forgottenBeforeMillis = Math.max(forgottenBeforeMillis, atMillis);
    for (SeqRange part : without(settled, first, last)) {
      findings.add(
          Finding.integrity(
              Code.ENTRY_MISSING,
              "entry",
              material.tail().id().toString(),
              List.of(),
              part.count() == 1
                  ? "operation " + part.first() + " cannot be read"
                  : "operations " + part.first() + " to " + part.last() + " cannot be read"));
      lose(part.first(), part.last(), Footprint.UNREADABLE, 0);
    }
  }

  private static List<SeqRange> without(List<SeqRange> known, long first, long last) {
    var rest = new ArrayList<SeqRange>();
    long from = first;
    for (SeqRange range : known) {
      if (range.last() >= from && range.first() <= last) {
        if (range.first() > from) {
          rest.add(new SeqRange(from, range.first() - 1));
        }
        from = range.last() + 1;
      }
    }
    if (from <= last) {
      rest.add(new SeqRange(from, last));
    }
    return rest;
  }

  /// @param atMillis about when it was decided, when its operation id is not known; else 0
  private void lose(long first, long last, String component, long atMillis) {
    SeqRange.append(lost, new SeqRange(first, last));
    losses.merge(component, last - first + 1, Long::sum);
    forgottenBeforeMillis = Math.max(forgottenBeforeMillis, atMillis);
  }

  private void remember(Entry entry, boolean rolledBack) {
    var operation =
        new RememberedOperation(
            OperationKey.of(entry.principal(), entry.operationId(), sha256),
            entry.commandDigest().prefix(),
            entry.seq(),
            entry.timeMillis());
    remembered.add(rolledBack ? operation.rolledBack() : operation);
  }

  private void found(Code code, long seq, String what) {
    findings.add(
        Finding.integrity(
            code,
            "entry",
            material.tail().id().toString(),
            List.of(Long.toString(seq)),
            "operation " + seq + " " + what));
  }
}

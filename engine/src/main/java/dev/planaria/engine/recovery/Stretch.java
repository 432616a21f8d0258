package dev.planaria.engine.recovery;

import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.integrity.Finding.Code;
import dev.planaria.engine.journal.FrameWalk.Claim;
import dev.planaria.engine.state.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// A part of the journal that cannot be read, and what is known of the entries that stood there.
/// Not thread-safe.
final class Stretch {

  private final String sentence;
  private final long atMost;
  private final boolean exact;
  private final List<Claim> strangers = new ArrayList<>();
  private long unaccounted;
  private boolean givenUp;

  /// @param unaccounted how many entries are missing, as far as that is known
  /// @param atMost how many can be missing
  /// @param exact true when just so many are missing
  Stretch(String sentence, long unaccounted, long atMost, boolean exact) {
    this.sentence = sentence;
    this.unaccounted = unaccounted;
    this.atMost = atMost;
    this.exact = exact;
  }

  String sentence() {
    return sentence;
  }

  /// Some of the missing entries were those of a session that misses them.
  void account(long entries) {
    unaccounted -= entries;
  }

  /// A session has given up seqs that it may have lost here: these may be its entries as well.
  void giveUp() {
    givenUp = true;
  }

  /// A damaged entry says that it is of a session of which nothing else was seen so far.
  void stranger(Claim claim) {
    strangers.add(claim);
  }

  /// How many entries of sessions that show no gap may lie here.
  long open() {
    return Math.min(Math.max(0, unaccounted), atMost);
  }

  /// What is lost here and belongs to no session of the store: the whole of one that had nothing
  /// elsewhere.
  ///
  /// @param isKnown tells the sessions of the store
  /// @param allProven true when every one of them has shown that it lost nothing here that it does
  ///   not miss
  Optional<Finding> ownerless(Predicate<SessionId> isKnown, boolean allProven) {
    if (open() == 0) {
      return Optional.empty();
    }
    // What a damaged entry says of itself may be damaged too: a later operation is believed to be
    // a stranger's only where it can be nobody else's.
    List<Claim> lost =
        strangers.stream()
            .filter(claim -> !isKnown.test(claim.sessionId()))
            .filter(claim -> claim.seq() == 1 || allProven)
            .toList();
    if (!lost.isEmpty()) {
      return Optional.of(finding(lost.stream().map(Stretch::words).toList()));
    }
    return allProven && !givenUp ? Optional.of(finding(List.of())) : Optional.empty();
  }

  private static String words(Claim claim) {
    return "operation " + claim.seq() + " of session " + claim.sessionId();
  }

  private Finding finding(List<String> named) {
    String what =
        named.isEmpty()
            ? (exact ? Long.toString(open()) : "an unknown number of") + " operations"
            : String.join(", ", named);
    return Finding.integrity(
        Code.SESSION_LOST,
        "session",
        null,
        named,
        what
            + (named.isEmpty()
                ? " of an unknown session were lost"
                : ", as the damaged entry says, was lost")
            + ", and nothing else is left of that session: "
            + sentence);
  }
}

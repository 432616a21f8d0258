package dev.planaria.engine.integrity;

import dev.planaria.engine.state.SessionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a verification looked at and found.
///
/// @param scope what was asked for
/// @param frames read
/// @param entries read
/// @param checkpoints read and decoded
/// @param sessions what was looked at, oldest first
/// @param ofStore what is wrong and belongs to no single session
public record VerificationReport(
    Scope scope,
    long frames,
    long entries,
    long checkpoints,
    List<SessionCheck> sessions,
    List<Finding> ofStore) {

  /// Copies the lists.
  public VerificationReport {
    sessions = List.copyOf(sessions);
    ofStore = List.copyOf(ofStore);
  }

  /// What is to be looked at.
  ///
  /// @param session the only session, or null for the whole store
  /// @param deep false: what an opening and a recovery would read now, the newest frames and the
  ///   newest chain of checkpoints; true: everything, the archive and older checkpoints included,
  ///   with every session replayed from its oldest material
  public record Scope(@Nullable SessionId session, boolean deep) {

    /// Everything there is.
    public static final Scope EVERYTHING = new Scope(null, true);

    /// True when the session belongs to it.
    public boolean holds(SessionId id) {
      return session == null || session.equals(id);
    }
  }

  /// What was found of one session.
  ///
  /// @param id the session
  /// @param name its name
  /// @param seq its last operation
  /// @param replayed how many of its operations were applied
  /// @param compared how many of its checkpoints were compared with the state that the operations
  ///   before them lead to
  /// @param findings what is wrong with it
  /// @param strategy how a recovery would bring it back now, as its decision table says; null when
  ///   that cannot be told
  /// @param lost how many operations that would lose
  public record SessionCheck(
      SessionId id,
      String name,
      long seq,
      long replayed,
      long compared,
      List<Finding> findings,
      @Nullable String strategy,
      long lost) {

    /// Copies the list.
    public SessionCheck {
      findings = List.copyOf(findings);
    }
  }

  /// Everything that is wrong; empty when all is sound.
  public List<Finding> findings() {
    var all = new ArrayList<>(ofStore);
    sessions.forEach(session -> all.addAll(session.findings()));
    return List.copyOf(all);
  }

  /// The worst that was found, if anything was.
  public Optional<Severity> worst() {
    return findings().stream().map(Finding::severity).max(Comparator.naturalOrder());
  }

  /// True when nothing is wrong.
  public boolean isSound() {
    return findings().isEmpty();
  }
}

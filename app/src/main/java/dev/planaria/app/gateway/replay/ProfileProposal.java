package dev.planaria.app.gateway.replay;

import java.util.List;

/// A profile that is proposed for a server from what was seen of it ([RunStudy]): a starting point
/// that a person reads, corrects and writes into the servers file.
///
/// @param profile the proposal
/// @param reasons one for each line of it
/// @param unknowns what no run can tell, or this one did not; each a sentence
public record ProfileProposal(Profile profile, List<Reason> reasons, List<String> unknowns) {
  /// Why something stands in the proposal.
  ///
  /// @param member of the profile in which it stands
  /// @param entry what stands there
  /// @param why in words
  public record Reason(String member, String entry, String why) {}

  /// Copies the lists.
  public ProfileProposal {
    reasons = List.copyOf(reasons);
    unknowns = List.copyOf(unknowns);
  }
}

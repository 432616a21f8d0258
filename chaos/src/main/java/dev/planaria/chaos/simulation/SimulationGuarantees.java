package dev.planaria.chaos.simulation;

import dev.planaria.engine.session.EngineGuarantees;

/// What the simulated world promises around the engine, one by one, so that a test can take one
/// away and show that it would be found. Simulations use [#ALL] and nothing else.
///
/// @param engine what the engine promises
/// @param sameIdAgain a caller that repeats a command repeats its operation id
/// @param sentIsWritten a call is written down as sent before the server hears of it
/// @param brokenIsUnknown a call that may have run and must not run twice is never sent again
/// @param inOrder calls leave in the order in which they were accepted
/// @param freshTokens each lease has a token of its own
/// @param storeSyncs the store syncs what it found, when it is asked to
/// @param commitsSync a commit returns when its frame is on disk, not in a cache
/// @param fenced the store takes no write of a worker whose place another one has taken
/// @param commitsWrite a commit returns when its frame was written
public record SimulationGuarantees(
    EngineGuarantees engine,
    boolean sameIdAgain,
    boolean sentIsWritten,
    boolean brokenIsUnknown,
    boolean inOrder,
    boolean freshTokens,
    boolean storeSyncs,
    boolean commitsSync,
    boolean fenced,
    boolean commitsWrite) {

  /// Everything is promised.
  public static final SimulationGuarantees ALL =
      new SimulationGuarantees(
          EngineGuarantees.ALL, true, true, true, true, true, true, true, true, true);
}

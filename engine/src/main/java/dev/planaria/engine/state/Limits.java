package dev.planaria.engine.state;

import java.util.stream.LongStream;

/// How much one session may hold. Each default is far above what a swarm of a hundred agents needs
/// and far below what would make a checkpoint slow. Exceeding one is [Refusal.Code#LIMIT_EXCEEDED];
/// the message names the limit.
///
/// @param agents live agents in a session
/// @param tasks tasks in a session, finished ones included
/// @param dependencies of one task
/// @param memoryEntries in a session
/// @param memoryBytes of all memory values of a session together, as UTF-8 JSON
/// @param valueBytes of one memory value, result, metadata or configuration, as UTF-8 JSON
/// @param descriptionCharacters of a task's description or an error
/// @param nameCharacters of a name, a key, a namespace, a type or a capability
/// @param capabilities of one agent
/// @param connections in a session
/// @param leaseMillisMin shortest lease
/// @param leaseMillisMax longest lease
/// @param leaseMillisDefault lease when none is asked for
/// @param maxAttempts highest number of attempts that a task may ask for
/// @param maxAttemptsDefault attempts when none are asked for: one repeat for bad luck and one for
///   a crash
/// @param agentsEver agents in a session, retired ones included; they stay, since finished tasks
///   name them
/// @param ttlMillisMax longest time to live of a memory entry
/// @param valueDepth how deep a value may nest, at most 500: what is accepted must be readable
/// @param openBytes of all live agents and unfinished tasks of a session together; closing a
///   session is one operation that carries them all, and must fit in memory several times
/// @param boardBytes of all agents, tasks and connections of a session together, retired and
///   finished ones included
/// @param sweepItems how many tasks and memory entries one sweep settles; what is left is due at
///   once
/// @param carriedBytes of one operation that carries a state, as a restore and a fork do: it must
///   fit in memory several times
/// @param gaps how many separate runs of operations may be without effect after restores; each
///   restore writes them all
/// @param calls of the session's ledger of calls
public record Limits(
    int agents,
    int tasks,
    int dependencies,
    int memoryEntries,
    long memoryBytes,
    int valueBytes,
    int descriptionCharacters,
    int nameCharacters,
    int capabilities,
    int connections,
    long leaseMillisMin,
    long leaseMillisMax,
    long leaseMillisDefault,
    int maxAttempts,
    int maxAttemptsDefault,
    int agentsEver,
    long ttlMillisMax,
    int valueDepth,
    long openBytes,
    long boardBytes,
    int sweepItems,
    long carriedBytes,
    int gaps,
    CallLimits calls) {

  private static final int DEEPEST_VALUE = 500;

  /// Checks the limits themselves.
  ///
  /// @throws IllegalArgumentException when one is not positive or contradicts another
  public Limits {
    var positive =
        LongStream.of(
            agents,
            tasks,
            dependencies,
            memoryEntries,
            memoryBytes,
            valueBytes,
            descriptionCharacters,
            nameCharacters,
            capabilities,
            connections,
            leaseMillisMin,
            leaseMillisMax,
            leaseMillisDefault,
            maxAttempts,
            maxAttemptsDefault,
            agentsEver,
            ttlMillisMax,
            valueDepth,
            openBytes,
            boardBytes,
            sweepItems,
            carriedBytes,
            gaps);
    if (positive.anyMatch(limit -> limit < 1)) {
      throw new IllegalArgumentException("every limit of a session is at least 1");
    }
    if (leaseMillisDefault < leaseMillisMin || leaseMillisDefault > leaseMillisMax) {
      throw new IllegalArgumentException(
          "leaseMillisDefault must lie between leaseMillisMin and leaseMillisMax");
    }
    if (maxAttemptsDefault > maxAttempts) {
      throw new IllegalArgumentException("maxAttemptsDefault must be at most maxAttempts");
    }
    if (valueDepth > DEEPEST_VALUE) {
      throw new IllegalArgumentException("valueDepth must be at most " + DEEPEST_VALUE);
    }
  }

  /// What holds unless the operator says otherwise.
  public static final Limits DEFAULT =
      new Limits(
          1_000,
          100_000,
          100,
          100_000,
          64L << 20,
          1 << 20,
          100_000,
          256,
          100,
          1_000,
          1_000,
          86_400_000,
          300_000,
          100,
          3,
          100_000,
          31_536_000_000L,
          64,
          16L << 20,
          64L << 20,
          1_000,
          16L << 20,
          1_000,
          CallLimits.DEFAULT);
}
